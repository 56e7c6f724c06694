"""Two windows edit one draft: autosave stops on a conflict, and the user chooses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def fill_explanation(page: Page, text: str) -> None:
    page.get_by_label("Explanation").fill(text)
    page.get_by_label("Explanation").blur()


def test_autosave_stops_on_conflict(
    page: Page, context: BrowserContext, site: str, become: Callable[[User], None]
) -> None:
    draft = factories.draft_case()
    become(draft.created_by)
    address = f"{site}/cases/{draft.reference}/complaint/"
    page.goto(address)
    other = context.new_page()
    other.goto(address)
    for text in ("One.", "Two."):
        fill_explanation(page, text)
        expect(page.locator("#saved")).to_contain_text("Draft saved at")
        page.locator("#saved").evaluate("element => element.replaceChildren()")
    fill_explanation(other, "From the other window.")
    expect(other.locator("#saved")).to_contain_text("Autosave has stopped")
    draft.refresh_from_db()
    assert draft.explanation == "Two."
    other.get_by_role("button", name="Save and continue").click()
    differences = other.get_by_role("region", name="Two versions of this draft")
    expect(differences.get_by_role("cell", name="Two.")).to_be_visible()
    expect(differences.get_by_role("cell", name="From the other window.")).to_be_visible()
    expect(other.get_by_label("Explanation")).to_have_value("From the other window.")
    other.get_by_role("button", name="Save and continue").click()
    expect(other).to_have_url(f"{site}/cases/{draft.reference}/listings/")
    draft.refresh_from_db()
    assert draft.explanation == "From the other window."


def test_own_draft_is_saved_again_after_going_back(
    page: Page, site: str, become: Callable[[User], None]
) -> None:
    draft = factories.draft_case()
    become(draft.created_by)
    page.goto(f"{site}/cases/{draft.reference}/complaint/")
    for text in ("First.", "Second."):
        fill_explanation(page, text)
        page.get_by_role("button", name="Save and continue").click()
        expect(page).to_have_url(f"{site}/cases/{draft.reference}/listings/")
        page.go_back()
    draft.refresh_from_db()
    assert draft.explanation == "Second."
