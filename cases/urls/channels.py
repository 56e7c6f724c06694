"""The channel pages for operators, under /triage/channels/ in the namespace ``triage``."""

from django.urls import path

from cases.views.channels import actions, channel_list, page

urlpatterns = [
    path("", channel_list.channel_list, name="channels"),
    path("<int:number>/", page.channel, name="channel"),
    path("<int:number>/pause/", actions.pause, name="channel_pause"),
    path("<int:number>/resume/", actions.resume, name="channel_resume"),
    path("<int:number>/send-again/", actions.resend_selected, name="channel_send_again"),
    path(
        "<int:number>/send-one-again/",
        actions.resend_one,
        name="channel_send_one_again",
    ),
    path(
        "<int:number>/send-all-again/",
        actions.resend_all,
        name="channel_send_all_again",
    ),
    path(
        "<int:number>/stop-sending-again/",
        actions.stop_resend,
        name="channel_stop_sending_again",
    ),
    path("<int:number>/replay/", actions.replay, name="channel_replay"),
    path("<int:number>/test/", actions.test, name="channel_test"),
    path("<int:number>/tests/<uuid:test>/", page.test_result, name="channel_test_result"),
]
