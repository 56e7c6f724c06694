"""A macro by one key: it fills in the form, selects the blank, keeps what was typed, and sends nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from members.models import User
from tests import factories
from tests.factories.teams import macro, team

pytestmark = pytest.mark.django_db(transaction=True)
SELECTED = "() => document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"


def test_a_routine_decision_with_a_macro(
    page: Page, site: str, become: Callable[[User], None]
) -> None:
    mo = factories.moderator(name="Mo Moderator")
    factories.moderator(name="Min Moderator")
    case = factories.claimed_case(moderator=mo, listings=2)
    macro(team(mo), key="A", text="The label is forged, see [[page]].", text_zh="")
    become(mo)
    page.goto(f"{site}/triage/{case.reference}/")
    facts = page.locator("#uphold-facts")
    facts.fill("Seen by eye.")
    page.locator("h1").click()
    page.keyboard.press("A")
    expect(facts).to_be_focused()
    expect(facts).to_have_value("The label is forged, see [[page]].\n\nSeen by eye.")
    assert page.evaluate(SELECTED) == "[[page]]"
    hint = page.locator("[data-letter-blanks]")
    expect(hint).to_be_visible()
    expect(page.locator("input[type=radio]:checked")).to_have_count(2)
    assert Case.objects.get(pk=case.pk).status == "in_review"
    page.keyboard.type("page 2")
    expect(hint).to_be_hidden()
    # An internal note offers the names of moderators after an "@".
    page.locator("h1").click()
    page.keyboard.press("t")
    expect(page.locator("#comment-note")).to_be_focused()
    page.keyboard.type("Look, @min")
    expect(page.locator(".mentions li")).to_have_text(["Min Moderator"])
    page.keyboard.press("Enter")
    expect(page.locator("#comment-note")).to_have_value("Look, @Min Moderator ")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("u")
    page.get_by_role("button", name="Uphold", exact=True).click()
    expect(page.get_by_text(f"{case.reference} was upheld.")).to_be_visible()
    assert case.decisions.get().facts == "The label is forged, see page 2.\n\nSeen by eye."
