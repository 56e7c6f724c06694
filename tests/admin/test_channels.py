"""Channels in the admin: creating each kind and rotating its secret; secrets are shown once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from cases.liaison.models import Channel, ChannelEvent
from members.models import User
from tests import factories
from tests.admin.conftest import address
from tests.forms import form_data
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
NEEDS = {
    "stream": {"stream_key": "liaison:test"},
    "webhook": {"url": "https://liaison.example/in"},
    "email": {"email": "desk@police.example"},
    "pull": {},
}
THRESHOLDS = {"alert_after_minutes": 15, "alert_backlog": 1000}

SECRET = r"whsec_[\w+/=]+|apl_[\w-]+"


def add(desk: Client, kind: str, **fields: Any) -> Any:
    values = {"agency": factories.agency(channels=0).pk, "name": "New", "kind": kind}
    data = values | THRESHOLDS | {"is_active": "on"} | fields
    return desk.post(address(Channel, "add"), data, follow=True)


def assert_not_stored(desk: Client, page: Any, shown: list[str]) -> None:
    """Check that the secrets are in no cookie, session, redirect or browser cache."""
    assert page.redirect_chain == [] or not shown
    assert "no-store" in page.headers["Cache-Control"] or not shown
    kept = f"{desk.cookies.output()} {dict(desk.session.items())}"
    assert not any(secret in kept for secret in shown)
    assert not any(
        secret in str(message) for secret in shown for message in page.context["messages"]
    )


@pytest.mark.parametrize("kind", NEEDS)
def test_each_kind_can_be_created_and_shows_its_secret_once(desk: Client, kind: str) -> None:
    page = add(desk, kind, **NEEDS[kind])
    channel = Channel.objects.get()
    assert channel.kind == kind
    shown = re.findall(SECRET, page.content.decode())
    assert len(shown) == (kind in ("webhook", "pull"))
    assert_not_stored(desk, page, shown)
    again = desk.get(address(Channel, "change", channel.pk)).content.decode()
    assert not any(secret in again for secret in shown)
    assert channel.secret_sealed == "" or channel.secret_sealed not in again
    assert channel.token_hash == "" or channel.token_hash not in again


@pytest.mark.parametrize("kind", ["webhook", "email"])
def test_fields_required_by_the_kind(desk: Client, kind: str) -> None:
    assert b"needs this field" in add(desk, kind).content
    assert b"Leave it empty" in add(desk, kind, **NEEDS[kind], stream_key="x").content
    assert b"https://" in add(desk, "webhook", url="http://liaison.example/").content
    assert not Channel.objects.exists()


def test_add_page_has_help_texts_and_no_progress(desk: Client) -> None:
    page = desk.get(address(Channel, "add")).content.decode()
    assert "Only for a signed webhook" in page
    assert "Next attempt" not in page
    assert "DatabaseDefault" not in page
    made = factories.channel()
    assert "Next attempt" in desk.get(address(Channel, "change", made.pk)).content.decode()


def act(desk: Client, action: str, *chosen: Channel, confirmed: bool = False) -> Any:
    data = {"_selected_action": [channel.pk for channel in chosen], "action": action}
    data |= {"confirmed": "yes"} if confirmed else {}
    return desk.post(address(Channel, "changelist"), data, follow=True)


def kinds_of(channel: Channel) -> list[str]:
    events = ChannelEvent.objects.filter(channel=channel).order_by("pk")
    return list(events.values_list("kind", flat=True))


def test_actions_call_the_services(desk: Client) -> None:
    channel, secret = factories.webhook("https://liaison.example/in")
    stream = factories.channel()
    for action in ("renew_secret", "pause", "resume", "resend_dead_letters"):
        assert act(desk, action, channel, stream, confirmed=True).status_code == 200
    assert kinds_of(channel) == ["created", "secret_rotated", "paused", "resumed"]
    channel.refresh_from_db()
    assert channel.signing_secrets()[1] == secret


def test_secret_rotation_needs_confirmation(desk: Client) -> None:
    webhook, secret = factories.webhook("https://liaison.example/in")
    page = act(desk, "renew_secret", webhook)
    assert str(webhook) in page.content.decode()
    assert kinds_of(webhook) == ["created"]
    page = act(desk, "renew_secret", webhook, confirmed=True)
    shown = re.findall(SECRET, page.content.decode())
    webhook.refresh_from_db()
    assert shown == webhook.signing_secrets()[:1] != [secret]
    assert_not_stored(desk, page, shown)


def test_new_stream_needs_confirmation_and_a_stream_channel(desk: Client) -> None:
    stream = factories.channel()
    webhook, _secret = factories.webhook("https://liaison.example/in")
    former = stream.stream_key
    assert "Start new stream" in act(desk, "start_new_stream", stream).content.decode()
    stream.refresh_from_db()
    assert stream.stream_key == former
    page = act(desk, "start_new_stream", stream, webhook, confirmed=True).content.decode()
    stream.refresh_from_db()
    assert stream.stream_key != former
    assert f"its new stream: {stream.stream_key}" in page
    assert "does not support this" in page
    assert kinds_of(stream)[-1] == "changed"


def test_change_events_record_field_names_without_values(desk: Client, ada: User) -> None:
    channel, _secret = factories.webhook("https://liaison.example/in?key=old")
    url = address(Channel, "change", channel.pk)
    data = {"name": channel.name, "url": "https://liaison.example/in?key=new", "is_active": "on"}
    assert desk.post(url, data | THRESHOLDS | {"alert_backlog": 7}).status_code == 302
    event = ChannelEvent.objects.get(channel=channel, kind="changed")
    assert (event.data, event.actor_label) == ({"fields": ["alert_backlog", "url"]}, ada.name)
    assert desk.post(url, data | THRESHOLDS | {"alert_backlog": 7}).status_code == 302
    assert kinds_of(channel) == ["created", "changed"]


def test_invalid_thresholds_and_stream_keys_are_refused(desk: Client) -> None:
    for wrong in (
        {"alert_backlog": 0},
        {"alert_after_minutes": 0},
        {"alert_backlog": 10_001},
        {"stream_key": "two words"},
    ):
        assert b"errorlist" in add(desk, "stream", **wrong).content
    assert not Channel.objects.exists()
    add(desk, "stream", alert_backlog=7, alert_after_minutes=3, stream_key="one-word")
    assert Channel.objects.values_list("alert_backlog", "alert_after_minutes").get() == (7, 3)


@pytest.mark.parametrize(
    "action", ["renew_secret", "start_new_stream", "pause", "resume", "resend_dead_letters"]
)
def test_actions_are_refused_to_non_admins(desk: Client, action: str) -> None:
    channel, _secret = factories.webhook("https://liaison.example/in")
    sealed = channel.secret_sealed
    clerk = factories.moderator()
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_channel"))
    page = browser_of(clerk).post(
        address(Channel, "changelist"),
        {"_selected_action": channel.pk, "action": action, "confirmed": "yes"},
        follow=True,
    )
    assert page.status_code == 403
    assert "whsec_" not in page.content.decode()
    channel.refresh_from_db()
    assert (channel.secret_sealed, channel.paused_at) == (sealed, None)
    assert list(ChannelEvent.objects.values_list("kind", flat=True)) in ([], ["created"])


def test_a_webhook_of_a_member_is_switched_off_as_the_alliance(desk: Client, ada: User) -> None:
    owner = factories.owner(factories.member())
    member = owner.memberships.get().member
    url = "https://hooks.example/in?key=secret-key"
    channel, _secret = factories.member_webhook(url, member, by=owner)
    change = address(Channel, "change", channel.pk)
    assert desk.post(change, form_data(desk.get(change), "channel_form")).status_code == 302
    assert kinds_of(channel) == ["created"]
    data = form_data(desk.get(change), "channel_form")
    data.pop("is_active")
    assert desk.post(change, data).status_code == 302
    channel.refresh_from_db()
    assert (channel.is_active, channel.url) == (False, url)
    event = channel.events.get(kind="switched_off")
    assert (event.actor_id, event.actor_label) == (ada.pk, ada.name)
    log = browser_of(owner).get(f"/webhooks/{member.slug}/{channel.pk}/?show=activity")
    assert "an administrator of the alliance" in log.content.decode()
    assert ada.name not in log.content.decode()
    # Only owners switch it on again.
    assert 'name="is_active"' not in desk.get(change).content.decode()
    desk.post(change, form_data(desk.get(change), "channel_form") | {"is_active": "on"})
    channel.refresh_from_db()
    assert not channel.is_active


def test_the_key_in_a_url_is_neither_found_nor_shown(desk: Client) -> None:
    member = factories.member()
    url = "https://hooks.example/in?key=secret-key"
    channel, _secret = factories.member_webhook(url, member)
    found = desk.get(address(Channel, "changelist"), {"q": "hooks.example"})
    assert channel.name not in found.content.decode()
    for page in ("change", "history"):
        text = desk.get(address(Channel, page, channel.pk)).content.decode()
        assert "https://hooks.example/in?…" in text
        assert "secret-key" not in text
