"""The operator's pages in a browser: live refresh, kept input, resending and tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Request, expect
from standardwebhooks.webhooks import Webhook

from cases.liaison.delivery import numbering, resend
from cases.liaison.models import Channel, ChannelMinute, ChannelTest, Delivery
from cases.services.channels import operating
from members.models import User
from tests import factories
from tests.liaison.receiver import Receiver, status
from tests.liaison.updates import change
from tests.processes import worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def channel() -> Channel:
    """A webhook with three updates; the first is a dead letter."""
    channel, _ = factories.webhook("https://liaison.example/updates")
    for _ in range(3):
        factories.referred_case(channel.agency)
    numbering.assign_numbers(channel.pk)
    make_dead(channel, 1)
    return channel


def make_dead(channel: Channel, seq: int) -> None:
    Delivery.objects.filter(channel=channel, seq=seq).update(dead_at=Now(), dead_reason="HTTP 500")


def refresh(page: Page) -> None:
    """Refresh every part now."""
    page.evaluate(
        "document.querySelectorAll('[data-live]').forEach((e) => htmx.trigger(e, 'live'))"
    )


def requested_parts(page: Page) -> list[str]:
    """Return a list that collects the parts requested from now on."""
    parts: list[str] = []

    def note(request: Request) -> None:
        if part := request.headers.get("hx-target"):
            parts.append(part)

    page.on("request", note)
    return parts


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.evaluate("window.opened = true")


def was_not_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.opened === true"))


def test_the_list_is_refreshed(page: Page, site: str, become: Callable[[User], None]) -> None:
    moderator, channel = factories.moderator(), factories.channel()
    become(moderator)
    open_page(page, site + reverse("triage:channels"))
    row = page.get_by_role("row").filter(has_text=channel.agency.name)
    expect(row).to_contain_text("Normal")
    link = row.get_by_role("link")
    page.keyboard.press("j")
    expect(link).to_be_focused()
    operating.pause(channel=channel, by=moderator, reason="They move house.")
    expect(row).to_contain_text("They move house.", timeout=15_000)
    expect(page.locator("[data-live-status]")).to_have_text("Paused: 1")
    expect(link).to_be_focused()
    assert was_not_reloaded(page)


def test_selection_and_input_survive_a_refresh(
    page: Page, site: str, become: Callable[[User], None], channel: Channel
) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    ChannelMinute.objects.create(channel=channel, minute=minute, sent=7)
    become(factories.moderator())
    open_page(page, site + reverse("triage:channel", args=[channel.pk]))
    box = page.get_by_role("checkbox", name="Select update 1")
    box.check()
    page.get_by_label("Reason for the pause").fill("They move")
    make_dead(channel, 2)
    figure = page.locator("#channel-figures .stat", has_text="Dead letters")
    parts = requested_parts(page)
    refresh(page)
    expect(figure).to_contain_text("2")
    assert set(parts) == {"channel-live"}, "one request for all"
    expect(
        page.get_by_text("These rows are not refreshed while you select or type.")
    ).to_be_visible()
    expect(box).to_be_checked()
    expect(page.get_by_role("checkbox", name="Select update 2")).to_have_count(0)
    box.uncheck()
    refresh(page)
    expect(
        page.get_by_text("These rows are not refreshed while you select or type.")
    ).to_be_hidden()
    expect(page.get_by_role("checkbox", name="Select update 2")).to_be_visible()
    expect(page.get_by_label("Reason for the pause")).to_have_value("They move")
    page.get_by_text("Show as a table").click()
    make_dead(channel, 3)
    refresh(page)
    expect(figure).to_contain_text("3")
    expect(page.locator("#rate-table tbody")).to_contain_text("7")
    assert was_not_reloaded(page)


def test_a_hidden_page_is_not_refreshed(
    page: Page, site: str, become: Callable[[User], None]
) -> None:
    become(factories.moderator())
    page.goto(site + reverse("triage:channels"))
    parts = requested_parts(page)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})"
    )
    refresh(page)
    page.wait_for_timeout(300)
    assert parts == []
    with page.expect_request(lambda request: request.headers.get("hx-target") == "channel-list"):
        page.evaluate(
            "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"
        )


def test_an_unreachable_portal_is_reported(
    page: Page, site: str, become: Callable[[User], None], browser_errors: list[str]
) -> None:
    become(factories.moderator())
    page.goto(site + reverse("triage:channels"))
    page.route("**/triage/channels/", lambda route: route.abort())
    refresh(page)
    expect(page.get_by_text("These figures are out of date")).to_be_visible()
    expect(page.locator("#messages .notice")).to_have_count(0)
    page.unroute("**/triage/channels/")
    refresh(page)
    expect(page.get_by_text("These figures are out of date")).to_be_hidden()
    browser_errors[:] = [words for words in browser_errors if "htmx:sendError" not in words]


def test_an_unreachable_portal_is_retried_with_backoff(
    page: Page, site: str, become: Callable[[User], None], browser_errors: list[str]
) -> None:
    become(factories.moderator())
    page.clock.install()
    page.goto(site + reverse("triage:channels"))
    made = page.locator(".as-of time")
    first = made.get_attribute("datetime")
    page.route("**/triage/channels/", lambda route: route.fulfill(status=502, body="<html>away"))
    parts = requested_parts(page)

    def requests_within(seconds: int) -> int:
        """Return the number of requests within ``seconds``."""
        before = len(parts)
        for _ in range(seconds):
            page.clock.run_for(1000)
            page.wait_for_timeout(20)
        return len(parts) - before

    assert requests_within(6) == 1
    expect(page.get_by_text("These figures are out of date")).to_be_visible()
    assert requests_within(35) == 2, "after ten seconds, then after twenty"
    assert requests_within(5 * 60) <= 5
    expect(page.get_by_text("Retrying every few minutes.")).to_be_visible()
    assert made.get_attribute("datetime") == first, "the time of the shown figures"
    page.unroute("**/triage/channels/")
    refresh(page)
    expect(page.get_by_text("These figures are out of date")).to_be_hidden()
    assert made.get_attribute("datetime") != first
    assert 1 <= requests_within(6) <= 2, "as often as before"
    browser_errors[:] = [words for words in browser_errors if "Response Status" not in words]


def test_another_page_is_not_shown_as_a_refresh(
    page: Page, site: str, become: Callable[[User], None]
) -> None:
    become(factories.moderator())
    page.goto(site + reverse("triage:channels"))
    page.route("**/triage/channels/", lambda route: route.fulfill(body="<p>Please log in."))
    refresh(page)
    expect(page.get_by_text("These figures are out of date")).to_be_visible()
    expect(page.get_by_text("Please log in.")).to_have_count(0)


def test_progress_of_a_replay_and_stop(
    page: Page,
    site: str,
    become: Callable[[User], None],
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resend, "SLICE", 1)
    become(factories.moderator())
    page.goto(site + reverse("triage:channel_replay", args=[channel.pk]) + "?from_seq=1")
    page.get_by_role("button", name="Replay updates").click()
    bar = page.get_by_role("progressbar", name="Replaying from number 1")
    expect(bar).to_have_attribute("value", "1")
    resend.run_open_order(channel.pk)
    refresh(page)
    expect(bar).to_have_attribute("value", "2")
    page.locator("summary", has_text="Stop resend").press("Enter")
    refresh(page)
    page.get_by_role("dialog").get_by_role("button", name="Stop resend").press("Enter")
    expect(page.get_by_text("The resend was stopped on")).to_be_visible()
    assert list(Delivery.objects.filter(attempts=0).dead()) == []


def test_dead_letters_are_resent_by_keyboard(
    page: Page, site: str, become: Callable[[User], None], channel: Channel
) -> None:
    make_dead(channel, 2)
    become(factories.moderator())
    page.goto(site + reverse("triage:channel", args=[channel.pk]))
    page.get_by_role("checkbox", name="Select update 1").press("Space")
    page.locator("summary", has_text="Resend selected updates").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Resend selected updates").press("Enter")
    expect(page.get_by_text("1 update is queued for resending.")).to_be_visible()
    assert list(Delivery.objects.dead().values_list("seq", flat=True)) == [2]
    page.locator("summary", has_text="Resend all dead letters").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Resend all dead letters").press("Enter")
    expect(page.get_by_text("No failures")).to_be_visible()
    page.get_by_label("From number").fill("2")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("2 updates will be resent")).to_be_visible()
    page.get_by_role("button", name="Replay updates").click()
    expect(page.get_by_text("2 updates are queued for resending.")).to_be_visible()


@pytest.mark.worker
def test_the_test_button_shows_the_exact_response(
    page: Page, site: str, become: Callable[[User], None], settings: Any, tmp_path: Path
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    become(factories.moderator())
    with Receiver(answer=status(422, b"unknown <kind>", x_inbox="north-7")) as receiver:
        channel, secret = factories.webhook(receiver.url)
        referral = factories.referred_case(channel.agency)
        operating.pause(channel=channel, by=factories.moderator(), reason="They move house.")
        with worker(tmp_path / "worker.log", WEBHOOK_ALLOW_PRIVATE="1", SITE_URL=site):
            page.goto(site + reverse("triage:channel", args=[channel.pk]))
            page.locator("summary", has_text="Send test").click()
            page.get_by_role("dialog").get_by_role("button", name="Send test").click()
            expect(page.locator("#test-result .channel-state")).to_contain_text(
                "Failed", timeout=20_000
            )
        answer = page.get_by_role("region", name="Response")
        expect(answer).to_contain_text("HTTP/1.1 422")
        expect(answer).to_contain_text("x-inbox: north-7")
        expect(answer).to_contain_text("unknown <kind>")
        sent = page.get_by_role("region", name="Sent")
        [call] = receiver.calls
        assert Webhook(secret).verify(call.body, call.headers)
        expect(sent).to_contain_text(call.headers["webhook-signature"])
        expect(sent).to_contain_text(call.body.decode())
        assert secret not in page.content()
        assert call.data["kind"] == "test"
    test = ChannelTest.objects.get()
    assert re.search(str(test.pk), page.url)
    change(referral.case, factories.moderator())
    channel.refresh_from_db()
    assert (channel.failures, channel.sent_seq) == (0, 0), "a test is not a delivery"
    page.get_by_role("link", name="Back to the channel").click()
    page.get_by_role("link", name="Tests").click()
    expect(page.get_by_role("row").filter(has_text="422")).to_be_visible()
