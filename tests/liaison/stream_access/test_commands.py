"""The permissions of an agency's account in a real Redis: it may read its own streams only."""

from __future__ import annotations

import pytest
import redis

from alliance.lib import redis as connections
from alliance.lib.refusals import Refusal
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import Agency
from cases.services.channels import stream_accounts
from members.models import User
from tests import factories
from tests.liaison.stream_access.accounts import KEY, login
from tests.processes import RedisServer

pytestmark = pytest.mark.django_db(transaction=True)

READS = [
    "PING",
    f"XREAD COUNT 1 STREAMS {KEY} 0-0",
    f"XRANGE {KEY} - +",
    f"XREVRANGE {KEY} + -",
    f"XLEN {KEY}",
    f"XINFO STREAM {KEY}",
    f"XGROUP CREATE {KEY} g 0",
    f"XGROUP CREATECONSUMER {KEY} g c",
    f"XREADGROUP GROUP g c STREAMS {KEY} >",
    f"XPENDING {KEY} g",
    f"XCLAIM {KEY} g c 0 1-0",
    f"XAUTOCLAIM {KEY} g c 0 0",
    f"XACK {KEY} g 1-0",
    f"XGROUP SETID {KEY} g 0",
    f"XINFO GROUPS {KEY}",
    f"XINFO CONSUMERS {KEY} g",
    "CLIENT SETNAME case-system",
    "SELECT 0",
]

REFUSED = [
    f"XADD {KEY} * update {{}}",
    f"XDEL {KEY} 1-0",
    f"XTRIM {KEY} MAXLEN 0",
    f"XSETID {KEY} 9-0",
    f"XGROUP DESTROY {KEY} g",
    f"XGROUP DELCONSUMER {KEY} g c",
    f"DEL {KEY}",
    f"UNLINK {KEY}",
    f"RENAME {KEY} other",
    f"EXPIRE {KEY} 1",
    f"DUMP {KEY}",
    f"TYPE {KEY}",
    f"SORT {KEY}",
    "XREAD STREAMS liaison:other 0-0",
    f"XREAD STREAMS {KEY} liaison:other 0-0 0-0",
    f"XRANGE {KEY}:more - +",
    "XRANGE liaison:* - +",
    "XGROUP CREATE liaison:other g 0 MKSTREAM",
    "XLEN liaison:other",
    "GET other",
    "SET other 1",
    "KEYS *",
    "SCAN 0",
    "RANDOMKEY",
    "DBSIZE",
    "FLUSHDB",
    "FLUSHALL",
    "SWAPDB 0 1",
    "CONFIG GET *",
    "INFO",
    "MONITOR",
    "DEBUG SLEEP 0",
    "SHUTDOWN NOSAVE",
    "CLIENT LIST",
    "CLIENT KILL TYPE normal",
    "ACL LIST",
    "ACL WHOAMI",
    "ACL SETUSER default on",
    "EVAL return(1) 0",
    "SCRIPT FLUSH",
    "MULTI",
    "SUBSCRIBE news",
    "PUBLISH news 1",
    "REPLICAOF NO ONE",
    "SAVE",
    "SLOWLOG GET",
    "COMMAND",
]


def test_it_may_read_its_stream_and_manage_groups(theirs: redis.Redis) -> None:
    for command in READS:
        theirs.execute_command(*command.split(" "))
    assert theirs.xlen(KEY) == 1


def test_everything_else_is_refused(theirs: redis.Redis, agency: Agency) -> None:
    connections.liaison().xadd("liaison:other", {"update": "theirs"})
    allowed = []
    for command in REFUSED:
        try:
            theirs.execute_command(*command.split(" "))
        except redis.exceptions.NoPermissionError:
            continue
        allowed.append(command)
    assert allowed == []
    assert connections.liaison().xlen(KEY) == 1


def test_only_the_listed_commands_are_permitted(theirs: redis.Redis) -> None:
    named = {command[1:].split("|")[0] for command in accounts.COMMANDS if command.startswith("+")}
    permitted = set()
    for command, about in connections.liaison().command().items():
        words = [KEY] * (abs(about["arity"]) - 1)
        try:
            theirs.execute_command(*command.split(" "), *words)
        except (redis.exceptions.NoPermissionError, redis.exceptions.ExecAbortError):
            continue  # EXEC reports the missing permission as its own error
        except redis.RedisError:
            pass  # permitted, but fails for another reason
        permitted.add(command)
    assert permitted <= named
    assert {"xread", "xack"} <= permitted


def test_an_agency_may_read_both_of_its_streams(
    agency: Agency, ada: User, own_redis: RedisServer
) -> None:
    factories.channel(agency, name="Second", stream_key="liaison:second", is_active=False)
    theirs = login(agency, stream_accounts.rotate(agency=agency, by=ada), own_redis)
    assert (theirs.xlen(KEY), theirs.xlen("liaison:second")) == (1, 0)


@pytest.mark.parametrize(
    "key", ["all:*", "one:?", "some:[ab]", "back\\slash", "star\\*", "hat:[^a]", "plain:名"]
)
def test_special_characters_in_a_name_are_escaped(
    key: str, ada: User, own_redis: RedisServer
) -> None:
    agency = factories.agency(channels=0)
    factories.channel(agency, stream_key=key)
    theirs = login(agency, stream_accounts.rotate(agency=agency, by=ada), own_redis)
    assert theirs.xlen(key) == 0
    for other in ("all:x", "one:x", "some:a", "backslash", "starx", "star*", "hat:b", "plain:x"):
        with pytest.raises(redis.exceptions.NoPermissionError):
            theirs.xlen(other)
    # Redis lists it as it was set, so that nothing is repaired.
    assert accounts.check() == []


@pytest.mark.parametrize("key", ["a b", "a\tb", "a\nb"])
def test_a_name_with_white_space_gets_no_account(key: str, ada: User, agency: Agency) -> None:
    factories.channel(agency, name="Second", stream_key=key)
    with pytest.raises(Refusal, match="space"):
        stream_accounts.rotate(agency=agency, by=ada)
    assert accounts.accounts() == {}
