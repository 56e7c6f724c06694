"""A sheet with errors, corrected and imported; and an authorised seller that stops a filing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from members import tasks
from members.models import IPRight, User
from tests import factories
from tests.factories.sheets import right_row, sheet

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_sheet_with_errors_to_a_finished_import(
    page: Page, site: str, become: Callable[[User | None], None], tmp_path: Path
) -> None:
    member = factories.member(name="Alder Works")
    right = factories.right(factories.brand(member, name="ALDER"))
    market = factories.marketplace(name="Night Market", slug="night-market")
    filer = factories.filer(member)
    rows = [right_row("ALDER"), right_row("ALDER", registration_number="6.9E+12")]
    wrong, corrected = tmp_path / "rights.csv", tmp_path / "corrected.csv"
    wrong.write_bytes(sheet(*rows).read())
    rows[1][5] = "6900000000017"
    corrected.write_bytes(sheet(*rows).read())

    become(filer)
    page.goto(f"{site}/rights/")
    page.get_by_role("link", name="Import rights from a sheet").click()
    page.get_by_label("Sheet", exact=True).set_input_files(wrong)
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_text("0 of 2 rows")).to_be_visible()
    tasks.run_imports()
    # The page notices it without being reloaded.
    expect(page.get_by_text("Excel has rounded this number: 6.9E+12.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the error sheet").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.locator("summary", has_text="Cancel the import").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the import").click()
    page.get_by_role("link", name="Upload another sheet").click()
    page.get_by_label("Sheet", exact=True).set_input_files(corrected)
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_text("0 of 2 rows")).to_be_visible()
    tasks.run_imports()
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.get_by_text("0 of 2 rows")).to_be_visible()
    tasks.run_imports()
    page.get_by_role("link", name="Open the list").click()
    expect(page.get_by_role("row").filter(has_text="Certificate missing")).to_have_count(2)
    assert IPRight.objects.incomplete().count() == 2

    seller = factories.seller(market, external_id="tb-7")
    draft = factories.draft_case(by=filer, citing=right, against=seller)
    navigation = page.get_by_role("navigation", name="Main")
    navigation.get_by_text("Brands").click()
    navigation.get_by_role("link", name="Authorised sellers").click()
    page.get_by_role("link", name="Add a seller").first.click()
    page.get_by_label("Brand").select_option("ALDER")
    page.get_by_label("Marketplace").select_option(label="Night Market")
    page.get_by_label("Shop ID or shop URL").fill("TB-7")
    page.get_by_role("button", name="Add seller").click()
    page.goto(f"{site}/cases/{draft.reference}/check/")
    expect(page.get_by_text("The brand has authorised this seller.")).to_be_visible()
    page.get_by_role("link", name="Open the entry").click()
    page.locator("summary", has_text="End this entry").click()
    page.get_by_role("dialog").get_by_role("button", name="End this entry").click()
    page.goto(f"{site}/cases/{draft.reference}/check/")
    expect(page.get_by_text("The brand has authorised this seller.")).to_have_count(0)
