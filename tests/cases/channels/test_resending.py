"""Resending: one update, selected ones, all dead letters, and a replay from a number."""

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


def test_resend_one_dead_letter(desk: Client, channel: Channel) -> None:
    first, second = Delivery.objects.filter(channel=channel).dead().order_by("seq")
    done = desk.post(
        address("channel_resend_selected", channel), {"one": first.pk, "delivery": [second.pk]}
    )
    assert done.status_code == 302
    assert messages_of(done) == ["1 update is queued for resending."]
    assert list(Delivery.objects.filter(channel=channel).dead()) == [second]
    assert ChannelEvent.objects.get(kind="resent").data == {"numbers": [first.seq]}
    assert f"numbers {first.seq}" in text(desk.get(address("channel", channel, show="activity")))


def test_retry_now(desk: Client, channel: Channel) -> None:
    """An operator need not wait two hours for the retry after the receiver was repaired."""
    first = Delivery.objects.filter(channel=channel).dead().earliest("seq")
    in_two_hours = Now() + timedelta(hours=2)
    Delivery.objects.filter(pk=first.pk).update(
        dead_at=None, dead_reason="", attempts=9, next_attempt_at=in_two_hours
    )
    assert (
        f"Retry update {first.seq} now"
        in desk.get(address("channel", channel, show="failures")).content.decode()
    )
    done = desk.post(address("channel_resend_one", channel), {"delivery": first.pk})
    assert messages_of(done) == [f"Update {first.seq} is queued for resending."]
    assert done["location"].endswith("?show=failures")
    assert list(Delivery.objects.filter(channel=channel).due("referral")) == [first]
    assert ChannelEvent.objects.get(kind="resent").data["seq"] == first.seq


def test_resend_a_delivered_update(desk: Client, channel: Channel) -> None:
    first = Delivery.objects.filter(channel=channel).dead().earliest("seq")
    Delivery.objects.filter(pk=first.pk).update(sent_at=Now(), dead_at=None, dead_reason="")
    page = text(desk.get(address("channel", channel, show="failures")))
    assert "delivered since" in page
    desk.post(address("channel_resend_one", channel), {"delivery": first.pk})
    assert Delivery.objects.get(pk=first.pk).sent_at is None


@pytest.mark.parametrize("chosen", ["", "x", "0"])
def test_update_of_another_channel_is_not_found(
    desk: Client, channel: Channel, chosen: str
) -> None:
    other, _ = factories.webhook(URL)
    factories.referred_case(other.agency)
    theirs = Delivery.objects.get(channel=other)
    for value in (chosen, theirs.pk):
        refused = desk.post(address("channel_resend_one", channel), {"delivery": value})
        assert refused.status_code == 404


def test_resend_selected_of_this_channel_only(desk: Client, channel: Channel) -> None:
    other, _ = factories.webhook(URL)
    factories.referred_case(other.agency)
    Delivery.objects.filter(channel=other).update(dead_at=Now(), dead_reason="x")
    chosen = list(Delivery.objects.dead().values_list("pk", flat=True))
    assert len(chosen) == 3
    done = desk.post(
        address("channel_resend_selected", channel), {"delivery": [*chosen, "x", "9" * 30]}
    )
    assert messages_of(done) == ["2 updates are queued for resending."]
    assert Delivery.objects.dead().get().channel == other
    again = desk.post(address("channel_resend_selected", channel), {"delivery": chosen})
    assert messages_of(again)[-1:] == [
        "No updates were resent. Someone else may have resent them already."
    ]


def test_nothing_selected_is_refused(desk: Client, channel: Channel) -> None:
    refused = desk.post(address("channel_resend_selected", channel), {})
    assert refused.status_code == 422
    assert "Select at least one update" in text(refused)
    assert Delivery.objects.filter(channel=channel).dead().count() == 2


def test_resend_all_dead_letters(desk: Client, channel: Channel) -> None:
    assert messages_of(desk.post(address("channel_resend_dead_letters", channel))) == [
        "2 updates are queued for resending."
    ]
    assert not Delivery.objects.dead().exists()
    stream = factories.channel()
    refused = desk.post(address("channel_resend_dead_letters", stream))
    assert refused.status_code == 422
    assert "Redis stream" in text(refused)


def test_replay_shows_a_preview_first(desk: Client, channel: Channel) -> None:
    Delivery.objects.filter(channel=channel).update(sent_at=Now(), dead_at=None, dead_reason="")
    page = text(desk.get(address("channel_replay", channel, from_seq=2)))
    assert "3 updates will be resent: all from number 2." in page
    assert not Delivery.objects.filter(sent_at=None).exists(), "the preview sends nothing"
    done = desk.post(address("channel_replay", channel), {"from_seq": 2})
    assert messages_of(done) == ["3 updates are queued for resending."]
    waiting = Delivery.objects.filter(sent_at=None).order_by("seq")
    assert list(waiting.values_list("seq", flat=True)) == [2, 3, 4]


def test_replay_up_to_a_number(desk: Client, channel: Channel) -> None:
    Delivery.objects.filter(channel=channel).update(sent_at=Now(), dead_at=None, dead_reason="")
    asked = {"from_seq": 2, "to_seq": 3}
    page = desk.get(address("channel_replay", channel, **asked))
    assert "2 updates will be resent: numbers 2 to 3." in text(page)
    assert 'name="to_seq" value="3"' in page.content.decode()
    assert messages_of(desk.post(address("channel_replay", channel), asked)) == [
        "2 updates are queued for resending."
    ]
    waiting = Delivery.objects.filter(sent_at=None).order_by("seq")
    assert list(waiting.values_list("seq", flat=True)) == [2, 3]
    assert "numbers 2 to 3, updates: 2" in text(
        desk.get(address("channel", channel, show="activity"))
    )
    one = desk.post(address("channel_replay", channel), {"from_seq": 4, "to_seq": 99})
    assert messages_of(one)[-1:] == ["1 update is queued for resending."]
    refused = desk.post(address("channel_replay", channel), {"from_seq": 3, "to_seq": 2})
    assert refused.status_code == 422
    assert "The last number is lower than the first one." in text(refused)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("5", "The last one is 4"),
        ("1,250", "The last one is 4"),
        ("1.250", "a whole number, 1 or higher"),
        ("0", "a whole number, 1 or higher"),
        ("two", "whole number"),
    ],
)
def test_invalid_replay_keeps_the_input(
    desk: Client, channel: Channel, typed: str, words: str
) -> None:
    for page in (
        desk.get(address("channel_replay", channel, from_seq=typed)),
        desk.post(address("channel_replay", channel), {"from_seq": typed}),
    ):
        assert page.status_code == 422
        assert words in text(page)
        assert f'value="{typed}"' in text(page)
        assert "Replay updates" not in text(page)
    assert not ChannelEvent.objects.filter(kind="replayed").exists()


def test_a_stream_cannot_be_replayed(desk: Client) -> None:
    stream = factories.channel(numbered_seq=3)
    refused = desk.post(address("channel_replay", stream), {"from_seq": "1"})
    assert refused.status_code == 422
    assert "Redis stream" in text(refused)


# --- Slice by slice --------------------------------------------------------------------------


@pytest.fixture
def slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resend, "SLICE", 1)


def test_progress_of_a_replay(desk: Client, channel: Channel, slices: None) -> None:
    done = desk.post(address("channel_replay", channel), {"from_seq": 2})
    assert messages_of(done) == [
        "Updates queued for resending: 1. The others follow; see the progress below."
    ]
    page = text(part(desk, address("channel", channel), "channel-live"))
    assert "Replaying from number 2: 1 of 3 updates queued." in page
    assert '<progress class="resend-bar" aria-labelledby="resend-words" max="3" value="1">' in page
    assert "Requested on" in page
    assert "by Mo Moderator" in page
    while resend.run_open_order(channel.pk):
        pass
    page = text(desk.get(address("channel", channel)))
    assert "all updates queued on" in page
    assert "<progress" not in page
    Resend.objects.update(finished_at=Now() - timedelta(minutes=16))
    assert "all updates queued on" not in text(desk.get(address("channel", channel)))


def test_a_waiting_resend_shows_the_reason(
    desk: Client, channel: Channel, moderator: User, slices: None
) -> None:
    desk.post(address("channel_resend_dead_letters", channel))
    assert "Other updates are sent meanwhile." in text(desk.get(address("channel", channel)))
    Channel.objects.filter(pk=channel.pk).update(failures=7)
    assert "continues with the next attempt" in text(desk.get(address("channel", channel)))
    operating.pause(channel=channel, by=moderator, reason="x")
    assert "continues when it is resumed" in text(desk.get(address("channel", channel)))


def test_stop_a_resend(desk: Client, channel: Channel, slices: None) -> None:
    desk.post(address("channel_replay", channel), {"from_seq": 1})
    assert "Stop the resend?" in text(desk.get(address("channel", channel)))
    refused = desk.post(address("channel_replay", channel), {"from_seq": 2})
    assert refused.status_code == 409
    assert "already in progress" in text(refused)
    done = desk.post(address("channel_stop_resend", channel))
    assert done.status_code == 302
    page = text(desk.get(address("channel", channel)))
    assert "The resend was stopped on" in page
    assert "queued before the stop: 1" in text(
        desk.get(address("channel", channel, show="activity"))
    )
    again = desk.post(address("channel_stop_resend", channel))
    assert again.status_code == 409
    assert "Nothing to stop" in text(again)
