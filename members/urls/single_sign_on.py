# Without a namespace: allauth refers to some of the names.
from django.urls import path

from members.views import single_sign_on as views

urlpatterns = [
    path("", views.enter, name="single_sign_on"),
    path("continue/", views.leave, name="single_sign_on_leave"),
    path("start/", views.start, name="single_sign_on_start"),
    path("<slug:key>/callback/", views.callback, name="openid_connect_callback"),
    path("<slug:key>/metadata/", views.metadata, name="saml_metadata"),
    path("<slug:key>/acs/", views.acs, name="saml_acs"),
    path("<slug:key>/acs/<str:token>/", views.acs_finish, name="saml_acs_finish"),
]
