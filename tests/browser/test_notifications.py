"""A filer chooses a digest, sees a decision at the bell and gets it by email the next morning; and ends a session."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Page, expect

from alliance.lib import clock
from cases import tasks
from cases.models import Case
from members.models import Digest, User
from tests import factories
from tests.personas import Personas, make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Personas:
    return make()


def test_from_the_settings_to_the_digest(
    page: Page, site: str, become: Callable[[User | None], None], cast: Personas
) -> None:
    factories.reason("uphold", label="Counterfeit shown by test purchase")
    case = factories.claimed_case(moderator=cast.moderator, by=cast.filer, citing=cast.right)
    become(cast.filer)
    _choose_the_digest(page, site)
    become(cast.moderator)
    _uphold(page, site, case)

    mail.outbox.clear()
    tasks.send_mails()
    assert not [message for message in mail.outbox if "upheld" in message.subject]
    with clock.at(Digest.objects.get().due_at + timedelta(minutes=1)):
        tasks.send_mails()
        tasks.send_mails()
    (message,) = [message for message in mail.outbox if "Daily digest" in message.subject]
    assert message.to == [cast.filer.email]

    become(cast.filer)
    page.goto(f"{site}/desk/")
    bell = page.get_by_role("link", name=re.compile("Notifications"))
    expect(bell).to_contain_text("1 unread")
    bell.click()
    row: Any = page.get_by_role("row").filter(has_text="Complaint upheld")
    expect(row.get_by_text("Unread", exact=True)).to_be_visible()
    row.get_by_role("link", name="Complaint upheld").click()
    expect(page).to_have_url(f"{site}/cases/{case.reference}/")
    expect(page.get_by_role("link", name=re.compile("Notifications"))).not_to_contain_text("unread")
    link = re.search(rf"{re.escape(site)}/cases/\S+", str(message.body))
    assert link
    page.goto(link[0])
    expect(page.get_by_role("heading", name=case.reference)).to_be_visible()


def _choose_the_digest(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/profile/")
    decisions = page.get_by_label("Decisions")
    decisions.select_option("In a daily digest")
    expect(page.get_by_label("Questions to answer").get_by_role("option")).to_have_count(2)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(decisions).to_have_value("digest")


def _uphold(page: Page, site: str, case: Case) -> None:
    page.goto(f"{site}/triage/{case.reference}/")
    page.get_by_role("button", name="Remove all").click()
    uphold = page.locator("#action-uphold")
    if not uphold.is_visible():
        page.locator("details:has(#action-uphold) > summary").click()
    # The shown label ends with the number that is its shortcut.
    reason = uphold.locator("option", has_text="Counterfeit shown by test purchase").first
    uphold.get_by_label("Reason", exact=True).select_option(reason.get_attribute("value"))
    uphold.get_by_label("Ground").select_option("illegal_content")
    uphold.get_by_label("Facts").fill("The label is misspelt.")
    uphold.get_by_role("button", name="Uphold", exact=True).click()
    expect(page.get_by_role("heading", name="Triage")).to_be_visible()


def test_marking_as_read(
    page: Page, site: str, become: Callable[[User | None], None], cast: Personas
) -> None:
    about = {"by": cast.filer, "citing": cast.right, "moderator": cast.moderator}
    factories.removed_case(**about)
    become(cast.filer)
    page.goto(f"{site}/notifications/")
    expect(page.get_by_text("Unread", exact=True)).to_have_count(3)  # a tab and two rows
    page.get_by_role("button", name=re.compile("Mark “Listings removed”")).click()
    expect(page.get_by_text("Unread", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("All notifications were marked as read.")).to_be_visible()
    page.get_by_role("navigation", name="Notifications").get_by_role("link", name="Unread").click()
    expect(page.get_by_role("heading", name="You have read everything")).to_be_visible()


def test_another_session_is_ended(
    page: Page, site: str, become: Callable[[User | None], None], cast: Personas
) -> None:
    other = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    other.post("/accounts/login/", {"login": cast.filer.email, "password": "password"})
    assert other.get("/desk/").status_code == 200
    become(cast.filer)
    page.goto(f"{site}/accounts/profile/")
    page.get_by_role("navigation", name="Account").get_by_role("link", name="Sessions").click()
    page.get_by_label(re.compile("End session: Firefox, Windows")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("End this session?")).to_be_visible()
    dialog.get_by_role("button", name="End session").click()
    expect(page.get_by_text("The session was ended.")).to_be_visible()
    expect(page.get_by_text("Firefox, Windows")).to_have_count(0)
    assert other.get("/desk/").status_code == 302
    page.goto(f"{site}/desk/")
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
