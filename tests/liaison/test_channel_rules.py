"""The rules of a lane: who is parked and when, how probes slow down, what a worker does that comes too late."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models.functions import Now

from cases.liaison.delivery import sweep
from cases.liaison.delivery.push import recording, sending
from cases.liaison.delivery.push.outcome import Outcome, Verdict
from cases.liaison.models import Attempt, Channel, ChannelEvent, Delivery
from cases.liaison.models.channel import BREAKER_TRIPS_AT
from cases.services.channels import resending
from tests import factories
from tests.liaison.line import Line
from tests.liaison.receiver import Call, Receiver, reset, status

pytestmark = pytest.mark.django_db(transaction=True)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _private_addresses(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


# --- Alone in its lane -----------------------------------------------------------------------


def refused_until_the_breaker_opens(line: Line) -> None:
    for _ in range(BREAKER_TRIPS_AT + 2):
        line.drain()
    assert line.channel.breaker == Channel.Breaker.OPEN


def a_day_later(line: Line) -> None:
    """The clock of the database cannot be set: what it wrote is."""
    Delivery.objects.filter(channel=line.channel).exclude(refused_since=None).update(
        refused_since=Now() - A_DAY
    )
    line.drain()


def test_a_case_that_is_refused_alone_in_its_lane_is_parked_after_a_day(
    receiver: Receiver,
) -> None:
    receiver.answer = status(500)
    line = Line(receiver.url, changes=1)
    refused_until_the_breaker_opens(line)
    assert not Delivery.objects.dead().exists()
    Delivery.objects.filter(channel=line.channel, refused_since__isnull=False).update(
        refused_since=Now() - A_DAY + timedelta(minutes=5)
    )
    line.drain()
    assert not Delivery.objects.dead().exists(), "not before the day is over"
    a_day_later(line)
    dead = Delivery.objects.dead().get()
    assert (dead.seq, dead.dead_reason) == (1, "HTTP 500")
    assert dead.attempts < recording.GIVE_UP_AFTER
    assert line.channel.breaker == Channel.Breaker.CLOSED, "nothing speaks against the other side"
    assert sweep.due_channels() == {}, "its second update waits behind it"
    receiver.answer = None
    other = factories.referred_case(line.channel.agency)
    assert sending.drain(line.channel.pk) == 1
    assert receiver.calls[-1].data["referral"]["reference"] == other.reference


def test_others_that_wait_keep_the_breaker_open_when_one_is_parked(receiver: Receiver) -> None:
    """All are refused: that looks like an outage, and they go on being probed one at a time."""
    receiver.answer = status(500)
    line = Line(receiver.url, cases=2)
    refused_until_the_breaker_opens(line)
    a_day_later(line)
    assert Delivery.objects.dead().count() == 1
    assert line.channel.breaker == Channel.Breaker.OPEN


@pytest.mark.parametrize("answer", [status(503), status(429), reset])
def test_an_outage_parks_nobody_however_long_it_lasts(receiver: Receiver, answer: Any) -> None:
    receiver.answer = answer
    line = Line(receiver.url)
    refused_until_the_breaker_opens(line)
    assert line.first.refused_since is None
    Delivery.objects.update(refused_since=Now() - 3 * A_DAY)
    line.drain()
    assert not Delivery.objects.dead().exists()


@pytest.mark.parametrize("answer", [status(429), status(503), reset])
def test_nor_does_one_that_only_some_cases_meet(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    """A receiver that is slow with one case takes the others: the breaker never opens, and tries cost."""
    monkeypatch.setattr(recording, "GIVE_UP_AFTER", 3)
    line = Line(receiver.url, cases=2)
    held = line.referrals[0].reference
    receiver.decide = lambda call: (
        answer if call.data["referral"]["reference"] == held else status(200)
    )
    for _ in range(6):
        line.change(line.referrals[1])
        line.drain()
    first = Delivery.objects.get(update__referral=line.referrals[0], seq=1)
    assert first.attempts > recording.GIVE_UP_AFTER
    assert not Delivery.objects.dead().exists()
    receiver.decide = lambda call: status(
        500 if call.data["referral"]["reference"] == held else 200
    )
    line.change(line.referrals[1])
    line.drain()
    assert not Delivery.objects.dead().exists(), "this is the first time that it was refused"
    line.change(line.referrals[1])
    line.drain()
    assert Delivery.objects.dead().get().seq == 1


def test_a_first_refusal_after_a_long_outage_parks_nobody(receiver: Receiver) -> None:
    receiver.answer = reset
    line = Line(receiver.url)
    refused_until_the_breaker_opens(line)
    Attempt.objects.update(at=Now() - 3 * A_DAY)
    receiver.answer = status(500)
    line.drain()
    assert not Delivery.objects.dead().exists()


def test_what_is_sent_again_has_another_day(receiver: Receiver) -> None:
    receiver.answer = status(500)
    line = Line(receiver.url)
    refused_until_the_breaker_opens(line)
    a_day_later(line)
    resending.resend_dead_letters(channel=line.channel, by=line.moderator)
    assert line.first.refused_since is None
    refused_until_the_breaker_opens(line)
    assert not Delivery.objects.dead().exists()
    receiver.answer = None
    line.drain()
    assert line.first.sent_at is not None
    assert line.first.refused_since is None


def test_a_pause_between_probes_is_a_part_of_what_the_outage_has_lasted() -> None:
    away = Outcome(Verdict.UNWELL, error="connect_failed")
    lasted = 0.0
    for failures in range(BREAKER_TRIPS_AT, BREAKER_TRIPS_AT + 200):
        pause = recording._channel_backoff(failures, away)
        assert pause <= 1.2 * min(
            recording.FIRST_PROBE_SECONDS + 0.5 * lasted, recording.PROBE_AT_MOST_SECONDS
        )
        lasted += pause
    assert pause >= 0.8 * recording.PROBE_AT_MOST_SECONDS


def test_waits_are_spread_so_that_cases_do_not_come_back_all_at_once(receiver: Receiver) -> None:
    receiver.answer = status(422)
    line = Line(receiver.url, cases=8)
    sending.drain(line.channel.pk)
    tried = Attempt.objects.in_bulk(field_name="id").values()
    waits = [
        (Delivery.objects.get(pk=one.delivery_id).next_attempt_at - one.at).total_seconds()
        for one in tried
    ]
    first = recording.FIRST_RETRY_SECONDS
    assert all(0.8 * first <= wait <= 1.2 * first + 1 for wait in waits)
    assert max(waits) - min(waits) > 0.02 * first


# --- Workers that come too late --------------------------------------------------------------


class Frozen:
    """A worker that stands still at a point of its turn until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, line: Line, point: str) -> None:
        self.stands, self.goes_on = threading.Event(), threading.Event()
        monkeypatch.setattr(sending, "CHECK_LEASE_AFTER_SECONDS", 0)
        monkeypatch.setattr(sending, "reached", self._reached)
        self.point = point
        self.thread = threading.Thread(target=self._work, args=(line.channel.pk,))
        self.thread.start()
        assert self.stands.wait(20)

    def thaw(self) -> None:
        self.goes_on.set()
        self.thread.join(20)
        assert not self.thread.is_alive()

    def _work(self, channel_id: int) -> None:
        sending.drain(channel_id)
        connections.close_all()

    def _reached(self, point: str) -> None:
        if threading.current_thread() is self.thread and point == self.point:
            self.point = ""
            self.stands.set()
            self.goes_on.wait(20)


Freeze = Callable[[Line, str], Frozen]


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch) -> Freeze:
    return lambda line, point: Frozen(monkeypatch, line, point)


@pytest.mark.parametrize("point", ["lease_acquired", "answered", "noted"])
def test_a_worker_that_lost_the_lane_sends_nothing_more(
    receiver: Receiver, freeze: Freeze, point: str
) -> None:
    line = Line(receiver.url, cases=1, changes=4)
    frozen = freeze(line, point)
    Channel.objects.update(lease_until=Now() - timedelta(seconds=1))
    sending.drain(line.channel.pk)
    assert line.waiting() == 0
    before = len(receiver.calls)
    rows = list(Delivery.objects.order_by("pk").values())
    late = factories.referred_case(line.channel.agency)
    frozen.thaw()
    # Its turn is over; a new one, with a lease of its own, is as good as any other's.
    assert {call.data["referral"]["reference"] for call in receiver.calls[before:]} <= {
        late.reference
    }
    assert list(Delivery.objects.exclude(update__referral=late).order_by("pk").values()) == rows
    assert receiver.sequences()[line.referrals[0].reference] == [1, 2, 3, 4, 5]


def test_a_late_failure_is_written_down_and_changes_nothing(
    receiver: Receiver, freeze: Freeze
) -> None:
    receiver.answer = status(500)
    line = Line(receiver.url)
    frozen = freeze(line, "answered")
    Channel.objects.update(lease_until=Now() - timedelta(seconds=1))
    receiver.answer = status(422)
    sending.drain(line.channel.pk)
    row, channel = Delivery.objects.values().get(), Channel.objects.values().get()
    frozen.thaw()
    assert Delivery.objects.values().get() == row
    assert Channel.objects.values().get() == channel
    assert sorted(Attempt.objects.values_list("status", flat=True)) == [422, 500]


def test_a_late_answer_does_not_use_up_what_an_operator_sends_again(
    receiver: Receiver, freeze: Freeze
) -> None:
    receiver.answer = status(422)
    line = Line(receiver.url)
    line.drain()
    Delivery.objects.update(attempts=recording.GIVE_UP_AFTER - 1, next_attempt_at=Now())
    frozen = freeze(line, "answered")
    resending.resend_one(delivery=line.first, by=line.moderator)
    receiver.answer = None
    frozen.thaw()
    sending.drain(line.channel.pk)
    assert line.first.dead_at is None
    assert line.first.sent_at is not None


def test_a_pause_is_one_event_however_many_say_that_nobody_is_there(receiver: Receiver) -> None:
    gate = threading.Barrier(3)

    def decide(_call: Call) -> Any:
        return lambda handler: (gate.wait(10), status(410)(handler))

    receiver.decide = decide
    line = Line(receiver.url, cases=3)
    sending.drain(line.channel.pk)
    assert len(receiver.calls) == 3
    assert ChannelEvent.objects.filter(kind="paused").count() == 1
