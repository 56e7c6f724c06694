from django.urls import path

from members.views import rights

app_name = "rights"
urlpatterns = [
    path("", rights.home, name="home"),
    path("<slug:slug>/", rights.right_list, name="list"),
    path("<slug:slug>/new/", rights.register, name="register"),
    path("<slug:slug>/<int:pk>/", rights.detail, name="detail"),
    path("<slug:slug>/<int:pk>/change/", rights.change, name="change"),
]
