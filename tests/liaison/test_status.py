"""The status of channels: counts, thresholds, states, and a constant number of queries."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib import clock, counts
from cases.liaison.delivery import lease, numbering, rates
from cases.liaison.delivery.pull import reading
from cases.liaison.delivery.push import recording
from cases.liaison.delivery.push.outcome import Job, Outcome, Verdict
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, ChannelEvent, ChannelMinute, Delivery, Referral
from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import ChannelState, ChannelStatus
from cases.services.channels import operating, resending, setup
from tests import factories
from tests.liaison.updates import change, stream_of

pytestmark = pytest.mark.django_db(transaction=True)
HOUR_AGO = timedelta(hours=1)


def of(channel: Channel) -> ChannelStatus:
    (found,) = status.statuses(Channel.objects.filter(pk=channel.pk))
    return found


@pytest.fixture
def referral() -> Referral:
    """A case referred an hour ago. Nothing has been sent yet."""
    with clock.at(timezone.now() - HOUR_AGO):
        return factories.referred_case()


@pytest.fixture
def channel(referral: Referral) -> Channel:
    return stream_of(referral)


def test_an_empty_channel_is_normal() -> None:
    found = of(factories.channel())
    assert (found.state, found.backlog, found.dead, found.oldest_at) == (
        ChannelState.OK,
        0,
        0,
        None,
    )
    assert found.oldest_age == timedelta()
    with pytest.raises(AttributeError):
        found.backlog = 1  # type: ignore[misc]


def test_a_wait_beyond_the_threshold_is_behind(channel: Channel) -> None:
    found = of(channel)
    assert (found.state, found.is_behind, found.backlog) == (ChannelState.BEHIND, True, 1)
    assert found.oldest_age > timedelta(minutes=59)
    Channel.objects.update(alert_after_minutes=61)
    assert of(channel).state == ChannelState.OK
    relay.drain(channel.pk)
    assert (of(channel).backlog, of(channel).oldest_at) == (0, None)


def test_the_oldest_is_found_among_numbered_and_unnumbered(
    referral: Referral, channel: Channel
) -> None:
    oldest = of(channel).oldest_at
    numbering.assign_numbers(channel.pk)
    change(referral.case, factories.moderator())
    assert (of(channel).oldest_at, of(channel).backlog) == (oldest, 2)


def test_a_backlog_beyond_the_threshold_is_behind(referral: Referral, channel: Channel) -> None:
    Channel.objects.update(alert_after_minutes=120, alert_backlog=2)
    assert of(channel).state == ChannelState.OK
    change(referral.case, factories.moderator())
    assert of(channel).state == ChannelState.BEHIND


def test_counts_stop_at_the_cap(
    referral: Referral, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "CAP", 2)
    for _ in range(3):
        change(referral.case, factories.moderator())
    Delivery.objects.update(dead_at=Now(), dead_reason="HTTP 500")
    found = of(channel)
    assert (found.backlog, found.backlog_is_capped) == (2, True)
    assert (found.dead, found.dead_is_capped) == (2, True)
    # A threshold above the cap still works.
    Channel.objects.update(alert_after_minutes=120, alert_backlog=4)
    assert of(channel).is_behind
    Channel.objects.update(alert_backlog=5)
    assert not of(channel).is_behind


def test_each_state_in_order_of_urgency(channel: Channel) -> None:
    def state(**fields: Any) -> ChannelState:
        Channel.objects.filter(pk=channel.pk).update(**fields)
        return of(channel).state

    assert state() == ChannelState.BEHIND
    assert state(failures=5) == ChannelState.HALF_OPEN
    assert state(next_attempt_at=Now() + HOUR_AGO) == ChannelState.OPEN
    assert state(paused_at=Now(), pause_reason="HTTP 410") == ChannelState.PAUSED
    assert state(is_active=False) == ChannelState.INACTIVE
    assert not of(channel).is_behind
    ranks = [status.URGENCY[state] for state in ChannelState]
    assert ranks == sorted(ranks), "the choices and the lists have the same order"
    assert all(str(s.label) for s in ChannelState)


def test_resuming_does_not_shorten_the_wait(channel: Channel) -> None:
    admin = factories.admin()
    operating.pause(channel=channel, by=admin, reason="Maintenance")
    operating.resume(channel=channel, by=admin)
    found = of(channel)
    assert (found.state, found.backlog) == (ChannelState.BEHIND, 1)
    assert found.oldest_age > timedelta(minutes=59)
    assert ChannelEvent.objects.filter(channel=channel).count() == 2


@pytest.fixture
def webhook(referral: Referral) -> Channel:
    """Five updates, created an hour ago: 1 to 3 were sent, 4 is a dead letter, 5 waits."""
    channel, _secret = factories.webhook("https://liaison.example/in", referral.agency)
    with clock.at(timezone.now() - HOUR_AGO):
        for _ in range(5):
            change(referral.case, factories.moderator())
    numbering.assign_numbers(channel.pk)
    rows = Delivery.objects.filter(channel=channel)
    rows.filter(seq__lte=3).update(sent_at=Now() - HOUR_AGO)
    rows.filter(seq=4).update(dead_at=Now(), dead_reason="HTTP 500")
    return channel


def test_resending_keeps_the_wait_of_undelivered_updates(webhook: Channel) -> None:
    admin = factories.admin()
    operating.pause(channel=webhook, by=admin, reason="HTTP 500")
    before = of(webhook)
    assert before.is_behind
    resending.replay(channel=webhook, by=admin, from_seq=1)
    after = of(webhook)
    assert (after.backlog, after.oldest_at, after.is_behind) == (5, before.oldest_at, True)
    resending.resend_one(delivery=Delivery.objects.get(channel=webhook, seq=4), by=admin)
    assert of(webhook).oldest_at == before.oldest_at


def test_a_resent_delivered_update_waits_since_the_resend(webhook: Channel) -> None:
    admin = factories.admin()
    rows = Delivery.objects.filter(channel=webhook)
    rows.filter(seq__gte=4).update(sent_at=Now(), dead_at=None, dead_reason="")
    resending.replay(channel=webhook, by=admin, from_seq=1, to_seq=2)
    found = of(webhook)
    assert (found.state, found.backlog) == (ChannelState.OK, 2)
    assert found.oldest_age < timedelta(minutes=1)
    # A resent update is behind like any other, and another resend does not reset its wait.
    rows.filter(seq__lte=2).update(due_again_at=Now() - timedelta(minutes=20))
    resending.replay(channel=webhook, by=admin, from_seq=1, to_seq=3)
    assert of(webhook).state == ChannelState.BEHIND
    rows.update(sent_at=Now())
    assert of(webhook).oldest_at is None


def test_a_lost_tail_counts_as_waiting(channel: Channel) -> None:
    relay.drain(channel.pk)
    relay.rewind(channel.pk, to=0)
    assert of(channel).backlog == 1


def test_a_pull_channel_waits_until_fetched() -> None:
    admin = factories.admin()
    channel, _token = setup.create(
        agency=factories.agency(channels=0), by=admin, kind="pull", name="System"
    )
    factories.referred_case(channel.agency)
    assert of(channel).backlog == 1
    reading.read(channel.pk, after=0)
    found = of(channel)
    assert (found.backlog, found.sent_last_hour) == (0, 1)
    reading.read(channel.pk, after=0)
    assert of(channel).sent_last_hour == 1


def test_number_of_queries_is_constant(channel: Channel) -> None:
    with CaptureQueriesContext(connection) as few:
        assert len(status.statuses()) == 1
    for _ in range(4):
        factories.referred_case()
    with CaptureQueriesContext(connection) as many:
        found = status.statuses()
        assert len({str(one.channel.agency) for one in found}) == 5
        assert [one.channel for one in found] == list(Channel.objects.all())
    assert len(few) == 2
    assert len(many) == 2 + 1  # the last line above
    assert status.statuses(Channel.objects.none()) == []


# --- Rates -----------------------------------------------------------------------------------


def minutes(channel: Channel) -> list[tuple[int, int]]:
    return [(r.sent, r.failed) for r in status.rates([channel.pk], minutes=60)[channel.pk]]


def test_the_relay_counts_new_deliveries_once(referral: Referral, channel: Channel) -> None:
    change(referral.case, factories.moderator())
    relay.drain(channel.pk)
    relay.drain(channel.pk)
    relay.rewind(channel.pk, to=0)
    relay.drain(channel.pk)
    assert of(channel).sent_last_hour == 2
    assert sum(sent for sent, _ in minutes(channel)) == 2


def test_an_unreachable_redis_counts_as_failed(channel: Channel, settings: Any) -> None:
    settings.LIAISON_REDIS_URL = "redis://127.0.0.1:1/0"
    relay.drain(channel.pk)
    assert (of(channel).sent_last_hour, of(channel).failed_last_hour) == (0, 1)


def test_an_attempt_counts_once(referral: Referral) -> None:
    channel, _secret = factories.webhook("https://liaison.example/in", referral.agency)
    change(referral.case, factories.moderator())
    token = lease.acquire(channel.pk)
    assert token
    numbering.assign_numbers(channel.pk)
    row = Delivery.objects.get(channel=channel)
    update = row.update
    job = Job(row.pk, 1, 0, referral.pk, update.pk, update.kind, update.created_at, update.payload)
    recording.record(channel.pk, token, job, Outcome(Verdict.UNAVAILABLE, error="timeout"))
    recording.record(channel.pk, token, job, Outcome(Verdict.SENT, status=200))
    # A late worker with the same outcome.
    recording.record(channel.pk, token, job, Outcome(Verdict.SENT, status=200))
    assert minutes(channel)[-1] in ((1, 1), (0, 0))
    assert (of(channel).sent_last_hour, of(channel).failed_last_hour) == (1, 1)


def test_rates_are_complete_and_in_order(channel: Channel) -> None:
    other = factories.channel()
    rates.count(channel.pk, sent=3)
    rates.count(channel.pk, sent=4, failed=1)
    rates.count(channel.pk)
    found = status.rates([channel.pk, other.pk], minutes=5)
    assert set(found) == {channel.pk, other.pk}
    assert all(len(row) == 5 for row in found.values())
    assert sum(r.sent for r in found[channel.pk]) == 7
    assert sum(r.failed for r in found[channel.pk]) == 1
    assert not any(r.sent for r in found[other.pk])
    starts = [r.minute for r in found[other.pk]]
    assert [b - a for a, b in itertools.pairwise(starts)] == [timedelta(minutes=1)] * 4
    assert status.rates([]) == {}


def test_concurrent_counts_do_not_deadlock(channel: Channel) -> None:
    ids = [channel.pk, factories.channel().pk]
    errors: list[Exception] = []

    def work(order: list[int]) -> None:
        try:
            for _ in range(25):
                for pk in order:
                    with transaction.atomic():
                        Channel.objects.filter(pk=pk).update(last_success_at=Now())
                        rates.count(pk, sent=1)
        except Exception as error:  # noqa: BLE001  (shown below)
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(ids[:: 1 - 2 * (n % 2)],)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not errors
    found = status.rates(ids)
    assert [sum(r.sent for r in found[pk]) for pk in ids] == [150, 150]


def test_a_week_is_kept(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    for days in (0, 6, 8, 9, 10):
        ChannelMinute.objects.create(channel=channel, minute=now - timedelta(days=days), sent=1)
    monkeypatch.setattr(rates, "SWEPT_AT_ONCE", 2)
    assert [rates.forget_old() for _ in range(3)] == [2, 1, 0]
    assert ChannelMinute.objects.count() == 2
    assert counts.CAP == status.CAP
