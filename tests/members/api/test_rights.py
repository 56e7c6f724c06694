"""Rights and brands in the API: the same rules as on the pages."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Brand, IPRight
from members.services import rights as service
from tests import factories
from tests.factories.api import api_of, fields
from tests.personas import Personas

pytestmark = pytest.mark.django_db

RIGHT = {
    "kind": "trademark",
    "title": "ALDER",
    "registered_owner": "Alder Works Ltd",
    "office": "cnipa",
    "number": "１２ ３４５",
    "territory": ["CN", "BX"],
    "nice_classes": [25, 18],
    "registered_on": "2015-03-01",
}


def test_a_right_is_registered_read_changed_and_proved(personas: Personas) -> None:
    api = api_of(personas)
    made = api.post("/rights", RIGHT | {"brand_id": personas.brand.pk})
    assert made.status_code == 201, made.json()
    url, right = made.headers["Location"], made.json()
    assert (right["number"], right["office"], right["status"]) == ("12345", "CNIPA", "incomplete")
    assert sorted(right["territory"]) == ["BE", "CN", "LU", "NL"]
    assert api.get(url).json() == right
    assert made.headers["ETag"] == f'"{right["version"]}"'
    assert made.headers["Cache-Control"] == "private, no-cache"

    changed = api.patch(url, {"title": "ALDER 赤杨"}, If_Match=made.headers["ETag"])
    assert changed.status_code == 200, changed.json()
    assert changed.json() == right | {
        name: changed.json()[name] for name in ("title", "version", "updated_at")
    }
    assert changed.json()["updated_at"] > right["updated_at"]
    stale = api.patch(url, {"title": "OTHER"}, If_Match=right["version"])
    assert stale.status_code == 412
    assert api.patch(url, {"title": "OTHER"}).status_code == 428

    file = factories.png_bytes()
    path, version = f"{url}/certificate?name=%E8%AF%81.png", changed.json()["version"]
    proved = api.send("PUT", path, file, content_type="image/png", If_Match=version)
    assert proved.status_code == 200, proved.json()
    assert proved.json()["certificate"]["name"] == "证.png"
    assert proved.json()["status"] == "waiting"
    again = api.send("PUT", path, file, content_type="image/png", If_Match=version)
    assert (again.status_code, again.json()) == (200, proved.json())
    script = api.send("PUT", path, b"#!/bin/sh\n", content_type="application/pdf", If_Match=version)
    assert script.status_code == 422
    assert api.send("PUT", path, file, If_Match=version).status_code == 415
    stored = IPRight.objects.get(pk=right["id"])
    row = stored.history.order_by("-pgh_id").first()  # type: ignore[attr-defined]
    assert row.pgh_context.metadata["user"] == personas.filer.pk


def test_changing_a_verified_right_needs_a_confirmation(personas: Personas) -> None:
    api, url = api_of(personas), f"/rights/{personas.right.pk}"
    version = api.get(url).json()["version"]
    refused = api.patch(url, {"title": "NEW", "registered_owner": "A"}, If_Match=version)
    assert refused.status_code == 422
    assert fields(refused) == {
        "confirm_end_of_verification": "Confirm that the change ends the verification."
    }
    body = {"title": "NEW", "registered_owner": "A", "confirm_end_of_verification": True}
    assert api.patch(url, body, If_Match=version).json()["status"] == "incomplete"


def test_errors_name_the_fields_in_the_language_of_the_caller(personas: Personas) -> None:
    api = api_of(personas)
    body = RIGHT | {"brand_id": personas.brand.pk}
    wrong = api.post("/rights", body | {"nice_classes": [], "registered_on": "2100-01-01"})
    assert wrong.status_code == 422
    assert wrong.headers["Content-Type"] == "application/problem+json"
    assert set(fields(wrong)) == {"nice_classes", "registered_on"}
    assert set(fields(api.post("/rights", body | {"territory": ["XX"], "x": 1}))) == {"x"}
    assert fields(api.post("/rights", body | {"territory": ["XX"]})) == {
        "territory": "“XX” is not a country or region."
    }
    foreign = factories.brand(personas.other_member)
    assert set(fields(api.post("/rights", body | {"brand_id": foreign.pk}))) == {"brand_id"}
    taken = body | {"office": "CNIPA", "number": personas.right.number}
    assert api.post("/rights", taken).status_code == 409
    for value in ("2015-02-30", 20150301, "1.3.2015", None):
        assert set(fields(api.post("/rights", body | {"registered_on": value}))) == {
            "registered_on"
        }
    chinese = api.post("/rights", {}, Accept_Language="zh-CN")
    assert fields(chinese)["title"] == "此项必填。"
    assert chinese.json()["detail"] == "部分字段的值无效。"
    assert api.send("POST", "/rights", b"{").status_code == 400
    assert api.send("POST", "/rights", b"[" * 20_000).status_code == 400
    assert not IPRight.objects.filter(title="ALDER").exists()


def test_lists_have_pages_filters_and_few_queries(personas: Personas) -> None:
    api = api_of(personas)
    for _n in range(3):
        factories.registered_right(personas.member, by=personas.filer, under=personas.brand)
    factories.right(factories.brand(personas.other_member))
    api.get("/rights")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = api.get("/rights?limit=3").json()
    assert len(queries) <= 4
    assert page["items"][0] == api.get(f"/rights/{page['items'][0]['id']}").json()
    rest = api.get(f"/rights?limit=3&cursor={page['next']}").json()
    found = [right["id"] for right in page["items"] + rest["items"]]
    mine = IPRight.objects.filter(member=personas.member).order_by("-pk")
    assert found == [right.pk for right in mine]
    assert rest["next"] is None
    assert len(api.get("/rights?status=verified&kind=trademark").json()["items"]) == 1
    assert api.get("/rights?cursor=nonsense").status_code == 422
    assert api.get("/rights?status=nonsense").status_code == 422
    assert set(fields(api.get("/rights?state=verified"))) == {"state"}

    changed = mine.last()
    assert changed is not None
    since = changed.updated_at.isoformat().replace("+", "%2B")
    service.send_back(right=changed, by=personas.moderator, reason="Not readable")
    answer = api.get(f"/rights?updated_since={since}").json()
    assert answer["items"][-1]["id"] == changed.pk
    assert answer["items"][-1]["return_reason"] == "Not readable"
    for value in ("yesterday", "2026-01-01", "2026-13-01T00:00:00Z", "1"):
        assert api.get(f"/rights?updated_since={value}").status_code == 422
    for value in (
        "0001-01-01T00:00:00%2B14:00",
        "9999-12-31T23:59:59-12:00",
        "2706-06-16T20:43:02%2B22:15",
    ):
        assert api.get(f"/rights?updated_since={value}").status_code == 200


def test_brands_are_added_changed_and_deleted(personas: Personas) -> None:
    api, owner = api_of(personas), api_of(personas, "owner")
    made = api.post("/brands", {"name": "Birch\u200b  Two", "name_local": "白桦"})
    assert made.status_code == 201, made.json()
    brand, url = made.json(), made.headers["Location"]
    assert (brand["name"], brand["is_active"]) == ("Birch Two", False)
    assert fields(api.post("/brands", {"name": "BIRCH TWO"}), 409) == {
        "name": "Your member has a brand of this name."
    }
    assert api.post("/brands", {"name": "\u200b\u3164"}).status_code == 422
    changed = api.patch(url, {"name": "Birch 2"}, If_Match=brand["version"])
    assert changed.json()["name"] == "Birch 2"
    assert changed.json()["name_local"] == "白桦"
    version = changed.json()["version"]
    assert api.patch(url, {"is_public": False}, If_Match=version).status_code == 403
    assert api.patch(url, {"name": None}, If_Match=version).status_code == 422
    hidden = owner.patch(url, {"is_public": False}, If_Match=version)
    assert hidden.json()["is_public"] is False
    assert api.delete(url, If_Match=version).status_code == 412
    assert api.delete(url, If_Match=hidden.json()["version"]).status_code == 204
    assert api.get(url).status_code == 404
    used = f"/brands/{personas.brand.pk}"
    version = api.get(used).json()["version"]
    assert api.patch(used, {"name": "X"}, If_Match=version).status_code == 422
    assert api.delete(used, If_Match=version).status_code == 422
    assert Brand.objects.filter(pk=personas.brand.pk).exists()
    listed = factories.authorised_seller(brand=factories.brand(personas.member, is_active=False))
    url = f"/brands/{listed.brand_id}"
    kept = api.delete(url, If_Match=api.get(url).json()["version"])
    assert (kept.status_code, kept.json()["detail"]) == (
        422,
        "This brand is in use and cannot be deleted.",
    )
    assert type(listed).objects.filter(pk=listed.pk).exists()
    assert [one["name"] for one in api.get("/brands?status=active").json()["items"]] == ["ALDER"]


def test_the_objects_of_another_member_do_not_exist(personas: Personas) -> None:
    mine, other = api_of(personas), api_of(personas, "stranger")
    for path in (f"/rights/{personas.right.pk}", f"/brands/{personas.brand.pk}"):
        version = mine.get(path).json()["version"]
        assert other.get(path).status_code == 404
        assert other.patch(path, {}, If_Match=version).status_code == 404
        assert other.get(path).json()["detail"].startswith("There is no such object")
    assert other.get("/rights").json()["items"] == []
    assert mine.get("/rights/0").status_code == 422
    assert mine.get("/rights/9999999999999999999999").status_code == 422
    assert mine.get("/no-such-noun").json()["status"] == 404
    refused = mine.send("DELETE", "/rights")
    assert (refused.status_code, refused.json()["status"]) == (405, 405)
    assert "GET" in refused.headers["Allow"]
