"""axe-core over every page, on a desk and on a phone, light and dark, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import BrowserContext, Page

from members.models import User
from tests.browser import sent
from tests.browser.scene import NOWHERE, build
from tests.browser.stops import Sent, Stop, visit
from tests.matrix import ROWS
from tests.personas import Personas

pytestmark = pytest.mark.django_db(transaction=True)

# What answers 200 to a GET and is no page of its own.
NOT_PAGES = {
    *(
        "public:impact_csv",
        "public:robots",
        "pages:security_txt",
        "healthz",
        "readyz",
        "desk:evidence_file",
    ),
    *("liaison_api:schema", "liaison_api:openapi-json"),
    # Reached only with a key from an e-mail; the page for a wrong key is among the stops.
    *("account_confirm_email", "account_reset_password_from_key_done"),
}
ADMIN = (
    "/admin/",
    "/admin/cases/case/",
    "/admin/members/member/",
    "/admin/members/user/add/",
    "/admin/members/member/add/",
    "/admin/liaison/agency/add/",
    "/admin/liaison/channel/",
)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# The tour is cut into so many tests, so that the processes of pytest-xdist share it.
PARTS = 4


@pytest.fixture
def troubled(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Signing up is always once too often, and choosing a language always fails."""

    def fail(request: Any) -> None:
        raise RuntimeError("as the test wants it")

    settings.ACCOUNT_RATE_LIMITS = {"signup": "0/m/ip"}
    monkeypatch.setattr("alliance.views.i18n.set_language", fail)


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


def share(stops: list[Stop], part: int) -> list[Stop]:
    """Return the part's share of the stops, in the order of the tour; all parts together are every stop."""
    return sorted(stops, key=lambda stop: stop.persona)[part::PARTS]


def tour(
    page: Page, site: str, become: Callable[[User | None], None], cast: Personas, stops: list[Stop]
) -> list[str]:
    """Look at every stop; return every fault with the stop it is at."""
    found, current = [], ""
    for stop in sorted(stops, key=lambda s: s.persona):
        if stop.persona != current:
            become(None if stop.persona == "anonymous" else getattr(cast, stop.persona))
            current = stop.persona
        wrong = visit(page, site, stop) + faults(page)
        found += [f"{stop}: {fault}" for fault in wrong]
    return found


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("troubled")
def test_every_page_on_a_desk(
    part: int, page: Page, site: str, become: Callable[[User | None], None]
) -> None:
    cast, stops = build()
    page.set_viewport_size(WIDE)
    found = tour(page, site, become, cast, share(stops, part))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("troubled")
def test_every_page_on_a_phone_in_the_dark_in_chinese(
    part: int,
    page: Page,
    context: BrowserContext,
    site: str,
    become: Callable[[User | None], None],
) -> None:
    cast, stops = build()
    User.objects.update(language="zh-hans")
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    context.set_extra_http_headers({"Accept-Language": "zh-CN"})
    found = tour(page, site, become, cast, share(stops, part))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("look", ["desk", "phone in the dark"])
def test_the_admin(
    look: str,
    context: BrowserContext,
    site: str,
    become: Callable[[User | None], None],
    settings: Any,
) -> None:
    """In a page of its own: here axe sets styles inline, of which the browser would complain."""
    cast, _stops = build()
    settings.LIAISON_REDIS_URL = "redis://127.0.0.1:1/0"  # a password is shown with a warning
    page = context.new_page()
    page.set_viewport_size(WIDE if look == "desk" else PHONE)
    page.emulate_media(color_scheme="light" if look == "desk" else "dark")
    stops = [*(Stop("admin", path) for path in ADMIN), *sent.admin(cast)]
    found = tour(page, site, become, cast, stops)
    assert not found, "\n".join(found)


def test_the_scene_has_every_page_that_the_site_has() -> None:
    """A page that is added without a stop here would never be looked at."""
    _cast, stops = build()
    asked = [stop.path for stop in stops if stop.path != NOWHERE and not isinstance(stop, Sent)]
    seen = {resolve(path.split("?")[0]).view_name for path in asked}
    pages = {row.name for row in ROWS if row.method == "GET" and 200 in row.expected}
    assert pages - NOT_PAGES - seen == set()
