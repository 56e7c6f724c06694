"""axe-core over every page, on a desk and on a phone, light and dark, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import BrowserContext, Page

from members.models import User
from tests.browser.scene import NOWHERE, Stop, build
from tests.matrix import ROWS
from tests.personas import Personas

pytestmark = pytest.mark.django_db(transaction=True)

# What answers 200 to a GET and is no page of its own.
NOT_PAGES = {
    *("public:impact_csv", "public:robots", "healthz", "readyz", "desk:evidence_file"),
    *("liaison_api:schema", "liaison_api:openapi-json"),
    # Reached only with a key from an e-mail; the page for a wrong key is among the stops.
    *("account_confirm_email", "account_reset_password_from_key_done"),
}
ADMIN = (
    "/admin/",
    "/admin/cases/case/",
    "/admin/members/member/",
    "/admin/members/user/add/",
    "/admin/liaison/channel/",
)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page shown: what axe finds, and what it does not look for."""
    found = [
        f"{violation['id']}: {violation['help']}; {violation['nodes'][0]['html'][:200]}"
        for violation in Axe().run(page).response["violations"]
    ]
    root = "document.documentElement"
    if page.evaluate(f"{root}.scrollWidth > {root}.clientWidth + 1"):
        found.append("the page is wider than the window")
    if page.locator("h1:visible").count() != 1:
        found.append(f"{page.locator('h1:visible').count()} main headings")
    return found


def tour(
    page: Page, site: str, become: Callable[[User | None], None], cast: Personas, stops: list[Stop]
) -> list[str]:
    """Look at every stop; return every fault with the stop it is at."""
    found, current = [], ""
    for stop in sorted(stops, key=lambda s: s.persona):
        if stop.persona != current:
            become(None if stop.persona == "anonymous" else getattr(cast, stop.persona))
            current = stop.persona
        page.goto(site + stop.path)
        found += [f"{stop}: {fault}" for fault in faults(page)]
    return found


def test_every_page_on_a_desk(page: Page, site: str, become: Callable[[User | None], None]) -> None:
    cast, stops = build()
    page.set_viewport_size(WIDE)
    assert tour(page, site, become, cast, stops) == []


def test_every_page_on_a_phone_in_the_dark_in_chinese(
    page: Page, context: BrowserContext, site: str, become: Callable[[User | None], None]
) -> None:
    cast, stops = build()
    User.objects.update(language="zh-hans")
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    context.set_extra_http_headers({"Accept-Language": "zh-CN"})
    assert tour(page, site, become, cast, stops) == []


def test_the_admin(
    context: BrowserContext, site: str, become: Callable[[User | None], None]
) -> None:
    """In a page of its own: here axe sets styles inline, of which the browser would complain."""
    cast, _stops = build()
    page = context.new_page()
    page.set_viewport_size(WIDE)
    assert tour(page, site, become, cast, [Stop("admin", path) for path in ADMIN]) == []


def test_the_scene_has_every_page_that_the_site_has() -> None:
    """A page that is added without a stop here would never be looked at."""
    _cast, stops = build()
    seen = {resolve(stop.path.split("?")[0]).view_name for stop in stops if stop.path != NOWHERE}
    pages = {row.name for row in ROWS if row.method == "GET" and 200 in row.expected}
    assert pages - NOT_PAGES - seen == set()
