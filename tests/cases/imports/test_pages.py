"""The pages of sheets of listings: upload, preview, filing, error sheet and the corrected sheet."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Listing, PlannedCase
from members import tasks
from members.models import ImportJob
from tests import factories
from tests.factories.listing_sheets import (
    TITLES,
    listing_row,
    listing_sheet,
    listings_job,
    pictures,
)
from tests.forms import form_data
from tests.members.imports.test_pages import rows_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db

COMPLAINT = {
    "violation": "counterfeit",
    "jurisdiction": "CN",
    "goods_class": "25",
    "infringement_in": ["product"],
    "explanation": "The label is misspelt.",
    "evidence_kind": "screenshot",
}
NEW = "/cases/sheet/"
MOST_RUNS = 20


def finish_imports() -> None:
    """Check and file all that is due; each run of the task has a limited time."""
    for _ in range(MOST_RUNS):
        tasks.run_imports()
        if not ImportJob.objects.filter(state__in=("checking", "running")).exists():
            return
    raise AssertionError(f"The imports are not finished after {MOST_RUNS} runs.")


def upload(client: Client, personas: Personas, file: Any, url: str = NEW, **files: Any) -> Any:
    """Upload a sheet with the form, let a worker check it, and return the page of the import."""
    data = form_data(client.get(url), "listing-sheet-form", **COMPLAINT, right=personas.right.pk)
    sent = client.post(NEW, data | {"file": file} | files)
    assert sent.status_code == 302, sent.content.decode()
    finish_imports()
    return client.get(sent["Location"])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def file_all(client: Client, page: Any) -> None:
    """Tick the statement and file the cases, as the page of the import has it."""
    job = ImportJob.objects.latest("uploaded_at")
    data = form_data(page, "confirm-import")
    client.post(reverse("imports:confirm", args=[job.member.slug, job.pk]), data | {"stated": "on"})
    finish_imports()


def test_upload_preview_and_filing(personas: Personas) -> None:
    client, market = personas.client("filer"), factories.marketplace(name="Night Market")
    rows = [
        listing_row(market, "shop-a", shop_name="=cmd()", price="1250.50", currency="CNY"),
        listing_row(market, "shop-b"),
        listing_row(market, title="=cmd|' /C calc'!A0"),
    ]
    rows[2][2] = ""
    assert "File from a sheet" in words(client.get(reverse("desk:cases")))
    page = upload(client, personas, listing_sheet(*rows), evidence=[factories.png()])
    shown = words(page)
    for text in ("=cmd()", "CNY\xa01,250.50", "does not contain the shop", "File 2 cases"):
        assert text.replace("\xa0", " ") in shown.replace("\xa0", " "), text
    job = ImportJob.objects.get()
    confirm = reverse("imports:confirm", args=[personas.member.slug, job.pk])
    refused = client.post(confirm, form_data(page, "confirm-import"), follow=True)
    assert "Confirm the good-faith statement." in words(refused)
    file_all(client, page)
    page = client.get(reverse("imports:job", args=[personas.member.slug, job.pk]))
    case = Case.objects.get(planned__number=1)
    assert case.get_absolute_url() in words(page)
    assert f"?like={job.pk}" in words(page)
    assert "listings.csv" in words(client.get(case.get_absolute_url()))
    # The error sheet, corrected. The complaint is copied.
    header, wrong = rows_of(
        client.get(reverse("imports:errors", args=[personas.member.slug, job.pk]))
    )
    assert wrong[1][TITLES.index("Title of the listing")] == "=cmd|' /C calc'!A0"
    wrong[1][2] = "shop-a"
    again = client.get(f"{NEW}?like={job.pk}")
    assert form_data(again, "listing-sheet-form")["explanation"] == COMPLAINT["explanation"]
    file = listing_sheet(wrong[1], titles=header[1])
    page = upload(client, personas, file, f"{NEW}?like={job.pk}", evidence=[factories.png()])
    assert "are not known and are ignored" not in words(page)
    assert "File 1 case<" in words(page)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"file": listing_sheet(titles=["Colour", "Shop name"])}, "columns are missing"),
        ({"file": listing_sheet()}, "no rows below the titles"),
        ({"jurisdiction": "BR"}, "not valid in Brazil"),
        ({"violation": "design"}, "requires a right of this kind: Design"),
        ({"pictures": factories.png("pictures.zip")}, "is not a ZIP file"),
        ({"evidence": [pictures({"a.txt": b"a"})]}, "“pictures.zip” is not a"),
        ({"evidence": [factories.png(seed=n) for n in range(11)]}, "up to 10 files for all cases"),
        ({"explanation": ""}, "Explain why the listings infringe"),
    ],
)
def test_refused_uploads_are_explained_at_once(
    personas: Personas, changes: dict[str, Any], message: str
) -> None:
    client = personas.client("filer")
    data = form_data(client.get(NEW), "listing-sheet-form", **COMPLAINT, right=personas.right.pk)
    file = listing_sheet(listing_row(factories.marketplace()))
    page = client.post(NEW, data | {"file": file} | changes)
    assert (page.status_code, ImportJob.objects.exists()) == (422, False)
    assert message in words(page)


def test_rights_of_other_members_cannot_be_cited(personas: Personas) -> None:
    client = personas.client("filer")
    data = form_data(client.get(NEW), "listing-sheet-form", **COMPLAINT)
    file = listing_sheet(listing_row(factories.marketplace()))
    page = client.post(NEW, data | {"file": file, "right": factories.right().pk})
    assert "This right cannot be cited." in words(page)
    # Nor is the complaint of another member's import copied.
    job = listings_job(personas.right, personas.filer, listing_row(factories.marketplace()))
    page = personas.client("stranger").get(f"{NEW}?like={job.pk}")
    assert "misspelt" not in words(page)


def test_template_and_queries(personas: Personas, django_assert_max_num_queries: Any) -> None:
    client, market = personas.client("filer"), factories.marketplace()
    found = rows_of(client.get(reverse("desk:sheet_template")))
    assert [title.rstrip("*") for title in found[0][1]] == list(TITLES)
    job = listings_job(
        personas.right, personas.filer, *(listing_row(market, f"shop-{n}") for n in range(60))
    )
    for address in (NEW, reverse("imports:job", args=[personas.member.slug, job.pk])):
        with django_assert_max_num_queries(8):
            page = client.get(address)
    assert words(page).count("shop-") >= 50
    assert "cursor=" in words(page)


@pytest.mark.slow
def test_ten_thousand_rows_with_errors_corrected(personas: Personas) -> None:
    client, market = personas.client("filer"), factories.marketplace()
    rows = [
        listing_row(
            market, f"shop-{at % 30}", price="12500,50" if at % 33 == 7 else "12.50", currency="CNY"
        )
        for at in range(10_000)
    ]
    page = upload(client, personas, listing_sheet(*rows), evidence=[factories.png()])
    job = ImportJob.objects.get()
    assert (job.will_create, job.will_fail) == (9697, 303)
    file_all(client, page)
    job.refresh_from_db()
    assert (job.state, job.created, job.failed) == ("done", 9697, 303)
    cases = Case.objects.count()
    assert cases == PlannedCase.objects.filter(job=job, state="filed").count()
    header, *wrong = rows_of(
        client.get(reverse("imports:errors", args=[personas.member.slug, job.pk]))
    )
    assert len(wrong) == 303
    corrected = [[cell.replace("12500,50", "12500.50") for cell in row] for _number, row in wrong]
    file = listing_sheet(*corrected, titles=header[1])
    page = upload(client, personas, file, f"{NEW}?like={job.pk}", evidence=[factories.png()])
    file_all(client, page)
    assert Listing.objects.filter(is_open=True).count() == 10_000
    # The whole first sheet again.
    upload(client, personas, listing_sheet(*rows), evidence=[factories.png()])
    assert ImportJob.objects.latest("uploaded_at").will_create == 0
