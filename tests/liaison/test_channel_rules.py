"""Rules of delivery: when a delivery becomes a dead letter, intervals of probes, and workers that lost their lease."""

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


# --- Dead letters ----------------------------------------------------------------------------


def refused_until_the_breaker_opens(line: Line) -> None:
    for _ in range(BREAKER_TRIPS_AT + 2):
        line.drain()
    assert line.channel.breaker == Channel.Breaker.OPEN


def a_day_later(line: Line) -> None:
    """Move the recorded times back, because the database's clock cannot be set."""
    Delivery.objects.filter(channel=line.channel).exclude(refused_since=None).update(
        refused_since=Now() - A_DAY
    )
    line.drain()


def test_a_case_refused_alone_is_dead_after_a_day(
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
    assert not Delivery.objects.dead().exists(), "not before a day has passed"
    a_day_later(line)
    dead = Delivery.objects.dead().get()
    assert (dead.seq, dead.dead_reason) == (1, "HTTP 500")
    assert dead.attempts < recording.DEAD_AFTER_ATTEMPTS
    assert line.channel.breaker == Channel.Breaker.CLOSED, "nothing counts against the receiver"
    assert sweep.due_channels() == {}, "its second update waits behind it"
    receiver.answer = None
    other = factories.referred_case(line.channel.agency)
    assert sending.drain(line.channel.pk) == 1
    assert receiver.calls[-1].data["referral"]["reference"] == other.reference


def test_other_waiting_cases_keep_the_breaker_open(receiver: Receiver) -> None:
    """All are refused, which looks like an outage: they are probed one at a time."""
    receiver.answer = status(500)
    line = Line(receiver.url, cases=2)
    refused_until_the_breaker_opens(line)
    a_day_later(line)
    assert Delivery.objects.dead().count() == 1
    assert line.channel.breaker == Channel.Breaker.OPEN


@pytest.mark.parametrize("answer", [status(503), status(429), reset])
def test_a_long_outage_makes_no_dead_letters(receiver: Receiver, answer: Any) -> None:
    receiver.answer = answer
    line = Line(receiver.url)
    refused_until_the_breaker_opens(line)
    assert line.first.refused_since is None
    Delivery.objects.update(refused_since=Now() - 3 * A_DAY)
    line.drain()
    assert not Delivery.objects.dead().exists()


@pytest.mark.parametrize("answer", [status(429), status(503), reset])
def test_a_partial_outage_makes_no_dead_letters(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    """The receiver times out for one case and accepts others, so the breaker never opens and attempts count."""
    monkeypatch.setattr(recording, "DEAD_AFTER_ATTEMPTS", 3)
    line = Line(receiver.url, cases=2)
    held = line.referrals[0].reference
    receiver.decide = lambda call: (
        answer if call.data["referral"]["reference"] == held else status(200)
    )
    for _ in range(6):
        line.change(line.referrals[1])
        line.drain()
    first = Delivery.objects.get(update__referral=line.referrals[0], seq=1)
    assert first.attempts > recording.DEAD_AFTER_ATTEMPTS
    assert not Delivery.objects.dead().exists()
    receiver.decide = lambda call: status(
        500 if call.data["referral"]["reference"] == held else 200
    )
    line.change(line.referrals[1])
    line.drain()
    assert not Delivery.objects.dead().exists(), "this is its first refusal"
    line.change(line.referrals[1])
    line.drain()
    assert Delivery.objects.dead().get().seq == 1


def test_a_first_refusal_after_a_long_outage_makes_no_dead_letter(receiver: Receiver) -> None:
    receiver.answer = reset
    line = Line(receiver.url)
    refused_until_the_breaker_opens(line)
    Attempt.objects.update(at=Now() - 3 * A_DAY)
    receiver.answer = status(500)
    line.drain()
    assert not Delivery.objects.dead().exists()


def test_a_resent_update_has_another_day(receiver: Receiver) -> None:
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


def test_pauses_between_probes_grow_with_the_outage() -> None:
    away = Outcome(Verdict.UNAVAILABLE, error="connect_failed")
    lasted = 0.0
    for failures in range(BREAKER_TRIPS_AT, BREAKER_TRIPS_AT + 200):
        pause = recording._channel_backoff(Channel(failures=failures), away)
        assert pause <= 1.2 * min(
            recording.FIRST_PROBE_SECONDS + 0.5 * lasted, recording.MAX_PROBE_SECONDS
        )
        lasted += pause
    assert pause >= 0.8 * recording.MAX_PROBE_SECONDS


def test_backoff_has_jitter(receiver: Receiver) -> None:
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


# --- Workers that lost their lease -----------------------------------------------------------


class Frozen:
    """A worker that freezes at a point of its turn until it is thawed."""

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
def test_a_worker_without_its_lease_sends_nothing_more(
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
    # Its turn is over. A new turn has its own lease.
    assert {call.data["referral"]["reference"] for call in receiver.calls[before:]} <= {
        late.reference
    }
    assert list(Delivery.objects.exclude(update__referral=late).order_by("pk").values()) == rows
    assert receiver.sequences()[line.referrals[0].reference] == [1, 2, 3, 4, 5]


def test_a_late_failure_is_recorded_as_an_attempt_only(receiver: Receiver, freeze: Freeze) -> None:
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


def test_a_late_failure_does_not_count_for_a_resent_update(
    receiver: Receiver, freeze: Freeze
) -> None:
    receiver.answer = status(422)
    line = Line(receiver.url)
    line.drain()
    Delivery.objects.update(attempts=recording.DEAD_AFTER_ATTEMPTS - 1, next_attempt_at=Now())
    frozen = freeze(line, "answered")
    resending.resend_one(delivery=line.first, by=line.moderator)
    receiver.answer = None
    frozen.thaw()
    sending.drain(line.channel.pk)
    assert line.first.dead_at is None
    assert line.first.sent_at is not None


def test_concurrent_410s_pause_the_channel_once(receiver: Receiver) -> None:
    gate = threading.Barrier(3)

    def decide(_call: Call) -> Any:
        return lambda handler: (gate.wait(10), status(410)(handler))

    receiver.decide = decide
    line = Line(receiver.url, cases=3)
    sending.drain(line.channel.pk)
    assert len(receiver.calls) == 3
    assert ChannelEvent.objects.filter(kind="paused").count() == 1
