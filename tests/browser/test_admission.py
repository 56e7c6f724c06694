"""A person applies for an organisation, answers a question, and becomes the first owner of a new member."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from cases import tasks
from members import checklist
from members.models import Member, User
from tests import factories
from tests.browser.test_accessibility import faults

pytestmark = pytest.mark.django_db(transaction=True)


def link_in_mail(site: str, to: str) -> str:
    """Send the queued emails, and return the link in the latest one to the address."""
    tasks.send_mails()
    body = next(one.body for one in reversed(mail.outbox) if one.to == [to] and site in one.body)
    found = re.search(rf"{re.escape(site)}\S+", str(body))
    assert found
    return found[0]


def test_from_the_application_to_the_first_owner(
    page: Page, browser: Browser, site: str, become: Callable[[User | None], None], tmp_path: Path
) -> None:
    industry, moderator = factories.industry(), factories.moderator(name="Mo Moderator")
    factories.member(name="Rowan Looms Inc")
    paper = tmp_path / "paper.png"
    paper.write_bytes(factories.png_bytes())
    applicant = browser.new_context().new_page()
    applicant.set_default_timeout(15_000)
    applicant.goto(f"{site}/")
    applicant.get_by_role("navigation", name="Main").get_by_role("link", name="Join").click()
    applicant.get_by_label("Your work email address").fill("ana@rowan.example")
    applicant.get_by_role("button", name="Send link").click()
    expect(applicant.get_by_role("heading", name="Check your email")).to_be_visible()
    applicant.goto(link_in_mail(site, "ana@rowan.example"))
    applicant.get_by_role("button", name="Continue").click()
    applicant.get_by_role("link", name="Organisation").click()
    applicant.get_by_label("Legal name in Latin letters").fill("Rowan Looms Ltd")
    applicant.get_by_label("Country or region of registration").select_option("GB")
    applicant.get_by_label("Registration number").fill("09 123 456")
    applicant.get_by_label("Website").fill("rowan.example")
    applicant.get_by_label(str(industry)).check()
    save = applicant.get_by_role("button", name="Save and continue")
    save.click()
    applicant.get_by_label("Your name").fill("Ana Ng")
    applicant.get_by_label("Phone number").fill("+44 20 7946 0000")
    save.click()
    applicant.get_by_label("Brands").fill("ROWAN")
    save.click()
    applicant.get_by_label("Registration document").set_input_files(paper)
    applicant.get_by_label("Proof of authority").set_input_files(paper)
    save.click()
    assert faults(applicant) == []
    applicant.get_by_label("I confirm that I may act").check()
    applicant.get_by_role("button", name="Submit application").click()
    expect(applicant.get_by_text(re.compile("Its reference is JA-"))).to_be_visible()

    become(moderator)
    page.goto(f"{site}/triage/applications/")
    expect(page.get_by_text("same name")).to_be_visible()
    page.get_by_role("link", name="Rowan Looms Ltd").click()
    page.get_by_text("Ask a question").click()
    page.get_by_role("textbox", name="Question").fill("Who signed the letter?")
    page.get_by_role("button", name="Send question").click()
    expect(page.get_by_text("The question was sent to the applicant.")).to_be_visible()

    applicant.goto(link_in_mail(site, "ana@rowan.example"))
    applicant.get_by_role("button", name="Continue").click()
    expect(applicant.get_by_text("Who signed the letter?")).to_be_visible()
    assert faults(applicant) == []
    applicant.get_by_role("textbox", name="Your answer").fill("The managing director.")
    applicant.get_by_role("button", name="Send answer").click()
    expect(applicant.get_by_text("Your answer was sent.")).to_be_visible()

    page.goto(f"{site}/triage/applications/")
    page.get_by_role("link", name="Rowan Looms Ltd").click()
    for point in checklist.POINTS:
        page.get_by_label(str(point.title)).check()
    page.get_by_role("button", name="Save checklist").click()
    page.locator("summary", has_text="Admit organisation").click()
    dialog: Any = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Admit organisation").click()
    expect(page.get_by_text("Rowan Looms Ltd is now a member.")).to_be_visible()

    tasks.send_mails()
    applicant.goto(link_in_mail(site, "ana@rowan.example"))
    applicant.get_by_label("Your name").fill("Ana Ng")
    applicant.get_by_label("Password", exact=True).fill("a long enough phrase")
    applicant.get_by_label("Password (again)").fill("a long enough phrase")
    applicant.get_by_role("button", name="Create account and accept").click()
    expect(applicant).to_have_url(f"{site}/desk/")
    member = Member.objects.get(name="Rowan Looms Ltd")
    assert member.memberships.get().role == "owner"
    applicant.goto(f"{site}/members/{member.slug}/")
    expect(applicant.get_by_text("ROWAN", exact=True)).to_be_visible()
    applicant.context.close()
