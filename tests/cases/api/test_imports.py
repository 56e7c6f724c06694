"""Programs import sheets as the pages do."""

from __future__ import annotations

import io
import time
import uuid
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cases.models import Case, Marketplace
from members.models import ImportJob
from members.services import import_runs
from tests.factories.api import Api, api_of, fields
from tests.factories.files import png, png_bytes
from tests.factories.listing_sheets import listing_row, listing_sheet, listings_job, pictures
from tests.factories.sheets import checked, sheet
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(personas: Personas) -> dict[str, Any]:
    """The fields of the complaint."""
    return {
        "right_id": personas.right.pk,
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "infringement_in": ["product"],
        "explanation": "The label is misspelt and the seams are glued.",
    }


def rows(market: Marketplace) -> list[list[str]]:
    return [
        listing_row(market, "shop-1", price="10", currency="CNY", pictures="a.png"),
        listing_row(market, "shop-1"),
        listing_row(market, "shop-2"),
        listing_row(market, "shop-3", price="10"),
    ]


def apply(job: ImportJob) -> None:
    """Do what a worker does after the confirmation."""
    import_runs.run(job.pk, until=time.monotonic() + 60)


def test_listings_from_the_sheet_to_the_cases(
    api: Api, personas: Personas, market: Marketplace, form: dict[str, Any]
) -> None:
    table = rows(market)
    sent = form | {
        "file": listing_sheet(*table),
        "evidence": [png("all.png", seed=1)],
        "pictures": pictures({"a.png": png_bytes(seed=2)}),
    }
    made = api.upload("/imports", sent, Idempotency_Key="k")
    assert made.status_code == 202, made.content
    job = ImportJob.objects.get()
    path = f"/imports/{job.pk}"
    assert made.headers["Location"] == f"/api/v1{path}"
    assert (made.json()["state"], made.json()["row_count"]) == ("checking", 4)
    early = {"version": made.json()["version"], "good_faith": True}
    assert api.post(f"{path}/confirm", early).status_code == 409

    checked(job)
    found = api.get(path).json()
    assert found["state"] == "checked"
    assert found["counts"] == {"created": 3, "changed": 0, "unchanged": 0, "failed": 1}
    planned = api.get(f"{path}/cases?limit=1").json()
    assert (planned["items"][0]["shop"], planned["items"][0]["state"]) == ("shop-1", "planned")
    second = api.get(f"{path}/cases?limit=1&cursor={planned['next']}").json()
    assert [one["shop"] for one in second["items"]] == ["shop-2"]
    [problem] = api.get(f"{path}/problems").json()["items"]
    assert (problem["row"], "currency" in problem["detail"].lower()) == (5, True)
    errors = b"".join(api.get(f"{path}/errors").streaming_content)
    lines = CalamineWorkbook.from_filelike(io.BytesIO(errors)).get_sheet_by_index(0).to_python()
    assert table[3][0] in {cell for line in lines for cell in line}

    refused = api.post(f"{path}/confirm", {"version": found["version"]})
    assert refused.status_code == 422
    assert "good-faith" in refused.json()["detail"]
    stale = {"version": "old", "good_faith": True}
    assert api.post(f"{path}/confirm", stale).status_code == 409
    assert not Case.objects.exists()
    confirmed = {"version": found["version"], "good_faith": True}
    for _ in range(2):
        done = api.post(f"{path}/confirm", confirmed, Idempotency_Key="c")
        assert (done.status_code, done.json()["state"]) == (200, "running"), done.content
    apply(job)
    found = api.get(path).json()
    assert (found["state"], found["counts"]["created"]) == ("done", 3)
    filed = api.get(f"{path}/cases").json()["items"]
    assert {one["reference"] for one in filed} == set(
        Case.objects.values_list("reference", flat=True)
    )
    case = api.get(f"/cases/{filed[0]['reference']}").json()
    assert (case["import_id"], case["status"]) == (str(job.pk), "submitted")
    assert sorted(one["name"] for one in case["evidence"]) == ["a.png", "all.png"]
    # The upload is repeated after all of this: nothing is filed twice.
    sent |= {
        "file": listing_sheet(*table),
        "evidence": [png("all.png", seed=1)],
        "pictures": sent["pictures"],
    }
    sent["pictures"].seek(0)
    again = api.upload("/imports", sent, Idempotency_Key="k")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (202, "true")
    assert again.content == made.content
    assert ImportJob.objects.count() == 1


def test_what_is_wrong_with_the_complaint_is_said_at_once(
    api: Api, market: Marketplace, form: dict[str, Any]
) -> None:
    wrong = form | {"right_id": 999_999, "explanation": "", "infringement_in": []}
    answer = api.upload("/imports", wrong | {"file": listing_sheet(*rows(market))})
    assert set(fields(answer)) == {
        *("right_id", "explanation", "infringement_in"),
    }
    hidden = form | {"how_to_order": "Variant B", "file": listing_sheet(*rows(market))}
    answer = api.upload("/imports", hidden)
    assert set(fields(answer)) == {"advertised_in", "what_arrives"}
    answer = api.upload("/imports", {"violation": "theft", "goods_class": 99})
    assert set(fields(answer)) == {"file", "violation", "goods_class"}
    answer = api.upload("/imports", form | {"right": 1, "file": listing_sheet(*rows(market))})
    assert set(fields(answer)) == {"right"}
    broken = form | {"file": sheet(["x"], titles=["Unknown"])}
    assert api.upload("/imports", broken).status_code == 422
    assert not ImportJob.objects.exists()


def test_other_sheets_need_the_scope_of_their_noun(personas: Personas) -> None:
    def upload(*scopes: str) -> Any:
        api = api_of(personas, "filer", *scopes)
        row, titles = [personas.brand.name, "Travel bag"], ["Brand", "Product name"]
        return api, api.upload("/imports", {"kind": "products", "file": sheet(row, titles=titles)})

    api = api_of(personas, "filer", "cases:write", "products:write")
    other = {"kind": "products", "explanation": "x", "pictures": png(), "file": sheet(["x"])}
    assert set(fields(api.upload("/imports", other))) == {"explanation", "pictures"}
    _api, refused = upload("cases:write", "cases:read")
    assert refused.status_code == 403
    assert "products:write" in refused.json()["detail"]
    api, made = upload("cases:write", "cases:read", "products:write", "products:read")
    assert made.status_code == 202, made.content
    job = checked(ImportJob.objects.get())
    found = api.get(f"/imports/{job.pk}").json()
    assert found["counts"]["created"] == 1, found
    assert api.post(f"/imports/{job.pk}/confirm", {"version": found["version"]}).status_code == 200
    apply(job)
    assert personas.brand.products.get().name == "Travel bag"
    reads = api_of(personas, "filer", "cases:read")
    assert reads.get(f"/imports/{job.pk}").status_code == 403
    assert api.get(f"/imports/{job.pk}/errors").status_code == 404


def test_imports_are_cancelled_and_belong_to_the_member(
    api: Api, personas: Personas, market: Marketplace
) -> None:
    job = listings_job(personas.right, personas.filer, *rows(market))
    stranger = api_of(personas, "stranger")
    for end in ("", "/cases", "/problems", "/errors"):
        assert stranger.get(f"/imports/{job.pk}{end}").status_code == 404
    body = {"version": job.version, "good_faith": True}
    assert stranger.post(f"/imports/{job.pk}/confirm", body).status_code == 404
    assert stranger.post(f"/imports/{job.pk}/cancel", {}).status_code == 404
    viewer = api_of(personas, "viewer")
    assert viewer.get(f"/imports/{job.pk}").status_code == 200
    assert viewer.post(f"/imports/{job.pk}/cancel", {}).status_code == 403
    for _ in range(2):
        done = api.post(f"/imports/{job.pk}/cancel", {})
        assert (done.status_code, done.json()["state"]) == (200, "cancelled")
    assert api.post(f"/imports/{job.pk}/confirm", body).status_code == 409
    assert api.get(f"/imports/{uuid.uuid4()}").status_code == 404
