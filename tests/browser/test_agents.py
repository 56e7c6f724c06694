"""An owner invites an agent with a document; the agent works for two members until the authorisation ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from alliance.lib import clock
from cases import tasks
from cases.models import Case
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_invitation_to_the_end_of_the_authorisation(
    page: Page,
    browser: Browser,
    site: str,
    become: Callable[[User | None], None],
    tmp_path: Path,
    monkeypatch: Any,
) -> None:
    alder, birch = factories.member(name="Alder Works"), factories.member(name="Birch & Sons")
    right = factories.right(factories.brand(alder, name="ALDER"))
    agent = factories.agent(birch, name="Ana Agent", email="ana@lawfirm.example")
    letter = tmp_path / "letter.png"
    letter.write_bytes(factories.png_bytes())
    today = clock.today()

    become(factories.owner(alder, name="Olivia Owner"))
    page.goto(f"{site}/people/{alder.slug}/")
    document: Any = page.get_by_label("Signed document")
    expect(document).to_be_hidden()
    page.get_by_label("Email address").fill(agent.email)
    page.get_by_label("Acts for us from outside").check()
    page.get_by_label("Valid from").fill(today.isoformat())
    page.get_by_label("Valid until").fill((today - timedelta(days=1)).isoformat())
    document.set_input_files(letter)
    page.get_by_role("button", name="Send invitation").click()
    expect(page.locator(".error-summary")).to_contain_text("cannot end before it starts")
    expect(page.get_by_label("Email address")).to_have_value(agent.email)
    page.get_by_label("Valid until").fill((today + timedelta(days=20)).isoformat())
    document.set_input_files(letter)
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text(f"An invitation is on its way to {agent.email}.")).to_be_visible()

    tasks.send_mails()
    link = re.search(rf"{re.escape(site)}\S+", str(mail.outbox[-1].body))
    assert link
    become(agent)
    page.goto(link[0])
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_text("You now have access to Alder Works.")).to_be_visible()
    expect(page.get_by_text("ends in 20 days")).to_be_visible()
    page.get_by_label("Member", exact=True).select_option("Birch & Sons")
    expect(page).to_have_url(re.compile(rf"member={birch.slug}"))
    expect(page.get_by_text("ends in 20 days")).to_have_count(0)
    page.get_by_label("Member", exact=True).select_option("Alder Works")
    expect(page).to_have_url(re.compile(rf"member={alder.slug}"))

    page.get_by_role("link", name=re.compile("File .*case")).first.click()
    page.get_by_label("Infringed right").select_option(str(right.pk))
    page.get_by_label("Violation").select_option("counterfeit")
    page.get_by_label("Place of infringement").select_option("CN")
    page.get_by_label("Class of goods").select_option("25")
    page.get_by_label("Product", exact=True).check()
    page.get_by_label("Explanation").fill("The seams are glued.")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/listings/")
    draft = Case.objects.get(member=alder, created_by=agent)

    page.goto(f"{site}/cases/?member={alder.slug}")
    expect(page.get_by_role("link", name=draft.reference)).to_be_visible()
    page.locator("select[name=member]").select_option("Birch & Sons")
    expect(page.get_by_role("link", name=draft.reference)).to_have_count(0)
    page.goto(f"{site}/cases/{draft.reference}/complaint/")
    explanation = page.get_by_label("Explanation")
    explanation.fill("The label is printed and not woven.")

    # The clock moves past the end while the form is open.
    monkeypatch.setattr(clock, "now", lambda: timezone.now() + timedelta(days=21))
    page.locator("#complaint-form button[type=submit]").first.click()
    expect(page.get_by_text("Your authorisation to act for Alder Works ended on")).to_be_visible()
    expect(page.get_by_text("The label is printed and not woven.")).to_be_visible()
    page.goto(f"{site}/cases/")
    expect(page.get_by_text("Alder Works")).to_have_count(0)
    expect(page.locator("select[name=member]")).to_have_count(0)
