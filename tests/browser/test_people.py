"""An owner invites a colleague, who creates an account from the email and is later removed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from cases import tasks
from members.models import Membership, User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_invitation_to_the_end_of_access(
    page: Page, browser: Browser, site: str, become: Callable[[User | None], None]
) -> None:
    member = factories.member()
    become(factories.owner(member, name="Olivia Owner"))
    page.goto(f"{site}/desk/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    page.get_by_label("Email address").fill("ada@brand.example")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("An invitation is on its way to ada@brand.example.")).to_be_visible()

    tasks.send_mails()
    (message,) = mail.outbox
    link = re.search(rf"{re.escape(site)}\S+", str(message.body))
    assert link
    colleague = browser.new_context(timezone_id="Asia/Tokyo").new_page()
    colleague.goto(link[0])
    expect(colleague.get_by_text("Olivia Owner invites you to")).to_be_visible()
    colleague.get_by_label("Your name").fill("Ada Ng")
    colleague.get_by_label("Password", exact=True).fill("a long enough phrase")
    colleague.get_by_label("Password (again)").fill("a long enough phrase")
    colleague.get_by_role("button", name="Create account and accept").click()
    expect(colleague).to_have_url(f"{site}/desk/")
    expect(colleague.get_by_text("Times are shown in Asia/Tokyo.")).to_be_visible()

    page.reload()
    row: Any = page.get_by_role("row").filter(has_text="ada@brand.example")
    row.get_by_label("New role of Ada Ng").select_option("Viewer")
    row.get_by_role("button", name="Change role").click()
    expect(page.get_by_text("Ada Ng now has the role “Viewer”.")).to_be_visible()
    row.get_by_label("Remove Ada Ng").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Ada Ng no longer has access.")).to_be_visible()
    assert not Membership.objects.filter(user__name="Ada Ng").exists()
    colleague.goto(f"{site}/desk/")
    expect(colleague.get_by_role("heading", name="Dashboard")).to_have_count(0)
    colleague.context.close()
