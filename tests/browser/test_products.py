"""A product from its creation by the filer to what the moderator and the officer see beside a case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from members.models import Product, User
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_product_to_the_referral(
    page: Page, site: str, become: Callable[[User | None], None], tmp_path: Path
) -> None:
    member = factories.member(name="Alder Works")
    right = factories.right(factories.brand(member, name="ALDER"))
    filer, moderator = factories.filer(member), factories.moderator()
    agency = factories.agency(name="Harbour Police")
    officer = factories.officer(agency)
    referral = factories.referred_case(agency, citing=right, by=filer, moderator=moderator)
    picture = tmp_path / "label.png"
    picture.write_bytes(factories.png_bytes())

    become(filer)
    page.goto(f"{site}/desk/")
    navigation = page.get_by_role("navigation", name="Main")
    navigation.get_by_text("Brands").click()
    navigation.get_by_role("link", name="Products").click()
    page.get_by_role("link", name="Add a product").first.click()
    page.get_by_label("Name", exact=True).fill("Alder parka")
    page.get_by_label("GTIN").fill("6.9E+12")
    page.get_by_role("button", name="Save product").click()
    expect(page.get_by_text("Format the column as text").first).to_be_visible()
    page.get_by_label("GTIN").fill("6901234567892")
    page.get_by_label("Places of production").fill("CN")
    page.get_by_role("button", name="Save product").click()
    page.get_by_role("link", name="Add a genuine feature").click()
    page.get_by_label("Feature", exact=True).fill("The label is woven")
    page.get_by_label("Picture (optional)", exact=True).set_input_files(picture)
    page.get_by_label("Description of the picture").fill("A woven label")
    page.get_by_role("button", name="Save feature").click()
    expect(page.get_by_role("img", name="A woven label")).to_have_js_property("naturalWidth", 8)
    page.get_by_role("link", name="Add a fake feature").click()
    page.get_by_label("Feature", exact=True).fill("The label is printed")
    page.get_by_role("button", name="Save feature").click()
    expect(page.get_by_text("The label is printed").first).to_be_visible()

    become(officer)
    page.goto(f"{site}/liaison/{referral.reference}/")
    expect(page.get_by_text("Brand guide: ALDER")).to_have_count(0)

    become(filer)
    page.goto(f"{site}/products/guides/products/{Product.objects.get().pk}/disclosure/")
    page.get_by_label("Chosen agencies").check()
    page.get_by_label("Harbour Police").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The visibility was saved.")).to_be_visible()

    become(moderator)
    page.goto(f"{site}/triage/{referral.case.reference}/")
    expect(page.get_by_text("The label is printed")).to_be_visible()

    become(officer)
    page.goto(f"{site}/liaison/{referral.reference}/")
    page.locator("summary", has_text="Brand guide: ALDER").click()
    page.get_by_role("link", name="Open the brand guide").click()
    expect(page.get_by_role("img", name="A woven label")).to_have_js_property("naturalWidth", 8)
    page.emulate_media(media="print")
    expect(page.get_by_text("The label is woven")).to_be_visible()
    expect(page.get_by_role("button", name="Search")).to_be_hidden()
