from django.urls import path

from members.views import authorisations, people

app_name = "people"
urlpatterns = [
    path("", people.home, name="home"),
    path("<slug:slug>/", people.list_people, name="list"),
    path("<slug:slug>/invite/", people.invite, name="invite"),
    path("<slug:slug>/invitations/<int:pk>/resend/", people.resend, name="resend"),
    path("<slug:slug>/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("<slug:slug>/<int:pk>/role/", people.change_role, name="role"),
    path("<slug:slug>/<int:pk>/remove/", people.remove, name="remove"),
    path("<slug:slug>/<int:pk>/authorisation/", authorisations.authorisation, name="authorisation"),
    path("<slug:slug>/<int:pk>/authorisation/end/", authorisations.end, name="end"),
]
