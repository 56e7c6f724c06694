"""The operator's pages of channels: beneath /triage/channels/, in the names of triage."""

from django.urls import path

from cases.views import channel_actions, channel_list, channels

urlpatterns = [
    path("", channel_list.channel_list, name="channels"),
    path("<int:number>/", channels.channel, name="channel"),
    path("<int:number>/pause/", channel_actions.pause, name="channel_pause"),
    path("<int:number>/resume/", channel_actions.resume, name="channel_resume"),
    path("<int:number>/send-again/", channel_actions.send_again, name="channel_send_again"),
    path(
        "<int:number>/send-one-again/",
        channel_actions.send_one_again,
        name="channel_send_one_again",
    ),
    path(
        "<int:number>/send-all-again/",
        channel_actions.send_all_again,
        name="channel_send_all_again",
    ),
    path(
        "<int:number>/stop-sending-again/",
        channel_actions.stop_sending_again,
        name="channel_stop_sending_again",
    ),
    path("<int:number>/replay/", channel_actions.replay, name="channel_replay"),
    path("<int:number>/test/", channel_actions.test, name="channel_test"),
    path("<int:number>/tests/<uuid:test>/", channels.test_result, name="channel_test_result"),
]
