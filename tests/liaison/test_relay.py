"""The stream relay, step by step, on a real PostgreSQL and a real Redis."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Now

from alliance.lib import clock, wakeup
from alliance.lib import redis as redis_connections
from cases.background import sweeper
from cases.liaison.delivery import lease, numbering, sweep, wake
from cases.liaison.delivery.stream import append, relay
from cases.liaison.models import Channel, Delivery, Referral
from cases.services.channels import setup
from tests import factories
from tests.concurrency import run_concurrently
from tests.liaison.updates import assert_whole, change, read_stream, stream_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def referral() -> Referral:
    """A referred case with ten further waiting updates."""
    made = factories.referred_case()
    moderator = factories.moderator()
    for _ in range(10):
        change(made.case, moderator)
    wakeup.BACKGROUND.flush()
    return made


def woken() -> int:
    """Return the number of queued tasks for streams, after all wake-ups were sent."""
    wakeup.BACKGROUND.flush()
    return int(redis_connections.shared().llen("stream"))


def test_everything_due_arrives_once_and_in_order(referral: Referral) -> None:
    channel = stream_of(referral)
    assert relay.drain(channel.pk) == 11
    assert_whole(channel)
    assert relay.drain(channel.pk) == 0
    assert_whole(channel)


def test_many_cases_through_one_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "BATCH", 3)
    agency = factories.agency()
    moderator = factories.moderator()
    referrals = [factories.referred_case(agency) for _ in range(4)]
    for _ in range(5):
        for made in referrals:
            change(made.case, moderator)
    relay.drain(stream_of(referrals[0]).pk)
    assert_whole(stream_of(referrals[0]))


def test_a_row_that_commits_late_is_found(referral: Referral) -> None:
    """Ids are assigned before the commit, so a cursor over ids would skip this row."""
    channel = stream_of(referral)
    other = factories.referred_case(referral.agency)
    moderator = factories.moderator()
    holding, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            change(other.case, moderator)
            holding.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    holding.wait(10)
    change(referral.case, moderator)
    assert relay.drain(channel.pk) == 13, "an open transaction blocks nothing"
    go_on.set()
    thread.join()
    relay.drain(channel.pk)
    assert_whole(channel)


def test_two_workers_of_one_channel_send_once(referral: Referral) -> None:
    channel = stream_of(referral)
    run_concurrently(*[partial(relay.drain, channel.pk)] * 4)
    relay.drain(channel.pk)
    assert_whole(channel)


def test_a_leased_channel_is_skipped_until_the_lease_expires(referral: Referral) -> None:
    channel = stream_of(referral)
    assert lease.acquire(channel.pk) is not None
    assert relay.drain(channel.pk) == 0
    Channel.objects.filter(pk=channel.pk).update(lease_until=Now() - timedelta(seconds=1))
    assert relay.drain(channel.pk) == 11


def test_a_lease_locks_no_other_row(referral: Referral) -> None:
    """A lock on the agency's row would block changes of cases."""
    channel = stream_of(referral)
    with transaction.atomic():
        lease.acquire(channel.pk)

        def lock_agency() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM liaison_agency WHERE id = %s FOR UPDATE NOWAIT",
                    [channel.agency_id],
                )
                locked.append(True)
            connections.close_all()

        locked: list[bool] = []
        thread = threading.Thread(target=lock_agency)
        thread.start()
        thread.join()
    assert locked == [True]


def test_a_zombie_cannot_append_again(referral: Referral) -> None:
    """A zombie has a batch that others sent long ago. The stream refuses every entry of it."""
    channel = stream_of(referral)
    numbering.assign_numbers(channel.pk)
    batch = [
        append.Entry(seq, json.dumps(body))
        for seq, body in Delivery.objects.filter(channel=channel)
        .order_by("seq")
        .values_list("seq", "update__payload")
    ]
    relay.drain(channel.pk)
    assert append.append(channel.stream_key, batch[:5]) == 11
    assert_whole(channel)


def test_a_gap_is_never_appended(referral: Referral) -> None:
    channel = stream_of(referral)
    assert append.append(channel.stream_key, [append.Entry(3, "{}")]) == 0
    assert read_stream(channel) == []


@pytest.mark.parametrize("kept", [0, 1, 7])
def test_a_stream_that_lost_its_tail_is_refilled_in_order(referral: Referral, kept: int) -> None:
    channel = stream_of(referral)
    relay.drain(channel.pk)
    entries = redis_connections.liaison().xrange(channel.stream_key)
    redis_connections.liaison().delete(channel.stream_key)
    for identifier, fields in entries[:kept]:
        redis_connections.liaison().xadd(channel.stream_key, fields, id=identifier)
    assert sweep.probe() == [channel.pk]
    assert list(sweep.due_channels()) == [channel.pk]
    relay.drain(channel.pk)
    assert_whole(channel)


def test_the_relay_notices_the_loss_with_the_next_update(referral: Referral) -> None:
    channel = stream_of(referral)
    relay.drain(channel.pk)
    redis_connections.liaison().delete(channel.stream_key)
    change(referral.case, factories.moderator())
    relay.drain(channel.pk)
    assert_whole(channel)


def test_trimmed_entries_are_not_appended_again(referral: Referral) -> None:
    channel = stream_of(referral)
    relay.drain(channel.pk)
    redis_connections.liaison().xtrim(channel.stream_key, maxlen=2, approximate=False)
    assert sweep.probe() == []
    relay.drain(channel.pk)
    assert [seq for seq, _ in read_stream(channel)] == [10, 11]


def test_an_unreachable_redis_causes_a_backoff_and_no_loss(
    referral: Referral, settings: Any
) -> None:
    channel = stream_of(referral)
    good, settings.LIAISON_REDIS_URL = settings.LIAISON_REDIS_URL, "redis://127.0.0.1:1/0"
    assert relay.drain(channel.pk) == 0
    channel.refresh_from_db()
    assert channel.failures == 1
    assert "Error" in channel.last_error
    assert sweep.due_channels() == {}
    settings.LIAISON_REDIS_URL = good
    Channel.objects.filter(pk=channel.pk).update(next_attempt_at=Now())
    assert list(sweep.due_channels()) == [channel.pk]
    relay.drain(channel.pk)
    assert_whole(channel)
    assert channel.failures == 0


def test_a_stream_ahead_of_the_database_is_an_error(referral: Referral) -> None:
    """After a restore from an older backup, continuing would skip the updates that reuse its numbers."""
    channel = stream_of(referral)
    redis_connections.liaison().xadd(channel.stream_key, {"update": "{}"}, id="500-0")
    assert relay.drain(channel.pk) == 0
    channel.refresh_from_db()
    assert "500" in channel.last_error
    assert Delivery.objects.filter(channel=channel, sent_at=None).count() == 11


def test_an_idle_stream_that_is_ahead_is_noticed(referral: Referral) -> None:
    channel = stream_of(referral)
    relay.drain(channel.pk)
    assert sweep.probe() == []
    channel.refresh_from_db()
    assert (channel.failures, channel.last_error) == (0, "")
    redis_connections.liaison().xadd(channel.stream_key, {"update": "{}"}, id="12-0")
    assert sweep.probe() == []
    channel.refresh_from_db()
    assert "the stream is at 12, the channel only at 11" in channel.last_error
    assert channel.next_attempt_at > clock.now()


def test_a_stream_with_reused_numbers_is_an_error(referral: Referral) -> None:
    """Workers were started late after a restore, when other updates had the old numbers."""
    channel = stream_of(referral)
    for n in range(1, 6):
        entry = {"update": json.dumps({"id": f"of before, {n}"})}
        redis_connections.liaison().xadd(channel.stream_key, entry, id=f"{n}-0")
    assert relay.drain(channel.pk) == 0
    channel.refresh_from_db()
    assert "another update under the number 1" in channel.last_error
    assert Delivery.objects.filter(channel=channel, sent_at=None).count() == 11
    assert len(read_stream(channel)) == 5


def test_a_new_stream_is_filled_with_all_updates(referral: Referral) -> None:
    """The operator's remedy. With a new channel instead, waiting updates would be lost."""
    channel = stream_of(referral)
    relay.drain(channel.pk)
    redis_connections.liaison().xadd(channel.stream_key, {"update": "{}"}, id="12-0")
    change(referral.case, factories.moderator())
    assert relay.drain(channel.pk) == 0
    former = channel.stream_key
    channel = setup.start_new_stream(channel=channel, by=factories.admin())
    assert channel.stream_key != former
    left = redis_connections.liaison().ttl(former)
    assert 29 * 86_400 < left <= 30 * 86_400
    relay.drain(channel.pk)
    assert_whole(channel)
    assert len(read_stream(channel)) == 12
    assert redis_connections.liaison().ttl(channel.stream_key) == -1


def test_the_sweep_wakes_channels_whose_wake_up_was_lost(referral: Referral) -> None:
    channel = stream_of(referral)
    redis_connections.shared().flushdb()
    assert sweep.sweep() == [channel.pk]
    assert woken() == 1


def test_the_sweep_wakes_a_channel_whose_task_was_lost(referral: Referral) -> None:
    """The flag of the lost task must not keep the sweep from sending another."""
    channel = stream_of(referral)
    redis_connections.shared().delete("stream")
    assert wakeup.is_set(wake.flag(channel.pk))
    for _ in range(3):
        assert sweep.sweep() == [channel.pk]
    assert woken() == 1


def test_wake_ups_are_coalesced_until_the_task_clears_the_flag(referral: Referral) -> None:
    channel = stream_of(referral)
    redis_connections.shared().flushdb()
    for _ in range(5):
        wake.wake(channel.pk)
    assert woken() == 1
    wake.clear(channel.pk)
    wake.wake(channel.pk)
    assert woken() == 2


def test_only_one_worker_sweeps_at_a_time(referral: Referral) -> None:
    results: list[bool] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sweeper.LOCK])

        def run() -> None:
            results.append(sweeper.sweep_if_leader())
            connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    assert results == [False]
    assert sweeper.sweep_if_leader()
