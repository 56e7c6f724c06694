from django.urls import path

from cases.views.webhooks import actions, pages

app_name = "webhooks"
urlpatterns = [
    path("<slug:slug>/", pages.list_webhooks, name="list"),
    path("<slug:slug>/<int:pk>/", pages.webhook, name="detail"),
    path("<slug:slug>/<int:pk>/change/", actions.change, name="change"),
    path("<slug:slug>/<int:pk>/switch/", actions.switch, name="switch"),
    path("<slug:slug>/<int:pk>/rotate/", actions.rotate, name="rotate"),
    path("<slug:slug>/<int:pk>/delete/", actions.delete, name="delete"),
    path("<slug:slug>/<int:pk>/test/", actions.test, name="test"),
    path("<slug:slug>/<int:pk>/tests/<uuid:test>/", pages.test_result, name="test_result"),
    path("<slug:slug>/<int:pk>/resend/", actions.resend_one, name="resend"),
    path("<slug:slug>/<int:pk>/resend-dead/", actions.resend_dead_letters, name="resend_dead"),
    path("<slug:slug>/<int:pk>/replay/", actions.replay, name="replay"),
    path("<slug:slug>/<int:pk>/stop-resend/", actions.stop_resend, name="stop_resend"),
]
