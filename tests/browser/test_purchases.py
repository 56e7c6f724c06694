"""A test purchase from its plan to the case, without scripts where a person may have none, and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from members.models import User
from tests import factories
from tests.browser.test_accessibility import PHONE, faults

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_plan_to_the_case(
    page: Page, site: str, become: Callable[[User | None], None], tmp_path: Path
) -> None:
    member = factories.member(name="Alder Works")
    factories.right(factories.brand(member, name="ALDER"))
    market = factories.marketplace(slug="bazaar", name="Bazaar")
    filer, viewer = factories.filer(member), factories.viewer(member)
    picture = tmp_path / "parcel.png"
    picture.write_bytes(factories.png_bytes())
    page.set_viewport_size(PHONE)

    become(filer)
    page.goto(f"{site}/purchases/")
    page.get_by_role("link", name="Plan a test purchase").first.click()
    page.get_by_label("Brand").select_option(label="ALDER")
    page.get_by_label("Listing URL").fill(f"https://{market.hosts[0]}/item/4711")
    page.get_by_label("Shop ID or shop URL").fill("tb-7")
    page.get_by_label("Shop name").fill("Shop of fakes")
    page.get_by_role("button", name="Plan test purchase").click()
    assert not faults(page)
    page.get_by_role("link", name="Record the order").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Check your entries")).to_be_visible()
    page.get_by_label("Order number").fill("NO-1")
    page.get_by_label("Price paid").fill("89.90")
    page.get_by_label("Currency").select_option("CNY")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Record the arrival").click()
    page.get_by_label("Carrier").fill("Parcel & Co")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Files", exact=True).set_input_files(picture)
    page.get_by_label("What the files show").select_option(label="Parcel")
    page.get_by_role("button", name="Upload files").click()
    expect(page.get_by_role("link", name="parcel.png")).to_be_visible()
    page.get_by_role("link", name="Record the examination").click()
    page.get_by_label("Fake", exact=True).check()
    page.get_by_label("Indicators").fill("A printed label")
    page.get_by_label("Examiner").fill("Laboratory")
    page.get_by_role("button", name="Save").click()
    assert not faults(page)
    page.get_by_role("link", name="File a case from this purchase").click()
    expect(page.get_by_label("Explanation")).to_have_value(re.compile("A printed label"))
    page.get_by_label("Place of infringement").select_option("CN")
    page.get_by_label("Class of goods (Nice)").select_option("25")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_label("Shop name")).to_have_value("Shop of fakes")
    expect(page.get_by_label("Listing URLs", exact=True)).to_have_value(
        f"https://{market.hosts[0]}/item/4711"
    )
    case = Case.objects.get()
    assert case.evidence.get().original_name == "parcel.png"

    become(viewer)
    page.goto(f"{site}/purchases/{member.slug}/")
    page.get_by_role("link", name="TP-").click()
    expect(page.get_by_role("link", name=case.reference)).to_be_visible()
    expect(page.get_by_role("link", name="Record the storage")).to_have_count(0)
