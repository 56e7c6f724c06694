"""axe-core on every page: wide and narrow, light and dark, in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import BrowserContext, Page

from members.models import User
from tests.browser import form_pages
from tests.browser.pages import NOWHERE, build
from tests.browser.visits import FormVisit, Visit, open_visit
from tests.matrix import ROWS
from tests.personas import Personas

pytestmark = pytest.mark.django_db(transaction=True)

# URLs that answer GET with 200 but are not pages.
NOT_PAGES = {
    *(
        "public:impact_csv",
        "public:watch_lists_csv",
        "members:directory_csv",
        "triage:bulk_csv",
        "triage:roster_csv",
        "desk:cases_csv",
        "desk:cases_xlsx",
        "desk:listings_csv",
        "desk:listings_xlsx",
        "desk:report_csv",
        "desk:sheet_template",
        "imports:template",
        "imports:errors",
        "purchases:csv",
        "purchases:results_csv",
        "purchases:file",
        "public:robots",
        "pages:security_txt",
        "healthz",
        "readyz",
        "triage:heartbeat",
        "profile_shortcuts",
        "desk:evidence_file",
        "desk:evidence_preview",
        "desk:evidence_thumbnail",
        "document",
        "saml_metadata",
    ),
    *("liaison_api:schema", "liaison_api:openapi-json", "api:openapi-json"),
    # Needs a key from an e-mail; the page for an invalid key is among the visits.
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
# Preloading is for media that plays by itself, of which there is none. It takes a third of the time.
AXE = {"resultTypes": ["violations"], "preload": False}
# The same on every page that a person opens: axe checks it on the first one. It takes half of the time.
ON_EVERY_PAGE = [[".site-header"], [".site-footer"], ["#header"], ["#nav-sidebar"]]
# The visits are split into this many tests, so that pytest-xdist can distribute them.
PARTS = 4


@pytest.fixture
def failing_views(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Make signing up exceed its rate limit and choosing a language fail."""

    def fail(request: Any) -> None:
        raise RuntimeError("as the test wants it")

    settings.OCR_ENABLED = True  # two of the cases have contacts found in a picture
    settings.ACCOUNT_RATE_LIMITS = {"signup": "0/m/ip"}
    monkeypatch.setattr("alliance.views.i18n.set_language", fail)


def faults(page: Page, *, whole: bool = True) -> list[str]:
    """Return the accessibility violations and layout errors of the current page, or of what is not on every page."""
    context = None if whole else {"exclude": ON_EVERY_PAGE}
    found = [
        f"{violation['id']}: {violation['help']}; {violation['nodes'][0]['html'][:200]}"
        for violation in Axe().run(page, context, AXE).response["violations"]
    ]
    root = "document.documentElement"
    if page.evaluate(f"{root}.scrollWidth > {root}.clientWidth + 1"):
        found.append("the page is wider than the window")
    if page.locator("h1:visible").count() != 1:
        found.append(f"{page.locator('h1:visible').count()} main headings")
    return found


def part_of(visits: list[Visit], part: int) -> list[Visit]:
    """Return one part of the visits, ordered by persona; together the parts are every visit."""
    return sorted(visits, key=lambda visit: visit.persona)[part::PARTS]


def two_of_each(visits: list[Visit]) -> list[Visit]:
    """Return the first two visits of each persona to each view.

    Pages of one view that differ by the state of an object, and forms with errors, have the same layout. The desktop's
    tour has all of them.
    """
    seen: Counter[tuple[str, str]] = Counter()
    chosen = []
    for visit in visits:
        path = visit.path.split("?")[0]
        view = visit.persona, path if visit.path == NOWHERE else resolve(path).view_name
        seen[view] += 1
        if seen[view] <= 2:
            chosen.append(visit)
    return chosen


def check_visits(
    page: Page,
    site: str,
    become: Callable[[User | None], None],
    cast: Personas,
    visits: list[Visit],
) -> list[str]:
    """Open every visit and return all errors, each with its visit."""
    found, current = [], ""
    for visit in sorted(visits, key=lambda s: s.persona):
        first = visit.persona != current
        if first:
            become(None if visit.persona == "anonymous" else getattr(cast, visit.persona))
            current = visit.persona
        wrong = open_visit(page, site, visit) + faults(page, whole=first)
        found += [f"{visit}: {fault}" for fault in wrong]
    return found


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("failing_views")
def test_every_page_on_a_desktop(
    part: int, page: Page, site: str, become: Callable[[User | None], None]
) -> None:
    cast, visits = build()
    page.set_viewport_size(WIDE)
    found = check_visits(page, site, become, cast, part_of(visits, part))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("failing_views")
def test_every_page_on_a_phone_in_dark_mode_in_chinese(
    part: int,
    page: Page,
    context: BrowserContext,
    site: str,
    become: Callable[[User | None], None],
) -> None:
    cast, visits = build()
    User.objects.update(language="zh-hans")
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    context.set_extra_http_headers({"Accept-Language": "zh-CN"})
    pages = two_of_each([visit for visit in visits if not isinstance(visit, FormVisit)])
    found = check_visits(page, site, become, cast, part_of(pages, part))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("look", ["phone in dark mode"])  # tests.browser.test_admin has the other
def test_admin_pages(
    look: str,
    context: BrowserContext,
    site: str,
    become: Callable[[User | None], None],
    settings: Any,
) -> None:
    """Uses its own page: axe sets inline styles here, which the policy would report."""
    cast, _stops = build()
    # Redis is unreachable: the page shows the password with a warning.
    settings.LIAISON_REDIS_URL = "redis://127.0.0.1:1/0"
    page = context.new_page()
    page.set_viewport_size(WIDE if look == "desktop" else PHONE)
    page.emulate_media(color_scheme="light" if look == "desktop" else "dark")
    visits = [*(Visit("admin", path) for path in ADMIN), *form_pages.admin(cast)]
    found = check_visits(page, site, become, cast, visits)
    assert not found, "\n".join(found)


def test_every_page_of_the_site_is_visited() -> None:
    """Fails when a page is added without a visit."""
    _cast, visits = build()
    asked = [
        visit.path for visit in visits if visit.path != NOWHERE and not isinstance(visit, FormVisit)
    ]
    seen = {resolve(path.split("?")[0]).view_name for path in asked}
    pages = {row.name for row in ROWS if row.method == "GET" and 200 in row.expected}
    assert pages - NOT_PAGES - seen == set()
