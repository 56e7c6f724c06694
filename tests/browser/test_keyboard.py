"""Keyboard use: filters wait for Enter, and the focus stays where it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def triage(page: Page, site: str, become: Callable[[User], None]) -> Page:
    """Return a moderator's list of two cases, one counterfeit and one trademark."""
    for violation in ("counterfeit", "trademark"):
        factories.submitted_case(violation=violation)
    become(factories.moderator())
    page.goto(f"{site}/triage/")
    return page


def test_filter_changed_by_keyboard_waits_for_enter(triage: Page) -> None:
    violation, button = triage.get_by_label("Violation"), triage.locator("[data-filters-submit]")
    rows, address = triage.locator("tbody tr"), triage.url
    expect(rows).to_have_count(2)
    violation.focus()
    while violation.input_value() != "trademark":
        violation.press("ArrowDown")
        assert triage.url == address, "arrow keys alone must not submit"
    expect(button).to_be_in_viewport(ratio=1)
    violation.press("Enter")
    expect(rows).to_have_count(1)
    assert triage.url == f"{address}?violation=trademark"
    expect(violation).to_be_focused()


def test_filter_changed_by_pointer_is_applied_at_once(triage: Page) -> None:
    violation = triage.get_by_label("Violation")
    violation.focus()
    violation.press("ArrowDown")
    violation.click()
    violation.select_option("trademark")
    expect(triage.locator("tbody tr")).to_have_count(1)
    expect(violation).to_be_focused()
    triage.reload()
    expect(violation).not_to_be_focused()
