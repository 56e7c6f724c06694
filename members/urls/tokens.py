from django.urls import path

from members.views import access_tokens

app_name = "tokens"
urlpatterns = [
    path("", access_tokens.home, name="home"),
    path("<slug:slug>/", access_tokens.list_tokens, name="list"),
    path("<slug:slug>/<int:pk>/revoke/", access_tokens.revoke, name="revoke"),
]
