"""A right from its registration by the owner, returned and verified by a moderator, to the case that cites it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from members.models import IPRight, User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_registration_to_a_case(
    page: Page, site: str, become: Callable[[User | None], None], tmp_path: Path
) -> None:
    member = factories.member(name="Alder Works")
    factories.brand(member, name="ALDER")
    factories.marketplace(name="Night Market", slug="night-market")
    owner, moderator = factories.owner(member), factories.moderator()
    certificate = tmp_path / "certificate.png"
    certificate.write_bytes(factories.png_bytes())

    become(owner)
    page.goto(f"{site}/cases/new/")
    page.get_by_role("link", name="Go to your rights").click()
    page.get_by_role("link", name="Register a right").first.click()
    page.get_by_label("Brand", exact=True).select_option("ALDER")
    page.get_by_label("Mark or title").fill("ALDER")
    page.get_by_label("Registered owner").fill("Alder Works Ltd")
    page.get_by_label("Office").fill("CNIPA")
    page.get_by_label("Registration number").fill("30000001")
    page.get_by_label("Territory").fill("CN, Japan, Atlantis")
    page.get_by_label("Nice classes").fill("18")
    page.get_by_label("Registered on").fill("2015-03-01")
    page.get_by_label("Expires on").fill("2095-03-01")
    page.get_by_label("Certificate").set_input_files(certificate)
    page.get_by_role("button", name="Register right").click()
    expect(page.get_by_text("“Atlantis” is not a country or region.").first).to_be_visible()
    expect(page.get_by_text("Choose the document again")).to_be_visible()
    page.get_by_label("Territory").fill("CN, Japan")
    page.get_by_label("Certificate").set_input_files(certificate)
    page.get_by_role("button", name="Register right").click()
    expect(page.get_by_role("heading", name="Awaiting verification", exact=True)).to_be_visible()

    become(moderator)
    page.goto(f"{site}/triage/")
    navigation = page.get_by_role("navigation", name="Main")
    navigation.get_by_text("Membership").click()
    navigation.get_by_role("link", name="Rights").click()
    page.get_by_role("link", name="ALDER").click()
    picture = page.get_by_role("img", name="The certificate")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 8)
    page.locator("summary", has_text="Return to the member").click()
    page.get_by_label("Reason").fill("The certificate also shows class 25.")
    page.get_by_role("button", name="Return to the member").click()
    expect(page.get_by_text("The member is notified.")).to_be_visible()

    become(owner)
    page.goto(f"{site}/rights/")
    page.get_by_role("link", name="ALDER").click()
    expect(page.get_by_text("The certificate also shows class 25.")).to_be_visible()
    page.get_by_role("link", name="Change right").click()
    page.get_by_label("Nice classes").fill("18, 25")
    page.get_by_role("button", name="Save right").click()
    expect(page.get_by_text("The right was saved.")).to_be_visible()

    become(moderator)
    page.goto(f"{site}/triage/rights/")
    page.get_by_role("link", name="ALDER").click()
    page.locator("summary", has_text="Verify right").click()
    page.get_by_role("dialog").get_by_role("button", name="Verify right").click()
    expect(page.get_by_text("“ALDER · CNIPA 30000001” was verified.")).to_be_visible()
    right = IPRight.objects.get()
    assert right.verified_by == moderator

    become(owner)
    page.goto(f"{site}/cases/new/")
    page.get_by_label("Infringed right").select_option(str(right.pk))
    page.get_by_label("Violation type").select_option("counterfeit")
    page.get_by_label("Place of infringement").select_option("CN")
    page.get_by_label("Class of goods").select_option("25")
    page.get_by_label("Product", exact=True).check()
    page.get_by_label("Explanation").fill("The label is misspelt.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Marketplace").select_option(label="Night Market")
    page.get_by_label("Shop ID or shop URL").fill("moon-outlet-8")
    page.get_by_label("Shop name").fill("Moon Outlet")
    page.get_by_role("textbox", name="Listing URLs").fill("https://night-market.example/item/5000")
    page.get_by_role("button", name="Continue").click()
    page.locator("input[type=file]").set_input_files(certificate)
    page.get_by_role("button", name="Upload files").click()
    expect(page.get_by_role("link", name="certificate.png", exact=True)).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Submit case").click()
    expect(page.get_by_role("heading", name="Case submitted")).to_be_visible()
    assert Case.objects.get(right=right).status == "submitted"
