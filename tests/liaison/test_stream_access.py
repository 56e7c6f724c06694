"""An agency's account at a real Redis: what it may do there, and that it comes back and ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from alliance.lib import redis as connections
from cases.liaison import acl, relay, sweep
from cases.liaison.models import Agency, Channel, ChannelEvent
from cases.services import stream_access
from cases.services.refusals import NotAllowed, Refusal
from members.models import User
from tests import factories
from tests.cases.test_liaison_api_example import Consumer, program
from tests.liaison.updates import change
from tests.processes import RedisServer, wait_for, worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada() -> User:
    return factories.admin()


@pytest.fixture
def agency(own_redis: RedisServer) -> Agency:
    """An agency with one update in its stream."""
    made = factories.agency(slug="harbour-police", channels=0)
    factories.channel(made, stream_key="liaison:harbour-police")
    factories.referred_case(made)
    relay.drain(made.channels.get().pk)
    return made


@pytest.fixture
def theirs(agency: Agency, ada: User, own_redis: RedisServer) -> Iterator[redis.Redis]:
    """The agency's own connection."""
    made = login(agency, stream_access.renew(agency=agency, by=ada), own_redis)
    yield made
    made.close()


def url(agency: Agency, password: str, server: RedisServer) -> str:
    return f"redis://{acl.name(agency)}:{password}@127.0.0.1:{server.port}/0"


def login(agency: Agency, password: str, server: RedisServer) -> redis.Redis:
    return redis.Redis.from_url(
        url(agency, password, server), decode_responses=True, socket_timeout=60
    )


def users() -> set[str]:
    return set(connections.liaison().acl_users())


KEY = "liaison:harbour-police"
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


def test_it_reads_its_stream_and_keeps_groups(theirs: redis.Redis) -> None:
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


def test_of_all_commands_that_redis_has_only_the_named_are_permitted(theirs: redis.Redis) -> None:
    named = {command[1:].split("|")[0] for command in acl.COMMANDS if command.startswith("+")}
    permitted = set()
    for command, about in connections.liaison().command().items():
        words = [KEY] * (abs(about["arity"]) - 1)
        try:
            theirs.execute_command(*command.split(" "), *words)
        except (redis.exceptions.NoPermissionError, redis.exceptions.ExecAbortError):
            continue  # EXEC names the lacking permission as the cause of its own refusal
        except redis.RedisError:
            pass  # permitted, and wrong in another way
        permitted.add(command)
    assert permitted <= named
    assert {"xread", "xack"} <= permitted


def test_the_password_is_kept_as_a_hash_and_the_act_recorded(agency: Agency, ada: User) -> None:
    second = factories.channel(agency, name="Second", stream_key="liaison:second")
    password = stream_access.renew(agency=agency, by=ada)
    agency.refresh_from_db()
    assert re.fullmatch("[0-9a-f]{64}", agency.stream_password_hash)
    assert password not in repr(vars(agency))
    assert agency.stream_password_set_at
    events = ChannelEvent.objects.filter(kind="password_renewed")
    assert {e.channel for e in events} == {second, agency.channels.get(name="Stream")}
    assert {(e.actor_label, str(e.data)) for e in events} == {(ada.name, "{}")}


def test_both_streams_of_an_agency_are_its_own(
    agency: Agency, ada: User, own_redis: RedisServer
) -> None:
    factories.channel(agency, name="Second", stream_key="liaison:second", is_active=False)
    theirs = login(agency, stream_access.renew(agency=agency, by=ada), own_redis)
    assert (theirs.xlen(KEY), theirs.xlen("liaison:second")) == (1, 0)


@pytest.mark.parametrize(
    "key", ["all:*", "one:?", "some:[ab]", "back\\slash", "star\\*", "hat:[^a]", "plain:名"]
)
def test_a_name_with_special_characters_is_that_name_alone(
    key: str, ada: User, own_redis: RedisServer
) -> None:
    agency = factories.agency(channels=0)
    factories.channel(agency, stream_key=key)
    theirs = login(agency, stream_access.renew(agency=agency, by=ada), own_redis)
    assert theirs.xlen(key) == 0
    for other in ("all:x", "one:x", "some:a", "backslash", "starx", "star*", "hat:b", "plain:x"):
        with pytest.raises(redis.exceptions.NoPermissionError):
            theirs.xlen(other)
    # Redis lists it as it was set: nothing is found to mend.
    assert acl.check() == []


@pytest.mark.parametrize("key", ["a b", "a\tb", "a\nb"])
def test_a_name_with_white_space_gets_no_account(key: str, ada: User, agency: Agency) -> None:
    factories.channel(agency, name="Second", stream_key=key)
    with pytest.raises(Refusal, match="space"):
        stream_access.renew(agency=agency, by=ada)
    assert acl.accounts() == {}


def test_a_renewed_password_ends_the_former_and_its_connections(
    theirs: redis.Redis, agency: Agency, ada: User, own_redis: RedisServer
) -> None:
    ended: list[Exception] = []

    def read() -> None:
        try:
            theirs.xread({KEY: "1-0"}, block=40_000)
        except redis.RedisError as error:
            ended.append(error)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    server = connections.liaison()
    wait_for(lambda: any(c["user"] == acl.name(agency) for c in server.client_list()))
    password = stream_access.renew(agency=agency, by=ada)
    # Long before the reading would have ended by itself.
    thread.join(20)
    assert ended
    with pytest.raises(redis.AuthenticationError):
        theirs.ping()
    assert login(agency, password, own_redis).xlen(KEY) == 1


def test_withdrawn_it_is_gone_at_once_and_twice_is_once(
    theirs: redis.Redis, agency: Agency, ada: User
) -> None:
    assert theirs.ping()
    for _ in range(2):
        stream_access.revoke(agency=agency, by=ada)
    with pytest.raises(redis.AuthenticationError):
        theirs.ping()
    assert acl.name(agency) not in users()
    assert ChannelEvent.objects.filter(kind="changed").count() == 1
    agency.refresh_from_db()
    assert (agency.stream_password_hash, agency.stream_password_set_at) == ("", None)


def test_a_wiped_redis_gets_the_accounts_back(
    agency: Agency, ada: User, own_redis: RedisServer
) -> None:
    password = stream_access.renew(agency=agency, by=ada)
    assert acl.check() == []
    own_redis.stop(wipe=True)
    own_redis.start()
    assert acl.name(agency) not in users()
    assert acl.check() == [acl.name(agency)]
    assert login(agency, password, own_redis).ping()
    assert acl.check() == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda server, who: server.execute_command("ACL", "SETUSER", who, ">another"),
        lambda server, who: server.execute_command("ACL", "SETUSER", who, "off"),
        lambda server, who: server.execute_command("ACL", "SETUSER", who, "~other"),
        lambda server, who: server.execute_command("ACL", "SETUSER", who, "allkeys"),
        lambda server, who: server.execute_command("ACL", "SETUSER", who, "nopass"),
        lambda server, who: server.execute_command("ACL", "SETUSER", who, "allchannels"),
    ],
)
def test_an_account_that_somebody_changed_is_set_again(
    spoil: Any, agency: Agency, ada: User
) -> None:
    stream_access.renew(agency=agency, by=ada)
    spoil(connections.liaison(), acl.name(agency))
    assert acl.check() == [acl.name(agency)]
    assert acl.check() == []
    connections.liaison().execute_command("ACL", "SETUSER", acl.name(agency), "+@all")
    assert acl.check(every_rule=True) == [acl.name(agency)]
    listed = str(connections.liaison().acl_getuser(acl.name(agency))["commands"])
    assert "+@all" not in listed


def test_accounts_of_agencies_that_left_are_taken_away_and_no_others(
    theirs: redis.Redis, agency: Agency
) -> None:
    server = connections.liaison()
    server.execute_command("ACL", "SETUSER", "agency-of-nobody", "on", "nopass", "+@all")
    server.execute_command("ACL", "SETUSER", "operator", "on", "nopass", "+@all")
    Agency.objects.filter(pk=agency.pk).update(is_active=False)
    assert acl.check() == ["agency-harbour-police", "agency-of-nobody"]
    assert users() == {"default", "operator"}
    with pytest.raises(redis.AuthenticationError):
        theirs.ping()


def test_a_new_name_is_a_new_account(agency: Agency, ada: User, own_redis: RedisServer) -> None:
    password = stream_access.renew(agency=agency, by=ada)
    Agency.objects.filter(pk=agency.pk).update(slug="port-police")
    assert acl.check() == ["agency-harbour-police", "agency-port-police"]
    agency.refresh_from_db()
    assert login(agency, password, own_redis).xlen(KEY) == 1


@pytest.mark.parametrize("by", ["apply", "check"])
def test_what_was_renewed_meanwhile_is_what_stays(
    by: str, agency: Agency, ada: User, own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = stream_access.renew(agency=agency, by=ada)
    original, renewed = acl._set, []
    early: list[redis.Redis] = []

    def slow(*args: Any) -> None:
        if renewed:
            original(*args)
            return
        # While this one was on its way with the former password, another was made and set.
        renewed.append("")
        renewed[0] = stream_access.renew(agency=agency, by=ada)
        original(*args)
        early.append(login(agency, former, own_redis))
        assert early[0].ping()

    monkeypatch.setattr(acl, "_set", slow)
    if by == "apply":
        acl.apply(agency.pk)
    else:
        acl.check(every_rule=True)
    assert login(agency, renewed[0], own_redis).ping()
    with pytest.raises(redis.AuthenticationError):
        login(agency, former, own_redis).ping()
    # The first to ask after it was sent off is told so, or asked for the password again.
    with pytest.raises(redis.RedisError):
        early[0].ping()


def test_what_was_withdrawn_meanwhile_stays_away(
    agency: Agency, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream_access.renew(agency=agency, by=ada)
    original, done = acl._set, []

    def slow(*args: Any) -> None:
        if not done:
            done.append(True)
            stream_access.revoke(agency=agency, by=ada)
        original(*args)

    monkeypatch.setattr(acl, "_set", slow)
    acl.check(every_rule=True)
    assert acl.name(agency) not in users()


def test_a_redis_that_is_away_or_does_not_permit_it_is_said_and_never_raised(
    agency: Agency, ada: User, settings: Any, own_redis: RedisServer
) -> None:
    server = connections.liaison()
    server.execute_command("ACL", "SETUSER", "portal", "on", ">p", "~*", "+@all", "-acl")
    settings.LIAISON_REDIS_URL = f"redis://portal:p@127.0.0.1:{own_redis.port}/0"
    password = stream_access.renew(agency=agency, by=ada)
    with pytest.raises(acl.Problem, match="does not let the portal"):
        acl.apply(agency.pk)
    assert acl.check() == []
    settings.LIAISON_REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(acl.Problem, match="does not answer"):
        acl.apply(agency.pk)
    assert acl.check() == []
    # As soon as it is permitted, the sweep brings it.
    settings.LIAISON_REDIS_URL = own_redis.url
    assert acl.check() == [acl.name(agency)]
    assert login(agency, password, own_redis).ping()


def test_who_may_and_for_whom(agency: Agency, ada: User) -> None:
    for person in (factories.moderator(), factories.officer(agency), factories.user()):
        with pytest.raises(NotAllowed):
            stream_access.renew(agency=agency, by=person)
        with pytest.raises(NotAllowed):
            stream_access.revoke(agency=agency, by=person)
    with pytest.raises(Refusal, match="no stream"):
        stream_access.renew(agency=factories.agency(channels=0), by=ada)
    with pytest.raises(Refusal, match="not in use"):
        stream_access.renew(agency=factories.agency(is_active=False), by=ada)
    assert not ChannelEvent.objects.exists()


# --- The programs in docs/liaison-api.md -------------------------------------------------------


def test_the_printed_consumer_runs_with_the_account_and_over_a_wiped_redis(
    agency: Agency, ada: User, own_redis: RedisServer, tmp_path: Path
) -> None:
    channel = Channel.objects.get(agency=agency)
    folder = tmp_path / "consumer"
    folder.mkdir()
    consumer = Consumer(folder, KEY)
    consumer.environment["STREAM_URL"] = url(
        agency, stream_access.renew(agency=agency, by=ada), own_redis
    )
    try:
        consumer.start()
        wait_for(lambda: len(consumer.inbox()) == 1, seconds=60)
        own_redis.stop(wipe=True)
        own_redis.start()
        acl.check()
        change(channel.deliveries.get().update.referral.case, ada)
        relay.drain(channel.pk)
        wait_for(lambda: len(consumer.inbox()) == 2, seconds=60)
    finally:
        consumer.kill()


def test_the_printed_group_runs_with_the_account(
    agency: Agency, ada: User, own_redis: RedisServer, tmp_path: Path
) -> None:
    """It makes the group, takes what a dead worker left, reads, and acknowledges."""
    (tmp_path / "group.py").write_text(program("group.py"))
    (tmp_path / "run.py").write_text(
        "import group\n"
        "group.join()\n"
        "group.work(lambda seq, update: print('done', seq, flush=True), lambda: 0)\n"
    )
    password = stream_access.renew(agency=agency, by=ada)
    environment = os.environ | {"STREAM": KEY, "STREAM_URL": url(agency, password, own_redis)}
    process = subprocess.Popen(
        [sys.executable, "run.py"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == b"done 1\n"
        wait_for(lambda: connections.liaison().xpending(KEY, "case-system")["pending"] == 0)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_the_account_printed_for_the_portal_itself_is_enough(
    agency: Agency, ada: User, own_redis: RedisServer, settings: Any
) -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text()
    [line] = re.findall(r"^ACL SETUSER portal .*$", page, re.MULTILINE)
    connections.liaison().execute_command(*line.split())
    settings.LIAISON_REDIS_URL = f"redis://portal:ITS-PASSWORD@127.0.0.1:{own_redis.port}/0"
    channel = Channel.objects.get(agency=agency)
    change(channel.deliveries.get().update.referral.case, ada)
    assert relay.drain(channel.pk) == 1
    assert sweep.probe() == []
    password = stream_access.renew(agency=agency, by=ada)
    assert acl.problem(agency.pk) == ""
    assert login(agency, password, own_redis).xlen(KEY) == 2
    stream_access.revoke(agency=agency, by=ada)
    assert acl.problem(agency.pk) == ""


@pytest.mark.worker
def test_a_worker_gives_a_wiped_redis_its_accounts_back(
    agency: Agency, ada: User, own_redis: RedisServer, tmp_path: Path
) -> None:
    password = stream_access.renew(agency=agency, by=ada)
    own_redis.stop(wipe=True)
    own_redis.start()
    with worker(tmp_path / "worker.log"):
        wait_for(lambda: acl.name(agency) in users(), seconds=40, what="the account")
        theirs = login(agency, password, own_redis)
        # The accounts come before the first sweep, which finds that the stream is empty.
        wait_for(lambda: theirs.xlen(KEY) == 1, seconds=40, what="the stream")
