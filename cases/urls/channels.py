"""The channel pages for operators, under /triage/channels/ in the namespace ``triage``."""

from django.urls import path

from cases.views.channels import actions, channel_list, page

urlpatterns = [
    path("", channel_list.channel_list, name="channels"),
    path("<int:number>/", page.channel, name="channel"),
    path("<int:number>/pause/", actions.pause, name="channel_pause"),
    path("<int:number>/resume/", actions.resume, name="channel_resume"),
    path("<int:number>/resend-selected/", actions.resend_selected, name="channel_resend_selected"),
    path(
        "<int:number>/resend-one/",
        actions.resend_one,
        name="channel_resend_one",
    ),
    path(
        "<int:number>/resend-dead-letters/",
        actions.resend_dead_letters,
        name="channel_resend_dead_letters",
    ),
    path(
        "<int:number>/stop-resend/",
        actions.stop_resend,
        name="channel_stop_resend",
    ),
    path("<int:number>/replay/", actions.replay, name="channel_replay"),
    path("<int:number>/test/", actions.test, name="channel_test"),
    path("<int:number>/tests/<uuid:test>/", page.test_result, name="channel_test_result"),
]
