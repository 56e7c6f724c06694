"""Keyboard use: filters wait for Enter, and the focus stays where it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from cases.models import Case
from members.models import User
from tests import factories, personas

pytestmark = pytest.mark.django_db(transaction=True)

# The label or the text of the element that has the focus.
FOCUSED_NAME = """() => {
  const element = document.activeElement;
  return [...(element.labels ?? [])].map((label) => label.textContent).join(" ") || element.textContent;
}"""


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


def press_until(page: Page, name: str, key: str = "Tab") -> Locator:
    """Press ``key`` until the element with this accessible name has the focus, and return it."""
    for _ in range(90):
        page.keyboard.press(key)
        focused = page.locator(":focus")
        if focused.count() and name in page.evaluate(FOCUSED_NAME):
            return focused
    raise AssertionError(f"the keyboard does not reach {name}")


def choose(page: Page, name: str, value: str) -> None:
    """Move to the select and choose a value with the arrow keys."""
    select = press_until(page, name)
    for _ in range(300):
        if select.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {value} in {name}")


def test_first_case_is_filed_by_keyboard_only(
    page: Page, site: str, become: Callable[[User | None], None], tmp_path: Path
) -> None:
    cast = personas.make()
    market = factories.marketplace(name="Night Market", slug="night-market")
    become(cast.filer)
    page.goto(f"{site}/cases/new/")
    choose(page, "Infringed right", str(cast.right.pk))
    choose(page, "Violation type", "counterfeit")
    choose(page, "Place of infringement", "CN")
    choose(page, "Class of goods", "25")
    press_until(page, "Product").press("Space")
    press_until(page, "Explanation").press_sequentially("The label is misspelt.")
    hidden = press_until(page, "The listing hides what is sold")
    expect(page.get_by_label("How to order")).to_be_hidden()
    hidden.press("Space")
    for name in ("Where it is advertised", "How to order", "What arrives"):
        press_until(page, name).press_sequentially("Ask the shop.")
    press_until(page, "Save and continue").press("Enter")
    expect(page.get_by_role("heading", name="Who sells it, and where?")).to_be_visible()
    choose(page, "Marketplace", str(market.pk))
    press_until(page, "Shop ID").press_sequentially("moon-8")
    press_until(page, "Shop name").press_sequentially("Moon Outlet")
    press_until(page, "Listing URLs").press_sequentially("https://night-market.example/item/5")
    press_until(page, "Contact details").press("Enter")
    press_until(page, "Telephone").press_sequentially("+86 138 0013 8000")
    press_until(page, "Save and continue").press("Enter")
    expect(page.get_by_role("heading", name="What evidence do you have?")).to_be_visible()
    screenshot = tmp_path / "moon.png"
    screenshot.write_bytes(factories.png_bytes())
    # The dialog of the operating system is not part of the page.
    page.locator("input[type=file]").set_input_files(screenshot)
    press_until(page, "Continue").press("Enter")
    tasks = page.get_by_role("navigation", name="Steps")
    expect(tasks.get_by_text("Complete")).to_have_count(3)
    press_until(page, "I confirm in good faith").press("Space")
    press_until(page, "Submit case").press("Enter")
    expect(page.get_by_role("heading", name="Case submitted")).to_be_visible()
    case = Case.objects.get(member=cast.member)
    assert case.infringement_in == ["product"]
    assert case.hidden_link.what_arrives == "Ask the shop."
    assert case.stated_identifiers.get().value == "+8613800138000"


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
