"""Resending one update, selected updates and all dead letters; replays from a number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client

from cases.liaison.delivery import resend
from cases.liaison.models import Channel, ChannelEvent, Delivery, Resend
from cases.services.channels import operating
from members.models import User
from tests import factories
from tests.cases.channels.pages import URL, address, messages_of, part, text

pytestmark = pytest.mark.django_db


def test_one_dead_letter_is_resent(desk: Client, channel: Channel) -> None:
    first, second = Delivery.objects.filter(channel=channel).dead().order_by("seq")
    done = desk.post(
        address("channel_send_again", channel), {"one": first.pk, "delivery": [second.pk]}
    )
    assert done.status_code == 302
    assert messages_of(done) == ["1 update is due again."]
    assert list(Delivery.objects.filter(channel=channel).dead()) == [second]
    assert ChannelEvent.objects.get(kind="sent_again").data == {"numbers": [first.seq]}
    assert f"numbers {first.seq}" in text(desk.get(address("channel", channel, show="acts")))


def test_waiting_update_is_retried_at_once(desk: Client, channel: Channel) -> None:
    """Once the receiver is repaired, an operator need not wait for the next retry."""
    first = Delivery.objects.filter(channel=channel).dead().earliest("seq")
    in_two_hours = Now() + timedelta(hours=2)
    Delivery.objects.filter(pk=first.pk).update(
        dead_at=None, dead_reason="", attempts=9, next_attempt_at=in_two_hours
    )
    assert (
        f"Try number {first.seq} now"
        in desk.get(address("channel", channel, show="failures")).content.decode()
    )
    done = desk.post(address("channel_send_one_again", channel), {"delivery": first.pk})
    assert messages_of(done) == [f"Number {first.seq} is due again."]
    assert done["location"].endswith("?show=failures")
    assert list(Delivery.objects.filter(channel=channel).due()) == [first]
    assert ChannelEvent.objects.get(kind="sent_again").data["seq"] == first.seq


def test_delivered_update_can_be_resent(desk: Client, channel: Channel) -> None:
    first = Delivery.objects.filter(channel=channel).dead().earliest("seq")
    Delivery.objects.filter(pk=first.pk).update(sent_at=Now(), dead_at=None, dead_reason="")
    page = text(desk.get(address("channel", channel, show="failures")))
    assert "has arrived since" in page
    desk.post(address("channel_send_one_again", channel), {"delivery": first.pk})
    assert Delivery.objects.get(pk=first.pk).sent_at is None


@pytest.mark.parametrize("chosen", ["", "x", "0"])
def test_update_of_another_channel_is_not_found(
    desk: Client, channel: Channel, chosen: str
) -> None:
    other, _ = factories.webhook(URL)
    factories.referred_case(other.agency)
    theirs = Delivery.objects.get(channel=other)
    for value in (chosen, theirs.pk):
        refused = desk.post(address("channel_send_one_again", channel), {"delivery": value})
        assert refused.status_code == 404


def test_selected_updates_are_resent_only_on_their_channel(desk: Client, channel: Channel) -> None:
    other, _ = factories.webhook(URL)
    factories.referred_case(other.agency)
    Delivery.objects.filter(channel=other).update(dead_at=Now(), dead_reason="x")
    chosen = list(Delivery.objects.dead().values_list("pk", flat=True))
    assert len(chosen) == 3
    done = desk.post(address("channel_send_again", channel), {"delivery": [*chosen, "x", "9" * 30]})
    assert messages_of(done) == ["2 updates are due again."]
    assert Delivery.objects.dead().get().channel == other
    again = desk.post(address("channel_send_again", channel), {"delivery": chosen})
    assert messages_of(again)[-1:] == ["Nothing was left to send again: somebody was faster."]


def test_empty_selection_is_refused(desk: Client, channel: Channel) -> None:
    refused = desk.post(address("channel_send_again", channel), {})
    assert refused.status_code == 422
    assert "Choose at least one update" in text(refused)
    assert Delivery.objects.filter(channel=channel).dead().count() == 2


def test_all_dead_letters_are_resent(desk: Client, channel: Channel) -> None:
    assert messages_of(desk.post(address("channel_send_all_again", channel))) == [
        "2 updates are due again."
    ]
    assert not Delivery.objects.dead().exists()
    stream = factories.channel()
    refused = desk.post(address("channel_send_all_again", stream))
    assert refused.status_code == 422
    assert "Redis stream" in text(refused)


def test_replay_previews_the_number_of_updates(desk: Client, channel: Channel) -> None:
    Delivery.objects.filter(channel=channel).update(sent_at=Now(), dead_at=None, dead_reason="")
    page = text(desk.get(address("channel_replay", channel, from_seq=2)))
    assert "3 updates would be sent again: everything from number 2 on." in page
    assert not Delivery.objects.filter(sent_at=None).exists(), "a preview sends nothing"
    done = desk.post(address("channel_replay", channel), {"from_seq": 2})
    assert messages_of(done) == ["3 updates are due again."]
    waiting = Delivery.objects.filter(sent_at=None).order_by("seq")
    assert list(waiting.values_list("seq", flat=True)) == [2, 3, 4]


def test_replay_of_a_range(desk: Client, channel: Channel) -> None:
    Delivery.objects.filter(channel=channel).update(sent_at=Now(), dead_at=None, dead_reason="")
    numbers = {"from_seq": 2, "to_seq": 3}
    page = desk.get(address("channel_replay", channel, **numbers))
    assert "2 updates would be sent again: numbers 2 to 3." in text(page)
    assert 'name="to_seq" value="3"' in page.content.decode()
    assert messages_of(desk.post(address("channel_replay", channel), numbers)) == [
        "2 updates are due again."
    ]
    waiting = Delivery.objects.filter(sent_at=None).order_by("seq")
    assert list(waiting.values_list("seq", flat=True)) == [2, 3]
    assert "numbers 2 to 3, updates: 2" in text(desk.get(address("channel", channel, show="acts")))
    one = desk.post(address("channel_replay", channel), {"from_seq": 4, "to_seq": 99})
    assert messages_of(one)[-1:] == ["1 update is due again."]
    refused = desk.post(address("channel_replay", channel), {"from_seq": 3, "to_seq": 2})
    assert refused.status_code == 422
    assert "The last number comes before the first one." in text(refused)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("5", "the last one is 4"), ("0", "a whole number from 1 on"), ("two", "whole number")],
)
def test_invalid_replay_is_refused_and_keeps_input(
    desk: Client, channel: Channel, typed: str, words: str
) -> None:
    for page in (
        desk.get(address("channel_replay", channel, from_seq=typed)),
        desk.post(address("channel_replay", channel), {"from_seq": typed}),
    ):
        assert page.status_code == 422
        assert words in text(page)
        assert f'value="{typed}"' in text(page)
        assert "Send them again" not in text(page)
    assert not ChannelEvent.objects.filter(kind="replayed").exists()


def test_stream_cannot_be_replayed(desk: Client) -> None:
    stream = factories.channel(numbered_seq=3)
    refused = desk.post(address("channel_replay", stream), {"from_seq": "1"})
    assert refused.status_code == 422
    assert "Redis stream" in text(refused)


# --- In batches ------------------------------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resend, "SLICE", 1)


def test_progress_is_shown_until_shortly_after_the_end(
    desk: Client, channel: Channel, small_batches: None
) -> None:
    done = desk.post(address("channel_replay", channel), {"from_seq": 2})
    assert messages_of(done) == [
        "Updates due again: 1. The others follow: see below how far it is."
    ]
    page = text(part(desk, address("channel", channel), "channel-live"))
    assert "Sending again from number 2: 1 of 3 are due again." in page
    assert '<progress class="resend-bar" aria-labelledby="resend-words" max="3" value="1">' in page
    assert "Asked for on" in page
    assert "by Mo Moderator" in page
    while resend.run_open_order(channel.pk):
        pass
    page = text(desk.get(address("channel", channel)))
    assert "updates due again: 3." in page
    assert "<progress" not in page
    Resend.objects.update(finished_at=Now() - timedelta(minutes=16))
    assert "updates due again" not in text(desk.get(address("channel", channel)))


def test_halted_resend_shows_the_reason(
    desk: Client, channel: Channel, moderator: User, small_batches: None
) -> None:
    desk.post(address("channel_send_all_again", channel))
    assert "Other updates go on meanwhile." in text(desk.get(address("channel", channel)))
    Channel.objects.filter(pk=channel.pk).update(failures=7)
    assert "goes on with the next try" in text(desk.get(address("channel", channel)))
    operating.pause(channel=channel, by=moderator, reason="x")
    assert "goes on when it is resumed" in text(desk.get(address("channel", channel)))


def test_resend_can_be_stopped(desk: Client, channel: Channel, small_batches: None) -> None:
    desk.post(address("channel_replay", channel), {"from_seq": 1})
    assert "Stop sending again?" in text(desk.get(address("channel", channel)))
    refused = desk.post(address("channel_replay", channel), {"from_seq": 2})
    assert refused.status_code == 409
    assert "being sent again already" in text(refused)
    done = desk.post(address("channel_stop_sending_again", channel))
    assert done.status_code == 302
    page = text(desk.get(address("channel", channel)))
    assert "Sending again was stopped on" in page
    assert "due again by then: 1" in text(desk.get(address("channel", channel, show="acts")))
    again = desk.post(address("channel_stop_sending_again", channel))
    assert again.status_code == 409
    assert "nothing left to stop" in text(again)
