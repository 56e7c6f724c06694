"""A sheet of listings with errors: corrected, uploaded again, and filed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case, Listing
from members import tasks
from members.models import User
from tests import factories
from tests.factories.files import png_bytes
from tests.factories.listing_sheets import listing_row, listing_sheet

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_sheet_with_errors_to_filed_cases(
    page: Page, site: str, become: Callable[[User | None], None], tmp_path: Path
) -> None:
    right = factories.right(factories.brand(factories.member(name="Alder Works"), name="ALDER"))
    market = factories.marketplace(name="Night Market", slug="night-market")
    rows = [
        listing_row(market, f"shop-{at % 3}", price="12500,50" if at < 9 else "9", currency="CNY")
        for at in range(300)
    ]
    file, picture = tmp_path / "listings.csv", tmp_path / "comparison.png"
    file.write_bytes(listing_sheet(*rows).read())
    picture.write_bytes(png_bytes())
    become(factories.filer(right.brand.member))

    page.goto(f"{site}/cases/")
    page.get_by_role("link", name="File from a sheet").click()
    page.get_by_label("Sheet", exact=True).set_input_files(file)
    page.get_by_label("Infringed right").select_option(str(right.pk))
    page.get_by_label("Violation type").select_option("counterfeit")
    page.get_by_label("Place of infringement").select_option("CN")
    page.locator("input[name=infringement_in][value=product]").check()
    page.get_by_label("Class of goods (Nice)").select_option("25")
    page.get_by_label("Explanation").fill("The label is misspelt.")
    page.get_by_label("Evidence for all cases").set_input_files(picture)
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_text("0 of 300 rows")).to_be_visible()
    tasks.run_imports()
    # The page notices it without being reloaded.
    expect(page.get_by_text("“12500,50” is not a clear amount").first).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="To be filed")).to_have_count(3)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the error sheet").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    button = page.get_by_role("button", name="File 3 cases")
    button.click()
    # The browser asks for the statement.
    expect(button).to_be_visible()
    page.get_by_role("checkbox", name="confirm in good faith").check()
    button.click()
    expect(page.get_by_text("9 of 300 rows")).to_be_visible()
    tasks.run_imports()
    expect(page.get_by_role("row").filter(has_text="AP-")).to_have_count(3)

    page.get_by_role("link", name="Upload another sheet").click()
    expect(page.get_by_label("Explanation")).to_have_value("The label is misspelt.")
    for row in rows[:9]:
        row[5] = "12500.50"
    file.write_bytes(listing_sheet(*rows).read())
    page.get_by_label("Sheet", exact=True).set_input_files(file)
    page.get_by_label("Evidence for all cases").set_input_files(picture)
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_text("0 of 300 rows")).to_be_visible()
    tasks.run_imports()
    page.get_by_role("checkbox", name="confirm in good faith").check()
    page.get_by_role("button", name="File 3 cases").click()
    expect(page.get_by_text("291 of 300 rows")).to_be_visible()
    tasks.run_imports()
    expect(page.get_by_role("row").filter(has_text="are already in open cases")).to_have_count(3)
    page.get_by_role("row").filter(has_text="AP-").first.get_by_role("link").first.click()
    expect(page.get_by_text("Filed from the sheet")).to_be_visible()
    assert (Case.objects.count(), Listing.objects.filter(is_open=True).count()) == (6, 300)
