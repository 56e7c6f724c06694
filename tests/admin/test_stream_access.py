"""An agency's Redis account in the admin: created on request, its password shown once."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
import redis
from django.contrib.auth.models import Permission
from django.test import Client

from alliance.lib import redis as connections
from cases.liaison.models import Agency
from tests import factories
from tests.admin.conftest import address
from tests.admin.test_channels import assert_not_stored
from tests.liaison.conftest import own_redis  # noqa: F401  (a fixture)
from tests.personas import browser_of
from tests.processes import RedisServer

pytestmark = pytest.mark.django_db(transaction=True)


def act(desk: Client, action: str, *chosen: Agency, confirmed: bool = True) -> Any:
    data = {"_selected_action": [agency.pk for agency in chosen], "action": action}
    data |= {"confirmed": "yes"} if confirmed else {}
    return desk.post(address(Agency, "changelist"), data, follow=True)


def values(page: Any) -> dict[str, str]:
    text = page.content.decode()
    found = re.findall(r"<dt>(.*?)</dt><dd><code>(.*?)</code></dd>", text)
    assert found, text
    return dict(found)


@pytest.fixture
def agency(own_redis: RedisServer, settings: Any) -> Agency:  # noqa: F811
    settings.LIAISON_REDIS_PUBLIC_URL = "rediss://streams.portal.example:6380/0"
    made = factories.agency(slug="harbour-police", channels=0)
    factories.channel(made, stream_key="liaison:harbour-police")
    return made


def test_password_is_shown_once_with_the_connection_details(
    desk: Client,
    agency: Agency,
    own_redis: RedisServer,  # noqa: F811
) -> None:
    page = act(desk, "renew_stream_password", agency, confirmed=False)
    assert "harbour" in page.content.decode() or str(agency) in page.content.decode()
    agency.refresh_from_db()
    assert agency.stream_password_hash == ""
    page = act(desk, "renew_stream_password", agency)
    shown = values(page)
    password = shown["Password"]
    agency.refresh_from_db()
    assert hashlib.sha256(password.encode()).hexdigest() == agency.stream_password_hash
    assert shown["User"] == "agency-harbour-police"
    assert shown["Stream"] == "liaison:harbour-police"
    assert shown["URL with user and password"] == (
        f"rediss://agency-harbour-police:{password}@streams.portal.example:6380/0"
    )
    assert b"errornote" not in page.content
    assert_not_stored(desk, page, [password])
    for url in (address(Agency, "changelist"), address(Agency, "change", agency.pk)):
        again = desk.get(url).content.decode()
        assert password not in again
        assert agency.stream_password_hash not in again
    theirs = redis.Redis(port=own_redis.port, username=shown["User"], password=password)
    assert theirs.ping()
    theirs.close()


def test_address_hides_the_portals_own_credentials(
    desk: Client, agency: Agency, settings: Any
) -> None:
    settings.LIAISON_REDIS_PUBLIC_URL = "rediss://portal:its-own@streams.portal.example:6380"
    assert "its-own" not in act(desk, "renew_stream_password", agency).content.decode()
    settings.LIAISON_REDIS_PUBLIC_URL = ""
    assert set(values(act(desk, "renew_stream_password", agency))) == {
        "User",
        "Password",
        "Stream",
    }


def test_withdrawn_account_is_deleted_at_once(desk: Client, agency: Agency) -> None:
    act(desk, "renew_stream_password", agency)
    assert (
        b"can no longer read its streams"
        in act(desk, "withdraw_stream_password", agency, confirmed=False).content
    )
    assert "agency-harbour-police" in connections.liaison().acl_users()
    assert b" is revoked." in act(desk, "withdraw_stream_password", agency).content
    assert connections.liaison().acl_users() == ["default"]


def test_missing_redis_permission_is_explained(
    desk: Client,
    agency: Agency,
    settings: Any,
    own_redis: RedisServer,  # noqa: F811
) -> None:
    server = connections.liaison()
    server.execute_command("ACL", "SETUSER", "portal", "on", ">p", "~*", "+@all", "-acl")
    settings.LIAISON_REDIS_URL = f"redis://portal:p@127.0.0.1:{own_redis.port}/0"
    assert b"does not let the portal" in act(desk, "renew_stream_password", agency).content
    assert b"does not let the portal" in act(desk, "withdraw_stream_password", agency).content


def test_non_admins_are_refused(desk: Client, agency: Agency) -> None:
    without = factories.agency(channels=0)
    assert b"has no stream" in act(desk, "renew_stream_password", without).content
    clerk = factories.moderator()
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_agency"))
    for action in ("renew_stream_password", "withdraw_stream_password"):
        assert b"<dt>" not in act(browser_of(clerk), action, agency).content
    agency.refresh_from_db()
    assert agency.stream_password_hash == ""
