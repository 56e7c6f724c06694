"""The check of the accounts: it restores, repairs and deletes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import redis

from alliance.lib import redis as connections
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import Agency
from cases.services.channels import stream_accounts
from members.models import User
from tests.liaison.stream_access.accounts import KEY, login, users
from tests.processes import RedisServer, start_beat, wait_for, worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_wiped_redis_gets_the_accounts_back(
    agency: Agency, ada: User, own_redis: RedisServer
) -> None:
    password = stream_accounts.rotate(agency=agency, by=ada)
    assert accounts.check() == []
    own_redis.stop(wipe=True)
    own_redis.start()
    assert accounts.name(agency) not in users()
    assert accounts.check() == [accounts.name(agency)]
    assert login(agency, password, own_redis).ping()
    assert accounts.check() == []


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
def test_a_changed_account_is_repaired(spoil: Any, agency: Agency, ada: User) -> None:
    stream_accounts.rotate(agency=agency, by=ada)
    spoil(connections.liaison(), accounts.name(agency))
    assert accounts.check() == [accounts.name(agency)]
    assert accounts.check() == []
    connections.liaison().execute_command("ACL", "SETUSER", accounts.name(agency), "+@all")
    assert accounts.check(every_rule=True) == [accounts.name(agency)]
    listed = str(connections.liaison().acl_getuser(accounts.name(agency))["commands"])
    assert "+@all" not in listed


def test_surplus_accounts_are_deleted(theirs: redis.Redis, agency: Agency) -> None:
    server = connections.liaison()
    server.execute_command("ACL", "SETUSER", "agency-of-nobody", "on", "nopass", "+@all")
    server.execute_command("ACL", "SETUSER", "operator", "on", "nopass", "+@all")
    Agency.objects.filter(pk=agency.pk).update(is_active=False)
    assert accounts.check() == ["agency-harbour-police", "agency-of-nobody"]
    assert users() == {"default", "operator"}
    with pytest.raises(redis.AuthenticationError):
        theirs.ping()


def test_a_new_name_is_a_new_account(agency: Agency, ada: User, own_redis: RedisServer) -> None:
    password = stream_accounts.rotate(agency=agency, by=ada)
    Agency.objects.filter(pk=agency.pk).update(slug="port-police")
    assert accounts.check() == ["agency-harbour-police", "agency-port-police"]
    agency.refresh_from_db()
    assert login(agency, password, own_redis).xlen(KEY) == 1


@pytest.mark.parametrize("by", ["apply", "check"])
def test_a_concurrent_rotation_wins(
    by: str, agency: Agency, ada: User, own_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = stream_accounts.rotate(agency=agency, by=ada)
    original, renewed = accounts._set, []
    early: list[redis.Redis] = []

    def slow(*args: Any) -> None:
        if renewed:
            original(*args)
            return
        # While the account was being written with the old password, it was rotated.
        renewed.append("")
        renewed[0] = stream_accounts.rotate(agency=agency, by=ada)
        original(*args)
        early.append(login(agency, former, own_redis))
        assert early[0].ping()

    monkeypatch.setattr(accounts, "_set", slow)
    if by == "apply":
        accounts.apply(agency.pk)
    else:
        accounts.check(every_rule=True)
    assert login(agency, renewed[0], own_redis).ping()
    with pytest.raises(redis.AuthenticationError):
        login(agency, former, own_redis).ping()
    # The next command fails, because the connection was closed, or asks for the password.
    with pytest.raises(redis.RedisError):
        early[0].ping()


def test_a_concurrent_revocation_wins(
    agency: Agency, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream_accounts.rotate(agency=agency, by=ada)
    original, done = accounts._set, []

    def slow(*args: Any) -> None:
        if not done:
            done.append(True)
            stream_accounts.revoke(agency=agency, by=ada)
        original(*args)

    monkeypatch.setattr(accounts, "_set", slow)
    accounts.check(every_rule=True)
    assert accounts.name(agency) not in users()


def test_an_unreachable_or_forbidding_redis_is_logged(
    agency: Agency, ada: User, settings: Any, own_redis: RedisServer
) -> None:
    server = connections.liaison()
    server.execute_command("ACL", "SETUSER", "portal", "on", ">p", "~*", "+@all", "-acl")
    settings.LIAISON_REDIS_URL = f"redis://portal:p@127.0.0.1:{own_redis.port}/0"
    password = stream_accounts.rotate(agency=agency, by=ada)
    with pytest.raises(accounts.Problem, match="does not let the portal"):
        accounts.apply(agency.pk)
    assert accounts.check() == []
    settings.LIAISON_REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(accounts.Problem, match="does not respond"):
        accounts.apply(agency.pk)
    assert accounts.check() == []
    # The sweep repairs it once it is permitted.
    settings.LIAISON_REDIS_URL = own_redis.url
    assert accounts.check() == [accounts.name(agency)]
    assert login(agency, password, own_redis).ping()


@pytest.mark.worker
def test_a_worker_restores_the_accounts_of_a_wiped_redis(
    agency: Agency, ada: User, own_redis: RedisServer, tmp_path: Path
) -> None:
    password = stream_accounts.rotate(agency=agency, by=ada)
    own_redis.stop(wipe=True)
    own_redis.start()
    with worker(tmp_path / "worker.log"):
        beat = start_beat(tmp_path)
        try:
            wait_for(lambda: accounts.name(agency) in users(), seconds=60, what="the account")
        finally:
            beat.stop()
        theirs = login(agency, password, own_redis)
        wait_for(lambda: theirs.xlen(KEY) == 1, seconds=40, what="the stream")
