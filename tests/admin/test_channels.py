"""Channels in the admin: each kind made and renewed there, its secret shown once and nowhere else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from cases.liaison.models import Channel, ChannelEvent
from tests import factories
from tests.admin.conftest import address
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
NEEDS = {
    "stream": {"stream_key": "liaison:test"},
    "webhook": {"url": "https://liaison.example/in"},
    "email": {"email": "desk@police.example"},
    "pull": {},
}


def add(desk: Client, kind: str, **fields: Any) -> Any:
    values = {"agency": factories.agency(channels=0).pk, "name": "New", "kind": kind}
    data = values | {"is_active": "on"} | fields
    return desk.post(address(Channel, "add"), data, follow=True)


@pytest.mark.parametrize("kind", NEEDS)
def test_each_kind_is_made_and_its_secret_shown_once(desk: Client, kind: str) -> None:
    page = add(desk, kind, **NEEDS[kind])
    channel = Channel.objects.get()
    assert channel.kind == kind
    shown = re.findall(r"whsec_[\w+/=]+|apl_[\w-]+", page.content.decode())
    assert len(shown) == (kind in ("webhook", "pull"))
    again = desk.get(address(Channel, "change", channel.pk)).content.decode()
    assert not any(secret in again for secret in shown)
    assert channel.secret_sealed == "" or channel.secret_sealed not in again
    assert channel.token_hash == "" or channel.token_hash not in again


@pytest.mark.parametrize("kind", ["webhook", "email"])
def test_what_the_kind_needs_is_asked_for(desk: Client, kind: str) -> None:
    assert b"needs one" in add(desk, kind).content
    assert b"has none" in add(desk, kind, **NEEDS[kind], stream_key="x").content
    assert b"https://" in add(desk, "webhook", url="http://liaison.example/").content
    assert not Channel.objects.exists()


def test_actions_are_the_services_own(desk: Client) -> None:
    channel, secret = factories.webhook("https://liaison.example/in")
    stream = factories.channel()
    chosen = {"_selected_action": [channel.pk, stream.pk]}
    for action in ("renew_secret", "pause", "resume", "send_dead_again"):
        page = desk.post(address(Channel, "changelist"), chosen | {"action": action}, follow=True)
        assert page.status_code == 200
    kinds = ChannelEvent.objects.filter(channel=channel).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "created",
        "secret_rotated",
        "paused",
        "resumed",
    ]
    channel.refresh_from_db()
    assert channel.signing_secrets()[1] == secret


@pytest.mark.parametrize("action", ["renew_secret", "pause", "resume", "send_dead_again"])
def test_who_may_only_look_gets_no_secret_and_changes_nothing(desk: Client, action: str) -> None:
    channel, _secret = factories.webhook("https://liaison.example/in")
    sealed = channel.secret_sealed
    clerk = factories.user(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_channel"))
    page = browser_of(clerk).post(
        address(Channel, "changelist"),
        {"_selected_action": channel.pk, "action": action},
        follow=True,
    )
    assert page.status_code == 200
    assert "whsec_" not in page.content.decode()
    channel.refresh_from_db()
    assert (channel.secret_sealed, channel.paused_at) == (sealed, None)
    assert list(ChannelEvent.objects.values_list("kind", flat=True)) in ([], ["created"])
