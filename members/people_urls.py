from django.urls import path

from members import people_views

app_name = "people"
urlpatterns = [
    path("", people_views.home, name="home"),
    path("<slug:slug>/", people_views.list_people, name="list"),
    path("<slug:slug>/invite/", people_views.invite, name="invite"),
    path("<slug:slug>/invitations/<int:pk>/resend/", people_views.resend, name="resend"),
    path("<slug:slug>/invitations/<int:pk>/withdraw/", people_views.withdraw, name="withdraw"),
    path("<slug:slug>/<int:pk>/role/", people_views.change_role, name="role"),
    path("<slug:slug>/<int:pk>/remove/", people_views.remove, name="remove"),
]
