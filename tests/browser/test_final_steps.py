"""Irreversible steps ask for confirmation; keyboard shortcuts never close the form they opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from cases.models import Case
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def status(case: Case) -> str:
    return str(Case.objects.values_list("status", flat=True).get(pk=case.pk))


@pytest.mark.parametrize(
    ("before", "key", "question", "after"),
    [
        ("upheld", "d", "Record the removal for {}?", "removed"),
        ("removed", "x", "Close {}?", "closed"),
    ],
)
def test_shortcut_opens_the_confirmation_only(
    page: Page,
    site: str,
    become: Callable[[User], None],
    before: str,
    key: str,
    question: str,
    after: str,
) -> None:
    case = factories.CASE_IN[before]()
    become(factories.moderator())
    page.goto(site + reverse("triage:case", args=[case.reference]))
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name=question.format(case.reference))
    expect(dialog).to_be_visible()
    page.keyboard.press(key)  # shortcuts are disabled in the dialog
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert status(case) == before
    page.keyboard.press(key)
    dialog.get_by_role("button", name="Record the removal").or_(
        dialog.get_by_role("button", name="Close the case")
    ).press("Enter")
    expect(page.locator(".messages, [role=status], .message").first).to_be_visible()
    assert status(case) == after


def test_shortcut_of_an_open_form_moves_the_focus_into_it(
    page: Page, site: str, become: Callable[[User], None]
) -> None:
    mo = factories.moderator()
    case = factories.ready_case(moderator=mo)
    become(mo)
    page.goto(site + reverse("triage:case", args=[case.reference]))
    form = page.locator("#action-uphold")
    for _ in range(3):  # the form is open initially
        page.locator("h1").click()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("u")
        expect(form).to_be_visible()
        expect(form.get_by_label("Reason", exact=True)).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    expect(page.locator("#action-reject").get_by_label("Reason", exact=True)).to_be_focused()
    assert status(case) == "in_review"


def test_confirmation_works_without_javascript(
    browser: Browser, site: str, become: Callable[[User], None], page: Page
) -> None:
    case = factories.removed_case()
    become(factories.moderator())
    cookies = page.context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": c["name"], "value": c["value"], "url": site} for c in cookies])
    plain = context.new_page()
    plain.goto(site + reverse("triage:case", args=[case.reference]))
    button = plain.get_by_role("button", name="Close the case")
    expect(button).to_be_hidden()
    plain.locator("summary", has_text="Close the case").click()
    expect(plain.get_by_text("A closed case cannot be reopened.")).to_be_visible()
    button.click()
    expect(plain.get_by_text(f"{case.reference} was closed.")).to_be_visible()
    assert status(case) == "closed"
    context.close()
