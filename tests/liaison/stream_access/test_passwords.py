"""The password of an agency's account: permissions, storage, rotation and revocation."""

from __future__ import annotations

import re
import threading

import pytest
import redis

from alliance.lib import redis as connections
from alliance.lib.refusals import NotAllowed, Refusal
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import Agency, ChannelEvent
from cases.services.channels import stream_accounts
from members.models import User
from tests import factories
from tests.liaison.stream_access.accounts import KEY, login, users
from tests.processes import RedisServer, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_password_is_stored_as_a_hash_and_the_event_recorded(agency: Agency, ada: User) -> None:
    second = factories.channel(agency, name="Second", stream_key="liaison:second")
    password = stream_accounts.rotate(agency=agency, by=ada)
    agency.refresh_from_db()
    assert re.fullmatch("[0-9a-f]{64}", agency.stream_password_hash)
    assert password not in repr(vars(agency))
    assert agency.stream_password_set_at
    events = ChannelEvent.objects.filter(kind="password_renewed")
    assert {e.channel for e in events} == {second, agency.channels.get(name="Stream")}
    assert {(e.actor_label, str(e.data)) for e in events} == {(ada.name, "{}")}


def test_rotation_invalidates_the_password_and_closes_connections(
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
    wait_for(lambda: any(c["user"] == accounts.name(agency) for c in server.client_list()))
    password = stream_accounts.rotate(agency=agency, by=ada)
    # Long before the read would have timed out.
    thread.join(20)
    assert ended
    with pytest.raises(redis.AuthenticationError):
        theirs.ping()
    assert login(agency, password, own_redis).xlen(KEY) == 1


def test_revocation_is_immediate_and_idempotent(
    theirs: redis.Redis, agency: Agency, ada: User
) -> None:
    assert theirs.ping()
    for _ in range(2):
        stream_accounts.revoke(agency=agency, by=ada)
    with pytest.raises(redis.AuthenticationError):
        theirs.ping()
    assert accounts.name(agency) not in users()
    assert ChannelEvent.objects.filter(kind="changed").count() == 1
    agency.refresh_from_db()
    assert (agency.stream_password_hash, agency.stream_password_set_at) == ("", None)


def test_permissions_and_refusals(agency: Agency, ada: User) -> None:
    for person in (factories.moderator(), factories.officer(agency), factories.user()):
        with pytest.raises(NotAllowed):
            stream_accounts.rotate(agency=agency, by=person)
        with pytest.raises(NotAllowed):
            stream_accounts.revoke(agency=agency, by=person)
    with pytest.raises(Refusal, match="no stream"):
        stream_accounts.rotate(agency=factories.agency(channels=0), by=ada)
    with pytest.raises(Refusal, match="inactive"):
        stream_accounts.rotate(agency=factories.agency(is_active=False), by=ada)
    assert not ChannelEvent.objects.exists()
