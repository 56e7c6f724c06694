"""One complete case, from a brand's browser to an officer's queue and back, without mocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cases.liaison.models import Channel
from cases.models import Case, OutgoingMail
from members.models import User
from tests import factories
from tests.browser.conftest import BrowserErrors
from tests.liaison.updates import is_whole, read_stream
from tests.personas import Personas, make
from tests.processes import wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]

PASSWORD = "password"
LISTINGS = 300


@pytest.fixture
def cast() -> Personas:
    """Return the personas, and create the choices that the forms need."""
    made = make()
    factories.industry(name="Footwear", slug="footwear").members.add(made.member)
    factories.marketplace(name="Night Market", slug="night-market")
    factories.reason("uphold", label="Counterfeit shown by test purchase")
    return made


@pytest.fixture
def window(
    browser: Browser, site: str, browser_errors: BrowserErrors
) -> Callable[[User | None], Page]:
    """Return a function that opens a browser for a person, logged in through the login page."""

    def open_for(person: User | None) -> Page:
        page = browser.new_context().new_page()
        page.set_default_timeout(8_000)
        browser_errors.watch(page)
        page.goto(site + "/")
        if person is not None:
            page.get_by_role("link", name="Log in").first.click()
            page.get_by_label(re.compile("E-?mail")).fill(person.email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Log in", exact=True).click()
            expect(page.get_by_role("link", name="Log in")).to_have_count(0)
        return page

    return open_for


def test_case_from_filing_to_published_impact(
    cast: Personas, window: Callable[[User | None], Page], site: str, tmp_path: Path
) -> None:
    mails = tmp_path / "mail"
    with worker(tmp_path / "worker.log", EMAIL_URL=f"filemail:///{mails}", SITE_URL=site):
        _visitor_looks_around(window(None), cast)
        brand = window(cast.filer)
        case = _brand_files(brand, cast, tmp_path)
        moderator = window(cast.moderator)
        _moderator_upholds(moderator, case)
        _moderator_refers(moderator, case, cast)
        channel = Channel.objects.get(agency=cast.agency)
        wait_for(lambda: is_whole(channel), what="the worker to push the update to the stream")
        assert read_stream(channel)[0][1]["case"]["reference"] == case.reference
        officer = window(cast.officer)
        _officer_takes_it_on(officer, case)
        _officer_reports(officer)
        _second_moderator_verifies(window(cast.second_moderator))
        _impact_shows_it(window(None))
        _brand_sees_its_steps(brand, case, cast)
        wait_for(lambda: is_whole(channel) and len(read_stream(channel)) >= 5, what="every update")
        wait_for(lambda: not OutgoingMail.objects.filter(sent_at=None).exists(), what="the mails")
    texts = [path.read_text() for path in mails.iterdir()]
    # Mails to brand staff name the case; mails to officers name only the referral.
    for text in texts:
        ours = case.reference in text and f"{site}/cases/" in text
        assert ours or ("LR-" in text and f"{site}/liaison/" in text)
    assert len(re.findall(r"^Subject:", "\n".join(texts), re.MULTILINE)) >= 4


def _visitor_looks_around(page: Page, cast: Personas) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Members").first.click()
    page.get_by_label("Country or region").select_option("CN")
    expect(page.get_by_role("link", name=cast.member.name)).to_be_visible()
    page.get_by_label("Industry").select_option("footwear")
    expect(page.get_by_role("link", name=cast.member.name)).to_be_visible()
    expect(page.get_by_role("link", name=cast.other_member.name)).to_have_count(0)


def _brand_files(page: Page, cast: Personas, folder: Path) -> Case:
    page.get_by_role("link", name=re.compile("File .*case")).first.click()
    page.get_by_label("Infringed right").select_option(str(cast.right.pk))
    page.get_by_label("Violation").select_option("counterfeit")
    page.get_by_label("Place of infringement").select_option("CN")
    page.get_by_label("Class of goods").select_option("25")
    page.get_by_label("Product", exact=True).check()
    page.get_by_label("Explanation").fill("The label is misspelt and the seams are glued.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Marketplace").select_option(label="Night Market")
    page.get_by_label("Shop ID or shop URL").fill("moon-outlet-8")
    page.get_by_label("Shop name").fill("Moon Outlet 月光")
    lines = [f"https://night-market.example/item/{5_000 + n}?spm=a{n}" for n in range(LISTINGS)]
    page.get_by_role("textbox", name="Listing URLs").fill("\n".join([*lines, lines[0]]))
    page.get_by_role("button", name="Continue").click()
    screenshot = folder / "moon outlet.png"
    screenshot.write_bytes(factories.png_bytes())
    page.locator("input[type=file]").set_input_files(screenshot)
    page.get_by_role("button", name="Upload files").click()
    expect(page.get_by_role("link", name="moon outlet.png", exact=True)).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(f"{LISTINGS} listings")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit case").dblclick()
    expect(page.get_by_role("heading", name="Case submitted")).to_be_visible()
    case = Case.objects.get()
    expect(page.get_by_text(case.reference).first).to_be_visible()
    assert case.status == "submitted"
    assert case.listings.filter(is_open=True).count() == LISTINGS
    return case


def _moderator_upholds(page: Page, case: Case) -> None:
    expect(page.get_by_role("link", name=case.reference)).to_be_visible()
    page.get_by_role("button", name="Take the next case").first.click()
    expect(page.get_by_text("You have claimed this case until")).to_be_visible()
    page.get_by_role("button", name="Remove all").click()
    first = page.get_by_role("group", name="Listing 1", exact=True)
    first.get_by_label("Leave up").check()
    uphold = _opened(page, "uphold")
    # The shown label ends with the number that is its shortcut.
    reason = uphold.locator("option", has_text="Counterfeit shown by test purchase").first
    uphold.get_by_label("Reason", exact=True).select_option(reason.get_attribute("value"))
    uphold.get_by_label("Reason for the listings left up").select_option(index=1)
    uphold.get_by_label("Ground").select_option("illegal_content")
    uphold.get_by_label("Facts").fill("The test purchase carries a forged label.")
    uphold.get_by_role("button", name="Uphold", exact=True).click()
    expect(page.get_by_role("heading", name="Triage")).to_be_visible()
    case.refresh_from_db()
    assert case.status == "upheld"
    assert case.listings.filter(status="removal_requested").count() == LISTINGS - 1
    assert case.listings.get(position=1).status == "left_up"


def _opened(page: Page, action: str) -> Locator:
    """Return the form of an action, and unfold it if it is folded."""
    form = page.locator(f"#action-{action}")
    if not form.is_visible():
        page.locator(f"details:has(#action-{action}) > summary").click()
    return form


def _moderator_refers(page: Page, case: Case, cast: Personas) -> None:
    page.get_by_role("link", name=f"Back to {case.reference}").click()
    refer = _opened(page, "refer")
    refer.get_by_label("Agency", exact=True).select_option(str(cast.agency.pk))
    refer.get_by_label("Note").fill("Three hundred listings, one warehouse.")
    refer.get_by_role("button", name="Preview referral").click()
    # The preview shows what the agency receives; going back keeps the input.
    expect(page.get_by_text("Your note: Three hundred listings, one warehouse.")).to_be_visible()
    assert not case.referrals.exists()
    page.get_by_role("button", name="Change the agency or the note").click()
    expect(page.locator("#action-refer").get_by_label("Note")).to_have_value(
        "Three hundred listings, one warehouse."
    )
    page.locator("#action-refer").get_by_role("button", name="Preview referral").click()
    page.get_by_role("button", name="Refer the case").dblclick()
    expect(page.locator(".referral-list").get_by_text(cast.agency.name)).to_be_visible()


def _officer_takes_it_on(page: Page, case: Case) -> None:
    referral = case.referrals.get()
    page.get_by_role("link", name=referral.reference).click()
    expect(page.get_by_text("Three hundred listings, one warehouse.").first).to_be_visible()
    page.locator("summary", has_text="Acknowledge").click()
    page.get_by_role("dialog").get_by_role("button", name="Acknowledge").click()
    page.locator("summary", has_text="Accept case").click()
    page.get_by_label("Your file number").fill("HP-2026-118")
    page.get_by_role("button", name="Accept case", exact=True).click()
    expect(page.get_by_role("link", name="Report an operation").first).to_be_visible()


def _officer_reports(page: Page) -> None:
    page.get_by_role("link", name="Report an operation").first.click()
    page.get_by_label("Kind").select_option("raid")
    page.get_by_label("Place").fill("Yiwu")
    page.get_by_label("Date").fill("2026-01-15")
    page.get_by_label("Premises closed").fill("3")
    page.get_by_label("People detained or arrested").fill("7")
    page.get_by_label("Items seized").fill("4200")
    page.get_by_label("Value of goods").fill("12000000")
    page.get_by_role("button", name="Check report").click()
    expect(page.get_by_text("12 million")).to_be_visible()
    page.get_by_role("button", name="Submit report").click()
    expect(page.get_by_text("Awaiting verification", exact=True).first).to_be_visible()


def _second_moderator_verifies(page: Page) -> None:
    page.get_by_role("link", name="Operations").first.click()
    page.get_by_role("link", name=re.compile("OP-|Yiwu")).first.click()
    page.locator("summary, button", has_text="Verify the figures").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Verify the figures").click()
    expect(page.get_by_text("Verified. The figures are published.")).to_be_visible()


def _impact_shows_it(page: Page) -> None:
    page.get_by_role("link", name="Impact").first.click()
    main = page.get_by_role("main")
    for figure in ("3", "7", "4,200", "12,000,000"):
        expect(main.get_by_text(figure, exact=False).first).to_be_visible()


def _brand_sees_its_steps(page: Page, case: Case, cast: Personas) -> None:
    page.get_by_role("link", name="View case").click()
    main = page.get_by_role("main")
    for step in ("Case submitted", "Review started", "Complaint upheld"):
        expect(main.get_by_text(step).first).to_be_visible()
    expect(main.get_by_text("Referred to law enforcement").first).to_be_visible()
    expect(main.get_by_text(cast.agency.name)).to_have_count(0)
    expect(main.get_by_text("Strike added")).to_have_count(0)
