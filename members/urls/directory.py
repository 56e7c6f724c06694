from django.urls import path

from members.views import directory, entry

app_name = "members"
urlpatterns = [
    path("", directory.directory, name="directory"),
    path("directory.csv", directory.directory_csv, name="directory_csv"),
    path("<slug:slug>/", directory.detail, name="detail"),
    path("<slug:slug>/edit/", entry.edit, name="edit"),
]
