"""The list of channels: order, filters, pages, and a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.liaison.models import Channel, ChannelMinute, Delivery
from cases.liaison.monitoring import alerts, status
from cases.liaison.monitoring.status import ChannelState
from cases.services.channels import operating
from cases.views.channels import channel_list
from members.models import User
from tests import factories
from tests.cases.channels.pages import URL, address, part, text
from tests.personas import browser_of

pytestmark = pytest.mark.django_db


def test_most_urgent_first(desk: Client, moderator: User, channel: Channel) -> None:
    fine = factories.channel(factories.agency(channels=0, name="Aaa"), last_success_at=Now())
    unused = factories.channel(factories.agency(channels=0, name="Aab"), is_active=False)
    paused = factories.channel(factories.agency(channels=0, name="Aac"))
    operating.pause(channel=paused, by=moderator, reason="They move house.")
    broken, _ = factories.webhook(URL)
    Channel.objects.filter(pk=broken.pk).update(
        failures=7, last_error="HTTP 503", next_attempt_at=Now() + timedelta(minutes=4)
    )
    shown = [row["status"].channel for row in desk.get(reverse("triage:channels")).context["rows"]]
    assert shown == [broken, paused, channel, fine, unused]
    page = text(desk.get(reverse("triage:channels")))
    for words in ("They move house.", "next attempt", "HTTP 503", "Unreachable: 1", "Normal: 2"):
        assert words in page


def test_filters_in_the_url(desk: Client, channel: Channel) -> None:
    stream = factories.channel()

    def shown(**query: Any) -> list[Channel]:
        page = desk.get(reverse("triage:channels"), query)
        assert page.status_code == 200
        return [row["status"].channel for row in page.context["rows"]]

    assert shown(kind="stream") == [stream]
    assert shown(agency=channel.agency.pk) == [channel]
    assert shown(state="inactive") == []
    assert shown(kind="webhook", state="ok") == [channel]
    assert len(shown(kind="pigeon", agency="x", state="'")) == 2
    assert shown(state="behind") == []
    operating.pause(channel=channel, by=factories.moderator(), reason="x")
    Channel.objects.filter(pk=channel.pk).update(alert_backlog=1)
    assert shown(state="behind") == shown(state="paused") == [channel]


def test_number_of_queries_is_constant(desk: Client, channel: Channel) -> None:
    url = reverse("triage:channels")
    desk.get(url)

    def count_queries(ask: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        return len(queries)

    few = count_queries(lambda: desk.get(url))
    for _ in range(6):
        ChannelMinute.objects.create(channel=factories.channel(), minute=Now(), sent=3)
    assert count_queries(lambda: desk.get(url)) == few <= 7
    assert count_queries(lambda: part(desk, url, "channel-list")) <= 6


def test_only_the_channels_of_a_page_are_counted(
    desk: Client, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_list, "PAGE", 3)
    fine = [factories.channel(factories.agency(channels=0)) for _ in range(6)]
    down, _ = factories.webhook(URL)
    Channel.objects.filter(pk=down.pk).update(
        failures=9, next_attempt_at=Now() + timedelta(hours=1)
    )
    counted: list[int] = []
    of = status.of

    def recording_of(channels: Iterable[Channel]) -> list[status.ChannelStatus]:
        rows = list(channels)
        counted.append(len(rows))
        return of(rows)

    monkeypatch.setattr(status, "of", recording_of)
    seen, url = [], reverse("triage:channels")
    for size in (3, 3, 2):
        page = desk.get(url)
        shown = [row["status"].channel for row in page.context["rows"]]
        assert len(shown) == counted.pop() == size
        assert page.context["summary"] == "Unreachable: 1, Normal: 7"
        seen += shown
        url = f"{reverse('triage:channels')}?cursor={page.context['page'].next}"
    assert seen[:2] == [down, channel], "urgent channels are on the first page"
    assert {channel.pk for channel in seen} == {c.pk for c in (down, channel, *fine)}
    assert "Previous" in text(page)
    assert page.context["page"].next is None


def test_channels_noticed_as_behind_come_before_normal_ones(
    desk: Client, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_list, "PAGE", 1)
    Channel.objects.filter(pk=channel.pk).update(name="Zzz", alert_backlog=1)
    dead_at = Delivery.objects.filter(channel=channel).update(dead_at=None, dead_reason="")
    first = factories.channel(factories.agency(channels=0, name="Aaa"))
    assert dead_at
    url = reverse("triage:channels")
    [row] = desk.get(url).context["rows"]
    assert row["status"].channel == first
    alerts.check()
    response = desk.get(url)
    [row] = response.context["rows"]
    assert row["status"].channel == channel
    assert response.context["summary"] == "Behind: 1, Normal: 1"


@pytest.mark.parametrize("state", ChannelState.values)
def test_filter_by_each_state(desk: Client, channel: Channel, moderator: User, state: str) -> None:
    """The filter and the badge agree for every combination of fields."""
    rows = Channel.objects
    for fields in (
        {"failures": 7, "next_attempt_at": Now() + timedelta(hours=1)},
        {"failures": 7, "next_attempt_at": Now()},
        {"failures": 2},
        {"is_active": False},
        {"is_active": False, "failures": 7},
        {"paused_at": Now(), "pause_reason": "x", "failures": 7},
    ):
        rows.filter(pk=factories.webhook(URL)[0].pk).update(**fields)
    Channel.objects.filter(pk=channel.pk).update(alert_backlog=1)
    behind_of_old = factories.channel(behind_since=Now())
    all_rows = desk.get(reverse("triage:channels")).context["rows"]
    found = desk.get(reverse("triage:channels"), {"state": state}).context["rows"]
    expected = {row["status"].channel.pk for row in all_rows if row["status"].state == state}
    assert {row["status"].channel.pk for row in found} == expected != set()
    assert behind_of_old.pk in {row["status"].channel.pk for row in all_rows}


def test_a_key_in_a_url_is_not_shown(desk: Client) -> None:
    channel, _ = factories.webhook(f"{URL}?key=their-key")
    pages = text(desk.get(reverse("triage:channels"))) + text(desk.get(address("channel", channel)))
    assert "their-key" not in pages
    assert f"{URL}?…" in pages


def test_link_in_the_navigation(desk: Client) -> None:
    for person in (desk, browser_of(factories.admin())):
        page = person.get(reverse("triage:channels"))
        assert ("Channels", "/triage/channels/", True) in [
            (item["label"], item["url"], item["active"]) for item in page.context["nav"]
        ]


def test_without_channels_admins_get_a_link(desk: Client) -> None:
    Channel.objects.all().delete()
    page = text(desk.get(reverse("triage:channels")))
    assert "No channels yet" in page
    assert "Create channel" not in page
    assert "Filter channels" not in page
    page = text(browser_of(factories.admin()).get(reverse("triage:channels")))
    assert reverse("admin:liaison_channel_add") in page
    assert "No channels match" in text(desk.get(reverse("triage:channels"), {"kind": "pull"}))
