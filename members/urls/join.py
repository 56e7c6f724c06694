from django.urls import path

from members.views import join

app_name = "join"
urlpatterns = [
    path("", join.start, name="start"),
    path("sent/", join.sent, name="sent"),
    path("link/<str:key>/", join.link, name="link"),
    path("application/", join.status, name="status"),
    path("application/check/", join.check, name="check"),
    path("application/answer/", join.answer, name="answer"),
    path("application/close/", join.close, name="close"),
    path("application/withdraw/", join.withdraw, name="withdraw"),
    path("application/<slug:section>/", join.section, name="section"),
]
