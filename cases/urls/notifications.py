from django.urls import path

from cases.views.desk import notifications

app_name = "notifications"
urlpatterns = [
    path("", notifications.show, name="list"),
    path("read/", notifications.read_all, name="read_all"),
    path("<int:pk>/", notifications.follow, name="follow"),
    path("<int:pk>/read/", notifications.read, name="read"),
    path("notices/<int:pk>/", notifications.follow_notice, name="follow_notice"),
    path("notices/<int:pk>/read/", notifications.read_notice, name="read_notice"),
]
