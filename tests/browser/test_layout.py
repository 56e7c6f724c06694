"""Where things stand on the screen: dialogs in the middle, long lists short."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from members.models import User
from tests import factories
from tests.personas import Personas, make

pytestmark = pytest.mark.django_db(transaction=True)

Become = Callable[[User | None], None]
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cast(site: str) -> Personas:
    return make()


def test_a_question_stands_in_the_middle(
    page: Page, site: str, become: Become, cast: Personas
) -> None:
    mine = {"by": cast.filer, "citing": cast.right, "moderator": cast.moderator}
    upheld = factories.upheld_case(**mine)
    removed = factories.removed_case(**mine)
    submitted = factories.submitted_case(by=cast.filer, citing=cast.right)
    channel = factories.webhook("https://liaison.example/in", of=cast.agency)[0]
    page.set_viewport_size(WIDE)
    seen = 0
    for who, path in (
        (cast.filer, f"/cases/{submitted.reference}/"),
        (cast.moderator, f"/triage/{upheld.reference}/"),
        (cast.moderator, f"/triage/{removed.reference}/"),
        (cast.moderator, f"/triage/channels/{channel.pk}/"),
    ):
        become(who)
        page.goto(site + path)
        for summary in page.locator("details[data-confirm] > summary:visible").all():
            summary.click()
            box = page.locator("dialog[open]").bounding_box()
            assert box
            middle = box["y"] + box["height"] / 2
            assert abs(middle - WIDE["height"] / 2) < 5, (path, box)
            page.keyboard.press("Escape")
            seen += 1
    assert seen >= 4


def test_a_page_of_cases_is_short_on_a_phone(
    page: Page, site: str, become: Become, cast: Personas
) -> None:
    for _ in range(25):
        factories.submitted_case(by=cast.filer, citing=cast.right, listings=1)
    become(cast.filer)
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/cases/")
    table = page.locator(".desk-cases").bounding_box()
    assert table
    assert table["height"] < 25 * 170
    assert page.locator(".desk-cases tbody tr").count() == 25


def test_the_check_page_shows_every_listing_in_little_room(
    page: Page, site: str, become: Become, cast: Personas
) -> None:
    case = factories.draft_case(by=cast.filer, citing=cast.right, listings=300)
    become(cast.filer)
    page.set_viewport_size(WIDE)
    page.goto(f"{site}/cases/{case.reference}/check/")
    assert page.locator(".listings-box tbody tr").count() == 300
    box = page.locator(".listings-box").bounding_box()
    assert box
    assert box["height"] < 500


def test_header_fits_with_unread_notifications(
    page: Page, site: str, become: Become, cast: Personas
) -> None:
    factories.upheld_case(by=cast.filer, citing=cast.right, moderator=cast.moderator)
    become(cast.filer)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(site + "/desk/")
        assert page.locator(".bell-count").is_visible()
        menu = page.locator(".menu-narrow > summary").bounding_box()
        assert menu
        assert menu["x"] + menu["width"] <= width, (width, menu)
