"""The browser's back button: forms can be sent again, input can be restored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from members.models import User
from tests.personas import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_back_after_the_first_step_keeps_the_same_draft(
    page: Page, site: str, become: Callable[[User], None]
) -> None:
    cast = make()
    become(cast.filer)
    page.goto(f"{site}/cases/new/")
    page.get_by_label("Right").select_option(index=1)
    page.get_by_label("Violation").select_option("counterfeit")
    page.get_by_label("Product", exact=True).check()
    page.get_by_label("Explanation").fill("The label is misspelt.")
    send = page.get_by_role("button", name="Save and continue")
    send.click()
    page.wait_for_url("**/listings/")
    page.go_back()
    send = page.get_by_role("button", name="Save and continue")
    expect(send).to_be_enabled()
    page.get_by_label("Explanation").fill("The label is misspelt twice.")
    send.click()
    page.wait_for_url("**/listings/")
    draft = Case.objects.get()
    assert draft.explanation == "The label is misspelt twice."


def test_offer_to_restore_input_keeps_the_form_width(
    page: Page, site: str, become: Callable[[User], None]
) -> None:
    become(make().filer)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site}/cases/new/")
    form = page.locator("#complaint-form")
    before = form.bounding_box()
    page.get_by_label("Explanation").fill("The label is misspelt.")
    page.wait_for_timeout(600)
    page.goto(f"{site}/cases/")
    page.goto(f"{site}/cases/new/")
    offer = page.get_by_text("You have unsaved text from earlier.")
    expect(offer).to_be_visible()
    after = form.bounding_box()
    assert before
    assert after
    assert (after["x"], after["width"]) == (before["x"], before["width"])
    page.get_by_role("button", name="Restore text").click()
    expect(page.get_by_label("Explanation")).to_have_value("The label is misspelt.")
