"""Trimming of streams, on a real PostgreSQL and a real Redis."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from alliance.lib import redis as connections
from cases.liaison import tasks
from cases.liaison.delivery import sweep
from cases.liaison.delivery.stream import append, relay, trim
from cases.liaison.models import Channel, Delivery, Referral
from tests import factories
from tests.liaison.updates import assert_whole, change, read_stream, stream_of
from tests.processes import RedisServer

pytestmark = pytest.mark.django_db(transaction=True)

GROUP, OTHER = "case-system", "archive"


@pytest.fixture
def referral() -> Referral:
    """A referral with six updates in its agency's stream, sent 31 days ago."""
    made = factories.referred_case()
    add(made, 5)
    age(stream_of(made))
    return made


@pytest.fixture
def channel(referral: Referral) -> Channel:
    return stream_of(referral)


def add(referral: Referral, count: int) -> None:
    """Append ``count`` further updates to the stream."""
    moderator = factories.moderator()
    for _ in range(count):
        change(referral.case, moderator)
    relay.drain(stream_of(referral).pk)


def age(channel: Channel, days: int = 31) -> None:
    """Let the deliveries of the channel have been sent ``days`` ago."""
    sent_at = Now() - timedelta(days=days)
    Delivery.objects.filter(channel=channel).update(sent_at=sent_at)


def read(channel: Channel, count: int, *, group: str = GROUP, ack: bool = True) -> list[bytes]:
    """Read the next ``count`` entries as a consumer group does, and acknowledge them."""
    client, key = connections.liaison(), channel.stream_key
    if group not in {found["name"].decode() for found in client.xinfo_groups(key)}:
        client.xgroup_create(key, group, id="0-0")
    answer = client.xreadgroup(group, "worker", {key: ">"}, count=count)
    ids = [entry_id for _key, entries in answer for entry_id, _fields in entries]
    if ack and ids:
        client.xack(key, group, *ids)
    return ids


def sequences(channel: Channel) -> list[int]:
    return [seq for seq, _ in read_stream(channel)]


def test_old_acknowledged_entries_are_deleted(channel: Channel) -> None:
    read(channel, 4)
    tasks.trim_streams()
    assert sequences(channel) == [4, 5, 6], "the last acknowledged number is kept"


def test_a_second_run_deletes_nothing(channel: Channel) -> None:
    read(channel, 4)
    assert trim.trim_all() == 3
    assert trim.trim_all() == 0
    assert sequences(channel) == [4, 5, 6]


def test_pending_entries_are_kept(channel: Channel) -> None:
    client = connections.liaison()
    ids = read(channel, 5, ack=False)
    client.xack(channel.stream_key, GROUP, *(one for one in ids if one != b"3-0"))
    assert trim.trim_all() == 2
    assert sequences(channel) == [3, 4, 5, 6]


def test_the_slowest_group_decides(channel: Channel) -> None:
    read(channel, 6)
    read(channel, 2, group=OTHER)
    assert trim.trim_all() == 1
    assert sequences(channel) == [2, 3, 4, 5, 6]


def test_a_group_that_has_read_nothing_keeps_everything(channel: Channel) -> None:
    read(channel, 6)
    connections.liaison().xgroup_create(channel.stream_key, OTHER, id="0-0")
    assert trim.trim_all() == 0


def test_a_group_that_was_set_back_keeps_what_it_will_read_again(channel: Channel) -> None:
    read(channel, 6)
    connections.liaison().xgroup_setid(channel.stream_key, GROUP, "2-0")
    assert trim.trim_all() == 1
    assert sequences(channel)[0] == 2


def test_a_group_that_is_set_back_during_a_run_keeps_its_entries(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(channel, 6)
    last_old = trim._last_old

    def set_back(*args: Any) -> int:
        connections.liaison().xgroup_setid(channel.stream_key, GROUP, "2-0")
        return last_old(*args)

    monkeypatch.setattr(trim, "_last_old", set_back)
    assert trim.trim_all() == 1
    assert sequences(channel)[0] == 2


def test_a_stream_without_groups_is_not_trimmed(channel: Channel) -> None:
    assert trim.trim_all() == 0
    assert len(sequences(channel)) == 6


def test_young_entries_are_kept(channel: Channel, settings: Any) -> None:
    read(channel, 6)
    Delivery.objects.filter(channel=channel, seq__gte=3).update(sent_at=Now() - timedelta(days=29))
    assert trim.trim_all() == 2
    assert sequences(channel) == [3, 4, 5, 6]
    settings.LIAISON_KEEP_ACKNOWLEDGED_STREAM_DAYS = 28
    assert trim.trim_all() == 3


def test_a_day_is_kept_at_least(channel: Channel, settings: Any) -> None:
    settings.LIAISON_KEEP_ACKNOWLEDGED_STREAM_DAYS = 0
    read(channel, 6)
    age(channel, 0)
    assert trim.trim_all() == 0


def test_the_last_entry_is_kept(channel: Channel) -> None:
    read(channel, 6)
    assert trim.trim_all() == 5
    assert sequences(channel) == [6]


def test_a_test_entry_that_was_not_delivered_is_kept(channel: Channel) -> None:
    read(channel, 6)
    entry_id, _length = append.append_test(channel.stream_key or "", "{}")
    assert entry_id == "6-1"
    trim.trim_all()
    assert connections.liaison().xlen(channel.stream_key) == 2


def test_a_run_is_bounded(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trim, "BATCH", 2)
    monkeypatch.setattr(trim, "MAX_BATCHES", 2)
    read(channel, 6)
    assert trim.trim_all() == 4
    assert trim.trim_all() == 1
    monkeypatch.setattr(trim, "RUN_SECONDS", -1.0)
    assert trim.trim_all() == 0


def test_a_trimmed_head_is_no_loss(referral: Referral, channel: Channel) -> None:
    read(channel, 6)
    assert trim.trim_all() == 5
    assert sweep.probe() == []
    assert sweep.due_channels() == {}
    add(referral, 2)
    assert sequences(channel) == [6, 7, 8]
    channel.refresh_from_db()
    assert channel.sent_seq == channel.numbered_seq == 8


def test_a_lost_stream_is_refilled_from_its_first_number(channel: Channel) -> None:
    read(channel, 6)
    trim.trim_all()
    connections.liaison().delete(channel.stream_key)
    assert sweep.probe() == [channel.pk]
    relay.drain(channel.pk)
    assert_whole(channel)
    read(channel, 6)
    assert trim.trim_all() == 5


def test_a_lost_tail_is_refilled_after_a_trim(channel: Channel) -> None:
    """As after a crash of Redis with an append-only file that ends early."""
    read(channel, 3)
    trim.trim_all()
    client, key = connections.liaison(), channel.stream_key
    kept = client.xrange(key, "3-0", "4-0")
    client.delete(key)
    for entry_id, fields in kept:
        client.xadd(key, fields, id=entry_id)
    assert sweep.probe() == [channel.pk]
    relay.drain(channel.pk)
    assert sequences(channel) == [3, 4, 5, 6]


def test_entries_of_another_database_are_kept(channel: Channel) -> None:
    """A stream that is ahead of a restored database is left to a person."""
    read(channel, 6)
    Channel.objects.filter(pk=channel.pk).update(numbered_seq=3, sent_seq=3)
    assert trim.trim_all() == 3
    assert sequences(channel) == [4, 5, 6]


def test_a_redis_that_does_not_respond_ends_the_run(
    channel: Channel, own_redis: RedisServer
) -> None:
    own_redis.stop()
    assert trim.trim_all() == 0
