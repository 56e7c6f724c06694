"""Limits on the consumer groups of an agency's account."""

from __future__ import annotations

import pytest
import redis

from alliance.lib import redis as connections
from cases.liaison import tasks
from cases.liaison.delivery.stream import accounts, groups, relay
from cases.liaison.models import Agency
from tests import factories
from tests.liaison.stream_access.accounts import KEY
from tests.processes import RedisServer

pytestmark = pytest.mark.django_db(transaction=True)


def names() -> list[bytes]:
    return [group["name"] for group in connections.liaison().xinfo_groups(KEY)]


def test_groups_within_the_limits_are_kept(theirs: redis.Redis) -> None:
    theirs.xgroup_create(KEY, "case-system", id="0")
    theirs.xreadgroup("case-system", "one", {KEY: ">"})
    assert groups.sweep() == []
    assert names() == [b"case-system"]
    assert theirs.xpending(KEY, "case-system")["pending"] == 1


def test_too_many_groups_are_deleted(
    theirs: redis.Redis, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "MAX_GROUPS", 3)
    for n in range(4):
        theirs.xgroup_create(KEY, f"group-{n}", id="0")
    assert groups.sweep() == [KEY]
    assert names() == []
    assert connections.liaison().xlen(KEY) == 1
    assert groups.sweep() == []


def test_too_many_consumers_are_deleted_with_their_groups(
    theirs: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "MAX_CONSUMERS", 5)
    for group in ("one", "two"):
        theirs.xgroup_create(KEY, group, id="0")
        for n in range(3):
            theirs.xgroup_createconsumer(KEY, group, f"c{n}")
    assert groups.sweep() == [KEY]
    assert names() == []


def test_other_streams_keep_their_groups(
    theirs: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "MAX_GROUPS", 1)
    other = factories.channel(stream_key="liaison:other")
    factories.referred_case(other.agency)
    relay.drain(other.pk)
    connections.liaison().xgroup_create("liaison:other", "theirs", id="0")
    for n in range(2):
        theirs.xgroup_create(KEY, f"group-{n}", id="0")
    factories.channel(stream_key="liaison:not-yet-there")
    assert groups.sweep() == [KEY]
    assert len(connections.liaison().xinfo_groups("liaison:other")) == 1


def test_an_unreachable_redis_is_checked_again_later(
    theirs: redis.Redis, own_redis: RedisServer
) -> None:
    own_redis.stop()
    assert groups.sweep() == []


def test_the_scheduled_task_runs_both_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(groups, "sweep", lambda: called.append("groups"))
    monkeypatch.setattr(accounts, "sweep", lambda: called.append("accounts"))
    tasks.check_stream_accounts()
    assert called == ["accounts", "groups"]
