from django.urls import path

from cases.views.desk import allow_list

app_name = "allow_list"
urlpatterns = [
    path("", allow_list.home, name="home"),
    path("<slug:slug>/", allow_list.entry_list, name="list"),
    path("<slug:slug>/new/", allow_list.add, name="add"),
    path("<slug:slug>/<int:pk>/", allow_list.entry, name="entry"),
    path("<slug:slug>/<int:pk>/end/", allow_list.end, name="end"),
]
