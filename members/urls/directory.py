from django.urls import path

from members.views import directory

app_name = "members"
urlpatterns = [
    path("", directory.directory, name="directory"),
    path("<slug:slug>/", directory.detail, name="detail"),
]
