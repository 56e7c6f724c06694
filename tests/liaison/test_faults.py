"""Fault tests with real workers, killed or frozen at every step of the relay, and a real Redis, restarted empty."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from django.core import mail

from alliance.lib import redis as connections
from alliance.lib import wakeup
from cases.liaison.delivery import crash_points, wake
from cases.liaison.models import Referral
from cases.models import OutgoingMail
from tests import factories
from tests.liaison.updates import assert_whole, change, is_whole, read_stream, stream_of
from tests.processes import RedisServer, start_worker, wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


def referred_with_updates(count: int = 5) -> Referral:
    """A referred case with ``count`` updates after the offer, all committed."""
    referral = factories.referred_case()
    moderator = factories.moderator()
    for _ in range(count):
        change(referral.case, moderator)
    return referral


def test_a_worker_delivers_committed_updates(tmp_path: Path) -> None:
    with worker(tmp_path / "worker.log"):
        referral = referred_with_updates()
        wait_for(lambda: is_whole(stream_of(referral)), what="the stream to be whole")
    assert_whole(stream_of(referral))


@pytest.mark.parametrize("point", crash_points.POINTS)
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    """The first worker freezes at the point and is then killed."""
    marker = tmp_path / "reached"
    first = start_worker(
        tmp_path / "first.log",
        LIAISON_FAULT_AT=point,
        LIAISON_FAULT_ONCE=str(marker),
        LIAISON_FAULT_SIGNAL="SIGSTOP",
    )
    try:
        referral = referred_with_updates()
        wait_for(marker.exists, seconds=40, what=f"the worker to reach {point}")
    finally:
        first.kill()
    if point in ("appended", "recorded"):
        assert read_stream(stream_of(referral)), "the worker should die after appending"
    with worker(tmp_path / "second.log"):
        change(referral.case, factories.moderator())
        wait_for(lambda: is_whole(stream_of(referral)), seconds=30, what="the stream to be whole")
    assert_whole(stream_of(referral))


def test_a_pool_process_killed_between_append_and_record(tmp_path: Path) -> None:
    """Only the child dies. Its worker starts a new one."""
    with worker(
        tmp_path / "worker.log",
        LIAISON_FAULT_AT="appended",
        LIAISON_FAULT_ONCE=str(tmp_path / "reached"),
    ):
        referral = referred_with_updates()
        wait_for((tmp_path / "reached").exists, what="the child to die")
        wait_for(lambda: is_whole(stream_of(referral)), seconds=30, what="the stream to be whole")
    assert_whole(stream_of(referral))


def test_a_zombie_after_its_lease_does_no_harm(tmp_path: Path) -> None:
    marker = tmp_path / "reached"
    zombie = start_worker(
        tmp_path / "zombie.log",
        LIAISON_FAULT_AT="before_append",
        LIAISON_FAULT_ONCE=str(marker),
        LIAISON_FAULT_SIGNAL="SIGSTOP",
    )
    try:
        referral = referred_with_updates()
        wait_for(marker.exists, seconds=40, what="the worker to freeze")
        with worker(tmp_path / "worker.log"):
            wait_for(lambda: is_whole(stream_of(referral)), seconds=30, what="another to do it")
            os.killpg(zombie.popen.pid, signal.SIGCONT)
            change(referral.case, factories.moderator())
            wait_for(lambda: is_whole(stream_of(referral)), seconds=30, what="both to be done")
    finally:
        zombie.stop()
    assert_whole(stream_of(referral))


def test_a_worker_frozen_in_a_transaction_blocks_for_a_bounded_time(tmp_path: Path) -> None:
    """It has locked the channel's row, which others skip, until PostgreSQL ends its session."""
    marker = tmp_path / "reached"
    frozen = start_worker(
        tmp_path / "frozen.log",
        LIAISON_FAULT_AT="numbered",
        LIAISON_FAULT_ONCE=str(marker),
        LIAISON_FAULT_SIGNAL="SIGSTOP",
        DATABASE_IDLE_IN_TRANSACTION_SECONDS="2",
    )
    try:
        referral = referred_with_updates()
        wait_for(marker.exists, seconds=40, what="the worker to freeze")
        with worker(tmp_path / "worker.log"):
            wait_for(lambda: is_whole(stream_of(referral)), seconds=30, what="another to do it")
    finally:
        frozen.stop()
    assert_whole(stream_of(referral))


def test_a_redis_restarted_empty_is_refilled(tmp_path: Path, own_redis: RedisServer) -> None:
    with worker(tmp_path / "worker.log"):
        referral = referred_with_updates()
        channel = stream_of(referral)
        wait_for(lambda: is_whole(channel), what="the first delivery")
        first = read_stream(channel)
        own_redis.stop(wipe=True)
        change(referral.case, factories.moderator())
        own_redis.start()
        connections._client.cache_clear()
        wait_for(lambda: is_whole(channel), seconds=30, what="the stream to be filled again")
    assert read_stream(channel)[: len(first)] == first


def test_an_empty_redis_is_noticed_without_an_update(
    tmp_path: Path, own_redis: RedisServer
) -> None:
    with worker(tmp_path / "worker.log"):
        referral = referred_with_updates()
        channel = stream_of(referral)
        wait_for(lambda: is_whole(channel), what="the first delivery")
        own_redis.stop(wipe=True)
        own_redis.start()
        connections._client.cache_clear()
        wait_for(lambda: is_whole(channel), seconds=30, what="the probe to notice the loss")


def test_the_sweep_repeats_a_lost_wake_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.liaison.outbox.wake", lambda *_: None)
    with worker(tmp_path / "worker.log"):
        referral = referred_with_updates()
        assert not wakeup.is_set(wake.flag(stream_of(referral).pk))
        wait_for(lambda: is_whole(stream_of(referral)), what="the sweep to find it")


def test_a_wiped_broker_delays_by_seconds_only(tmp_path: Path) -> None:
    with worker(tmp_path / "worker.log"):
        referral = referred_with_updates()
        connections.shared().flushdb()
        change(referral.case, factories.moderator())
        connections.shared().flushdb()
        wait_for(lambda: is_whole(stream_of(referral)), what="the sweep to find it")


def test_queued_mail_is_sent_by_a_worker(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    with worker(tmp_path / "worker.log", EMAIL_URL=f"filemail:///{folder}"):
        factories.submitted_case()
        assert OutgoingMail.objects.count() == 1
        wait_for(
            lambda: OutgoingMail.objects.filter(sent_at__isnull=False).exists(),
            what="the mail to be sent",
        )
    text = next(folder.iterdir()).read_text()
    assert OutgoingMail.objects.get().case.reference in text
    assert mail.outbox == []
