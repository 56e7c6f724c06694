"""The pages of imports: upload, preview, confirmation, error sheet and result."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib.sheets import reading
from alliance.lib.sheets.limits import Limits
from members import tasks
from members.models import ImportJob, IPRight
from tests import factories
from tests.factories.sheets import RIGHT_TITLES, import_job, right_row, sheet
from tests.forms import form_data, form_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def new(personas: Personas, kind: str = "rights") -> str:
    return reverse("imports:new", args=[personas.member.slug, kind])


def upload(client: Client, url: str, file: Any) -> Any:
    """Upload a sheet, let a worker check it, and return the page of the import."""
    data = form_data(client.get(url), "sheet-form")
    page = client.post(url, data | {"file": file}, follow=True)
    assert "Being checked" in page.content.decode()
    tasks.run_imports()
    return client.get(page.redirect_chain[-1][0])


def rows_of(response: Any) -> list[tuple[int, list[str]]]:
    data = io.BytesIO(b"".join(response.streaming_content))
    found = reading.read(data, name="x.xlsx", limits=Limits())
    return [(0, found.header), *((row.number, row.cells) for row in found.rows)]


def test_upload_preview_error_sheet_and_import(personas: Personas) -> None:
    client = personas.client("filer")
    bad = right_row("ALDER", mark_or_title="=cmd|' /C calc'!A0", territory="Atlantis")
    good = right_row("ALDER")
    page = upload(client, new(personas), sheet(good, bad))
    words = page.content.decode()
    assert "Nothing has been imported yet" in words
    assert "“Atlantis” is not a country or region." in words
    assert "Import 1 row<" in " ".join(words.split())
    job = ImportJob.objects.get()
    errors = client.get(reverse("imports:errors", args=[personas.member.slug, job.pk]))
    header, row = rows_of(errors)
    assert header[1] == [*RIGHT_TITLES, "Row", "What is wrong"]
    assert row[1][: len(bad) - 1] == bad[:-1]
    assert row[1][-2:] == ["3", "Territory: “Atlantis” is not a country or region."]
    assert errors["Content-Disposition"].startswith("attachment")
    confirm = reverse("imports:confirm", args=[personas.member.slug, job.pk])
    for _twice in range(2):
        client.post(confirm, form_of(page, action=confirm))
    url = reverse("imports:job", args=[personas.member.slug, job.pk])
    assert 'value="0"' in client.get(url).content.decode()
    live = client.get(url, headers={"hx-request": "true"})
    assert 'id="import-progress" hx-swap-oob' in live.content.decode()
    tasks.run_imports()
    assert client.get(url, headers={"hx-request": "true"})["HX-Refresh"] == "true"
    page = client.get(url)
    assert "?state=incomplete" in page.content.decode()
    assert IPRight.objects.incomplete().get().number == good[5]
    # The error sheet, corrected, is uploaded as it is.
    row[1][6] = "JP"
    again = upload(client, new(personas), sheet(row[1], titles=header[1]))
    assert "are not known and are ignored" not in again.content.decode()
    assert ImportJob.objects.latest("uploaded_at").will_create == 1


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (
            sheet(right_row()[:3], titles=["Brand", "Brand", "Colour"]),
            "in the sheet twice: “Brand”",
        ),
        (factories.png("rights.csv"), "neither a CSV file nor an Excel file"),
        (sheet(), "no rows below the titles"),
        (None, "Choose a file."),
    ],
)
def test_refused_files_are_explained(personas: Personas, file: Any, message: str) -> None:
    client = personas.client("filer")
    data = {"file": file} if file else {}
    page = client.post(new(personas), data)
    assert (page.status_code, ImportJob.objects.exists()) == (422, False)
    assert message in page.content.decode()


def test_template_is_accepted_as_it_is(personas: Personas) -> None:
    client = personas.client("filer")
    for kind in ("rights", "products", "authorised-sellers"):
        url = reverse("imports:template", args=[personas.member.slug, kind])
        found = rows_of(client.get(url))
        assert len(found) == 2
        assert all(one.rstrip("*") for one in found[0][1])


def test_queries_do_not_grow_with_rows(
    personas: Personas, django_assert_max_num_queries: Any
) -> None:
    client, slug = personas.client("filer"), personas.member.slug
    jobs = [import_job(personas.member, right_row(), right_row(""), by=personas.filer)]
    jobs += [import_job(personas.member, right_row("")) for _ in range(2)]
    with django_assert_max_num_queries(8):
        assert client.get(reverse("imports:list", args=[slug])).status_code == 200
    with django_assert_max_num_queries(8):
        assert client.get(reverse("imports:job", args=[slug, jobs[0].pk])).status_code == 200
    for _more in range(3):
        factories.authorised_seller(brand=personas.brand)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("allow_list:list", args=[slug]) + "?state=in_force")
    assert page.content.decode().count("shop-") >= 3
