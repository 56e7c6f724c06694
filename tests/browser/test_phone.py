"""The portal on a phone: reduced controls can still be touched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.models import User
from tests import factories
from tests.browser.test_accessibility import PHONE
from tests.personas import Personas

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def touch(page: Page, selector: str) -> None:
    """Touch the middle of the first element that matches ``selector``, even if it is covered."""
    box = page.locator(selector).first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_completed_step_is_reached_from_the_task_list(
    phone: Page, site: str, become: Callable[[User], None], personas: Personas
) -> None:
    case = factories.draft_case(by=personas.filer, citing=personas.right)
    become(personas.filer)
    phone.goto(site + reverse("desk:evidence", args=[case.reference]))
    touch(phone, ".task-list a")
    expect(phone).to_have_url(site + reverse("desk:complaint", args=[case.reference]))


def test_listing_statuses_fit_the_screen(
    phone: Page, site: str, become: Callable[[User], None], personas: Personas
) -> None:
    referral = factories.referred_case(personas.agency, listings=3)
    become(personas.officer)
    phone.goto(site + reverse("liaison:referral", args=[referral.reference]))
    for row in phone.locator(".listings-table tbody tr").all():
        status = row.locator("td").last
        status.scroll_into_view_if_needed()
        expect(status).to_be_in_viewport(ratio=1)
    assert not phone.evaluate(
        "(() => { const box = document.querySelector('.listings-table').parentElement;"
        " return box.scrollWidth > box.clientWidth; })()"
    )
