"""The operator's pages: what stands where, and every act with its refusals."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.lib import http
from cases.liaison.channels import webhook
from cases.liaison.models import (
    Attempt,
    Channel,
    ChannelEvent,
    ChannelTest,
    Delivery,
    LaneMinute,
)
from cases.liaison.relay import number
from cases.services import channels
from cases.templatetags.channels import ERRORS
from members.models import User
from tests import factories
from tests.liaison.updates import change
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
URL = "https://liaison.example/updates"


@pytest.fixture
def moderator() -> User:
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def desk(moderator: User) -> Client:
    return browser_of(moderator)


@pytest.fixture
def line() -> Channel:
    """A webhook with four updates of two cases, numbered; the first of each was given up."""
    channel, _ = factories.webhook(URL)
    for _ in range(2):
        referral = factories.referred_case(channel.agency)
        change(referral.case, factories.moderator())
    number(channel.pk)
    for row in Delivery.objects.filter(channel=channel, update__sequence=1):
        Delivery.objects.filter(pk=row.pk).update(
            attempts=22, dead_at=Now(), dead_reason="HTTP 500"
        )
        Attempt.objects.create(
            channel=channel,
            delivery=row,
            status=500,
            excerpt="<b>disk full</b>",
            duration_ms=41,
        )
    channel.refresh_from_db()
    return channel


def address(name: str, channel: Channel, *more: Any, **query: Any) -> str:
    url = reverse(f"triage:{name}", args=[channel.pk, *more])
    return f"{url}?{urlencode(query)}" if query else url


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def part(desk: Client, url: str, target: str) -> Any:
    """Ask as htmx does."""
    return desk.get(url, headers={"HX-Request": "true", "HX-Target": target})


# --- The list --------------------------------------------------------------------------------


def test_the_worst_stands_first(desk: Client, moderator: User, line: Channel) -> None:
    fine = factories.channel(factories.agency(channels=0, name="Aaa"), last_success_at=Now())
    unused = factories.channel(factories.agency(channels=0, name="Aab"), is_active=False)
    paused = factories.channel(factories.agency(channels=0, name="Aac"))
    channels.pause(channel=paused, by=moderator, reason="They move house.")
    broken, _ = factories.webhook(URL)
    Channel.objects.filter(pk=broken.pk).update(
        failures=7, last_error="HTTP 503", next_attempt_at=Now() + timedelta(minutes=4)
    )
    shown = [row["lane"].channel for row in desk.get(reverse("triage:channels")).context["rows"]]
    assert shown == [broken, paused, line, fine, unused]
    page = text(desk.get(reverse("triage:channels")))
    for words in ("They move house.", "next try", "HTTP 503", "Not reachable: 1", "In order: 2"):
        assert words in page


def test_the_list_is_narrowed_by_its_address(desk: Client, line: Channel) -> None:
    stream = factories.channel()

    def shown(**query: Any) -> list[Channel]:
        page = desk.get(reverse("triage:channels"), query)
        assert page.status_code == 200
        return [row["lane"].channel for row in page.context["rows"]]

    assert shown(kind="stream") == [stream]
    assert shown(agency=line.agency.pk) == [line]
    assert shown(state="inactive") == []
    assert shown(kind="webhook", state="ok") == [line]
    assert len(shown(kind="pigeon", agency="x", state="'")) == 2
    assert shown(state="behind") == []
    channels.pause(channel=line, by=factories.moderator(), reason="x")
    Channel.objects.filter(pk=line.pk).update(alert_backlog=1)
    assert shown(state="behind") == shown(state="paused") == [line]


def test_the_list_asks_as_much_for_many_as_for_few(desk: Client, line: Channel) -> None:
    desk.get(reverse("triage:channels"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse("triage:channels")).status_code == 200
        return len(queries)

    few = asked()
    for _ in range(6):
        LaneMinute.objects.create(channel=factories.channel(), minute=Now(), sent=3)
    assert asked() == few <= 7


def test_a_key_in_an_address_is_shown_to_nobody(desk: Client) -> None:
    channel, _ = factories.webhook(f"{URL}?key=their-key")
    pages = text(desk.get(reverse("triage:channels"))) + text(desk.get(address("channel", channel)))
    assert "their-key" not in pages
    assert f"{URL}?…" in pages


def test_the_navigation_leads_there(desk: Client) -> None:
    for person in (desk, browser_of(factories.admin())):
        page = person.get(reverse("triage:channels"))
        assert {"label": "Channels", "url": "/triage/channels/", "active": True} in page.context[
            "nav"
        ]


# --- The page of a channel -------------------------------------------------------------------


def test_what_was_given_up_stands_with_its_reason(desk: Client, line: Channel) -> None:
    page = text(desk.get(address("channel", line)))
    for row in Delivery.objects.filter(channel=line).dead():
        assert f'value="{row.pk}"' in page
        assert row.update.referral.reference in page
    assert page.count("HTTP 500") >= 2
    assert "Send all again" in page


def test_failures_show_the_answer_as_text(desk: Client, line: Channel) -> None:
    Attempt.objects.create(
        channel=line, delivery=line.deliveries.first(), error="name_not_found", duration_ms=9
    )
    Attempt.objects.create(
        channel=line, delivery=line.deliveries.first(), status=204, duration_ms=9
    )
    response = desk.get(address("channel", line, show="failures"))
    assert len(response.context["page"].rows) == 3
    page = text(response)
    assert "&lt;b&gt;disk full&lt;/b&gt;" in page
    assert "not found in the DNS" in page
    assert "41 ms" in page


@pytest.mark.parametrize("tab", ["dead", "failures", "tests", "acts"])
def test_long_lists_come_in_pages(desk: Client, tab: str, moderator: User) -> None:
    channel, _ = factories.webhook(URL)
    referral = factories.referred_case(channel.agency)
    for _ in range(26):
        change(referral.case, moderator)
    number(channel.pk)
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


def test_a_part_comes_alone_when_htmx_asks_for_it(desk: Client, line: Channel) -> None:
    parts = {
        "channel-figures": "The last hour",
        "channel-part": "Send the chosen again",
        "channel-side": "Send a test",
    }
    for target, words in parts.items():
        page = text(part(desk, address("channel", line), target))
        assert words in page
        assert "<html" not in page
        assert not any(w in page for t, w in parts.items() if t != target)
    page = text(part(desk, reverse("triage:channels"), "channel-rows"))
    assert "<html" not in page
    assert str(line.agency) in page
    assert "<html" in text(part(desk, address("channel", line), "anything"))


def test_the_chart_is_drawn_and_told(desk: Client, line: Channel) -> None:
    LaneMinute.objects.create(channel=line, minute=Now(), sent=1)
    LaneMinute.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO liaison_laneminute (channel_id, minute, sent, failed) VALUES "
            "(%s, date_trunc('minute', now()) - interval '5 minutes', 1200, 3)",
            [line.pk],
        )
    page = text(desk.get(address("channel", line)))
    assert "1,200 sent, 3 failed, at most 1,203 in a minute" in page
    assert re.search(r'<rect class="lane-chart-sent" x="541" y="1" width="8" height="119"/>', page)
    assert re.search(r'<rect class="lane-chart-failed" x="541" y="0" width="8" height="1"/>', page)
    assert "style=" not in page


def test_a_pull_channel_says_when_its_agency_last_came(desk: Client) -> None:
    channel, _ = channels.create(
        agency=factories.agency(channels=0), by=factories.admin(), kind="pull", name="System"
    )
    page = text(desk.get(address("channel", channel)))
    assert "It has never fetched anything." in page
    assert "Send a test" not in page
    factories.referred_case(channel.agency)
    number(channel.pk)
    Channel.objects.filter(pk=channel.pk).update(sent_seq=1, last_success_at=Now())
    assert "It last fetched something new on" in text(desk.get(address("channel", channel)))
    Delivery.objects.update(sent_at=Now(), acknowledged_at=Now())
    assert "It last acknowledged on" in text(desk.get(address("channel", channel)))


def test_the_way_to_the_admin_is_shown_to_admins_and_leads_back(line: Channel) -> None:
    admin, change_url = factories.admin(), reverse("admin:liaison_channel_change", args=[line.pk])
    assert change_url in text(browser_of(admin).get(address("channel", line)))
    assert change_url not in text(browser_of(factories.moderator()).get(address("channel", line)))
    assert address("channel", line) in text(browser_of(admin).get(change_url))


# --- Pause and resume ------------------------------------------------------------------------


def test_pausing_needs_a_reason_and_keeps_what_was_typed(desk: Client, line: Channel) -> None:
    refused = desk.post(address("channel_pause", line), {"reason": "x" * 301})
    assert refused.status_code == 422
    assert "x" * 301 in text(refused)
    assert desk.post(address("channel_pause", line), {"reason": " "}).status_code == 422
    line.refresh_from_db()
    assert not line.is_paused
    done = desk.post(address("channel_pause", line), {"reason": "They move house."})
    assert (done.status_code, done.url) == (302, address("channel", line))
    page = text(desk.get(address("channel", line)))
    assert "They move house." in page
    assert "Resume the channel" in page
    acts = text(desk.get(address("channel", line, show="acts")))
    assert "Mo Moderator" in acts
    assert "They move house." in acts


def test_resuming(desk: Client, moderator: User, line: Channel) -> None:
    channels.pause(channel=line, by=moderator, reason="x")
    assert "Waiting: 4" in text(desk.get(address("channel", line)))
    assert desk.post(address("channel_resume", line)).status_code == 302
    line.refresh_from_db()
    assert not line.is_paused


# --- Send again ------------------------------------------------------------------------------


def test_one_is_sent_again(desk: Client, line: Channel) -> None:
    first, second = Delivery.objects.filter(channel=line).dead().order_by("seq")
    done = desk.post(
        address("channel_send_again", line), {"one": first.pk, "delivery": [second.pk]}
    )
    assert done.status_code == 302
    assert said(done) == ["1 update is due again."]
    assert list(Delivery.objects.filter(channel=line).dead()) == [second]
    assert ChannelEvent.objects.get(kind="sent_again").data == {"numbers": [first.seq]}
    assert f"numbers {first.seq}" in text(desk.get(address("channel", line, show="acts")))


def test_many_are_sent_again_and_none_of_another_channel(desk: Client, line: Channel) -> None:
    other, _ = factories.webhook(URL)
    factories.referred_case(other.agency)
    Delivery.objects.filter(channel=other).update(dead_at=Now(), dead_reason="x")
    chosen = list(Delivery.objects.dead().values_list("pk", flat=True))
    assert len(chosen) == 3
    done = desk.post(address("channel_send_again", line), {"delivery": [*chosen, "x", "9" * 30]})
    assert said(done) == ["2 updates are due again."]
    assert Delivery.objects.dead().get().channel == other
    again = desk.post(address("channel_send_again", line), {"delivery": chosen})
    assert said(again)[-1:] == ["Nothing was left to send again: somebody was faster."]


def test_none_chosen_is_refused_in_words(desk: Client, line: Channel) -> None:
    refused = desk.post(address("channel_send_again", line), {})
    assert refused.status_code == 422
    assert "Choose at least one update" in text(refused)
    assert Delivery.objects.filter(channel=line).dead().count() == 2


def test_all_are_sent_again(desk: Client, line: Channel) -> None:
    assert said(desk.post(address("channel_send_all_again", line))) == ["2 updates are due again."]
    assert not Delivery.objects.dead().exists()
    stream = factories.channel()
    refused = desk.post(address("channel_send_all_again", stream))
    assert refused.status_code == 422
    assert "Redis stream" in text(refused)


def test_a_replay_says_how_many_before_it_sends(desk: Client, line: Channel) -> None:
    Delivery.objects.filter(channel=line).update(sent_at=Now(), dead_at=None, dead_reason="")
    page = text(desk.get(address("channel_replay", line, from_seq=2)))
    assert "3 updates would be sent again: everything from number 2 on." in page
    assert not Delivery.objects.filter(sent_at=None).exists(), "looking sends nothing"
    done = desk.post(address("channel_replay", line), {"from_seq": 2})
    assert said(done) == ["3 updates are due again."]
    waiting = Delivery.objects.filter(sent_at=None).order_by("seq")
    assert list(waiting.values_list("seq", flat=True)) == [2, 3, 4]


@pytest.mark.parametrize(
    ("typed", "words"),
    [("5", "the last one is 4"), ("0", "greater than or equal to 1"), ("two", "whole number")],
)
def test_a_replay_of_nothing_is_refused_and_keeps_what_was_typed(
    desk: Client, line: Channel, typed: str, words: str
) -> None:
    for page in (
        desk.get(address("channel_replay", line, from_seq=typed)),
        desk.post(address("channel_replay", line), {"from_seq": typed}),
    ):
        assert page.status_code == 422
        assert words in text(page)
        assert f'value="{typed}"' in text(page)
        assert "Send them again" not in text(page)
    assert not ChannelEvent.objects.filter(kind="replayed").exists()


def test_a_stream_is_not_replayed(desk: Client) -> None:
    stream = factories.channel(numbered_seq=3)
    refused = desk.post(address("channel_replay", stream), {"from_seq": "1"})
    assert refused.status_code == 422
    assert "Redis stream" in text(refused)


# --- The test button -------------------------------------------------------------------------


def test_a_test_is_asked_for_and_shown(desk: Client, line: Channel) -> None:
    done = desk.post(address("channel_test", line))
    test = ChannelTest.objects.get()
    url = address("channel_test_result", line, test.pk)
    assert (done.status_code, done.url) == (302, url)
    waiting = part(desk, url, "test-result")
    assert waiting.status_code == 200
    assert "Waiting for a worker" in text(waiting)
    assert "hx-get" in text(desk.get(url))
    again = desk.post(address("channel_test", line))
    assert again.status_code == 409
    assert "still to come" in text(again)
    ChannelTest.objects.update(
        started_at=Now(), finished_at=Now(), status=500, sent="POST /", answer="<i>oops</i>"
    )
    finished = part(desk, url, "test-result")
    assert finished.status_code == 286, "polling ends"
    for words in ("POST /", "&lt;i&gt;oops&lt;/i&gt;", "look into its logs", "Send another test"):
        assert words in text(finished)
    assert "hx-get" not in text(desk.get(url))


def test_a_test_that_was_lost_says_what_to_do(desk: Client, line: Channel) -> None:
    test = ChannelTest.objects.create(channel=line, started_at=Now() - timedelta(minutes=2))
    assert "did not finish" in text(desk.get(address("channel_test_result", line, test.pk)))
    ChannelTest.objects.update(started_at=None, asked_at=Now() - timedelta(minutes=6))
    assert "whether the workers run" in text(
        desk.get(address("channel_test_result", line, test.pk))
    )


def test_a_test_belongs_to_its_channel(desk: Client, line: Channel) -> None:
    test = ChannelTest.objects.create(channel=factories.channel())
    assert desk.get(address("channel_test_result", line, test.pk)).status_code == 404
    assert desk.get(address("channel_test_result", line, uuid.uuid4())).status_code == 404


def test_a_paused_channel_says_that_tests_go_through(
    desk: Client, moderator: User, line: Channel
) -> None:
    channels.pause(channel=line, by=moderator, reason="x")
    assert "although the channel is paused" in text(desk.get(address("channel", line)))
    assert desk.post(address("channel_test", line)).status_code == 302
    url = address("channel_test_result", line, ChannelTest.objects.get().pk)
    assert "tests go through, updates wait" in text(desk.get(url))


def test_every_way_to_fail_has_its_words() -> None:
    kinds = set()
    for module in (http, webhook):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        kinds |= set(re.findall(r"(?:Failed|Unusable)\(\s*\"(\w+)\"", source))
        kinds |= set(re.findall(r"Failed\(\s*\"\w+\" if .*? else \"(\w+)\"", source))
    assert {"name_not_found", "timed_out", "secret_unreadable", "connect_failed"} <= kinds
    assert kinds <= set(ERRORS), kinds - set(ERRORS)
