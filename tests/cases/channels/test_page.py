"""The page of a channel: its parts, pausing and resuming."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.liaison.delivery.numbering import assign_numbers
from cases.liaison.models import (
    Attempt,
    Channel,
    ChannelEvent,
    ChannelMinute,
    ChannelTest,
    Delivery,
)
from cases.services.channels import operating, setup
from members.models import User
from tests import factories
from tests.cases.channels.pages import URL, address, part, text
from tests.liaison.updates import change
from tests.personas import browser_of

pytestmark = pytest.mark.django_db


def test_dead_letters_are_listed_with_their_reason(desk: Client, channel: Channel) -> None:
    page = text(desk.get(address("channel", channel)))
    for row in Delivery.objects.filter(channel=channel).dead():
        assert f'value="{row.pk}"' in page
        assert row.update.referral.reference in page
    assert page.count("HTTP 500") >= 2
    assert "Resend all dead letters" in page


def test_failures_show_the_response_as_text(desk: Client, channel: Channel) -> None:
    Attempt.objects.create(
        channel=channel, delivery=channel.deliveries.first(), error="name_not_found", duration_ms=9
    )
    Attempt.objects.create(
        channel=channel, delivery=channel.deliveries.first(), status=204, duration_ms=9
    )
    response = desk.get(address("channel", channel, show="failures"))
    assert len(response.context["page"].rows) == 3
    page = text(response)
    assert "&lt;b&gt;disk full&lt;/b&gt;" in page
    assert "not found in the DNS" in page
    assert "41 ms" in page


@pytest.mark.parametrize("tab", ["dead", "failures", "tests", "activity"])
def test_tabs_are_paginated(desk: Client, tab: str, moderator: User) -> None:
    channel, _ = factories.webhook(URL)
    referral = factories.referred_case(channel.agency)
    for _ in range(26):
        change(referral.case, moderator)
    assign_numbers(channel.pk)
    for row in Delivery.objects.filter(channel=channel):
        Attempt.objects.create(channel=channel, delivery=row, status=500, duration_ms=1)
        ChannelTest.objects.create(channel=channel)
        ChannelEvent.objects.create(channel=channel, kind="changed")
    Delivery.objects.update(dead_at=Now(), dead_reason="x")
    first = desk.get(address("channel", channel, show=tab)).context["page"]
    assert len(first.rows) == 25
    url = address("channel", channel, show=tab, cursor=first.next)
    second = desk.get(url)
    assert len(second.context["page"].rows) in (2, 3)
    assert f"show={tab}" in text(second)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.context["page"].rows}
    with CaptureQueriesContext(connection) as queries:
        desk.get(address("channel", channel, show=tab))
    assert len(queries) <= 9


def test_all_parts_come_in_one_response(desk: Client, channel: Channel) -> None:
    url = address("channel", channel)
    page = text(part(desk, url, "channel-live"))
    assert "<html" not in page
    for place, words in {
        "channel-figures": "The last hour",
        "channel-part": "Resend selected updates",
        "channel-side": "Send test",
    }.items():
        assert page.count(f'<div id="{place}" hx-swap-oob="innerHTML">') == 1
        assert words in page
    whole = text(desk.get(url))
    assert whole.count("hx-get=") == 1, "one request refreshes all of it"
    assert "<html" in text(part(desk, url, "anything"))


@pytest.mark.parametrize(
    ("tab", "most"), [("dead", 8), ("failures", 8), ("tests", 8), ("activity", 8)]
)
def test_number_of_queries_of_a_refresh(
    desk: Client, channel: Channel, tab: str, most: int
) -> None:
    url = address("channel", channel, show=tab)
    part(desk, url, "channel-live")
    with CaptureQueriesContext(connection) as queries:
        part(desk, url, "channel-live")
    assert len(queries) <= most, [query["sql"][:120] for query in queries]


def test_chart_has_bars_and_a_text(desk: Client, channel: Channel) -> None:
    ChannelMinute.objects.create(channel=channel, minute=Now(), sent=1)
    ChannelMinute.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO liaison_channelminute (channel_id, minute, sent, failed) VALUES "
            "(%s, date_trunc('minute', statement_timestamp()) - interval '5 minutes', 1200, 3)",
            [channel.pk],
        )
    page = text(desk.get(address("channel", channel)))
    assert "1,200 sent, 3 failed, at most 1,203 in a minute" in page
    # The bar is ten units further left if a new minute has begun meanwhile.
    sent = r'<rect class="channel-chart-sent" x="5[34]1" y="1" width="8" height="119"/>'
    assert re.search(sent, page)
    failed = r'<rect class="channel-chart-failed" x="5[34]1" y="0" width="8" height="1"/>'
    assert re.search(failed, page)
    assert "style=" not in page


def test_a_pull_channel_shows_the_last_request(desk: Client) -> None:
    channel, _ = setup.create(
        agency=factories.agency(channels=0), by=factories.admin(), kind="pull", name="System"
    )
    page = text(desk.get(address("channel", channel)))
    assert "Nothing has been fetched yet." in page
    assert "Send test" not in page
    factories.referred_case(channel.agency)
    assign_numbers(channel.pk)
    Channel.objects.filter(pk=channel.pk).update(sent_seq=1, last_success_at=Now())
    assert "Last new update fetched:" in text(desk.get(address("channel", channel)))
    Delivery.objects.update(sent_at=Now(), acknowledged_at=Now())
    assert "Last acknowledgement:" in text(desk.get(address("channel", channel)))


def test_links_between_page_and_admin(channel: Channel) -> None:
    admin, change_url = (
        factories.admin(),
        reverse("admin:liaison_channel_change", args=[channel.pk]),
    )
    assert change_url in text(browser_of(admin).get(address("channel", channel)))
    assert change_url not in text(
        browser_of(factories.moderator()).get(address("channel", channel))
    )
    assert address("channel", channel) in text(browser_of(admin).get(change_url))


def test_pausing_needs_a_reason_and_keeps_the_input(desk: Client, channel: Channel) -> None:
    refused = desk.post(address("channel_pause", channel), {"reason": "x" * 301})
    assert refused.status_code == 422
    assert "x" * 301 in text(refused)
    assert desk.post(address("channel_pause", channel), {"reason": " "}).status_code == 422
    channel.refresh_from_db()
    assert not channel.is_paused
    done = desk.post(address("channel_pause", channel), {"reason": "They move house."})
    assert (done.status_code, done.url) == (302, address("channel", channel))
    page = text(desk.get(address("channel", channel)))
    assert "They move house." in page
    assert "Resume channel" in page
    activity = text(desk.get(address("channel", channel, show="activity")))
    assert "Mo Moderator" in activity
    assert "They move house." in activity


def test_resuming(desk: Client, moderator: User, channel: Channel) -> None:
    operating.pause(channel=channel, by=moderator, reason="x")
    assert "Waiting updates: 4" in text(desk.get(address("channel", channel)))
    assert desk.post(address("channel_resume", channel)).status_code == 302
    channel.refresh_from_db()
    assert not channel.is_paused
