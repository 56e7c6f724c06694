"""Products and authorised sellers in the API."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import AuthorisedSeller
from members.models import Product
from members.services import products
from tests import factories
from tests.factories.api import api_of, fields
from tests.factories.products import new_gtin
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_a_product_is_added_changed_retired_and_restored(personas: Personas) -> None:
    api, gtin = api_of(personas), new_gtin()
    body = {
        "brand_id": personas.brand.pk,
        "name": "Bag",
        "name_local": "包",
        "other_names": {"ja": "バッグ"},
        "gtin": gtin,
        "production_places": ["cn", "VN"],
        "nice_classes": [18],
    }
    made = api.post("/products", body)
    assert made.status_code == 201, made.json()
    url, product = made.headers["Location"], made.json()
    assert product["gtin"] == f"0{gtin}"
    assert (product["production_places"], product["is_active"]) == (["CN", "VN"], True)
    assert api.get(url).json() == product
    other = api.post("/products", body | {"name": "Other"})
    assert set(fields(other, 409)) == {"gtin"}
    wrong = api.post("/products", body | {"gtin": "6.9E+12", "other_names": {"xx-yy": "x"}})
    assert set(fields(wrong)) == {"gtin", "other_names"}
    assert set(fields(api.post("/products", body | {"gtin": 6901234567892}))) == {"gtin"}
    foreign = factories.brand(personas.other_member)
    assert set(fields(api.post("/products", body | {"brand_id": foreign.pk}))) == {"brand_id"}

    changed = api.patch(url, {"packaging": "Box"}, If_Match=product["version"]).json()
    assert (changed["packaging"], changed["name"]) == ("Box", "Bag")
    assert changed["updated_at"] > product["updated_at"]
    for call in (
        api.patch(url, {"name": "X"}, If_Match=product["version"]),
        api.patch(url, {"is_active": False}, If_Match=product["version"]),
        api.delete(url, If_Match=product["version"]),
    ):
        assert call.status_code == 412
    retired = api.delete(url, If_Match=changed["version"]).json()
    assert retired["is_active"] is False
    assert api.delete(url, If_Match=changed["version"]).json() == retired
    assert [one["id"] for one in api.get("/products?status=retired").json()["items"]] == [
        product["id"]
    ]
    back = api.patch(url, {"is_active": True, "name": "Bag 2"}, If_Match=retired["version"])
    assert (back.json()["is_active"], back.json()["name"]) == (True, "Bag 2")
    assert products.version(Product.objects.get()) == back.json()["version"]
    assert api_of(personas, "stranger").get(url).status_code == 404
    assert api.get(f"/products?brand_id={foreign.pk}").json()["items"] == []


def test_a_change_at_the_same_moment_is_a_conflict(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another request changes the product after this one has read it, and before it has the lock."""
    api, product = api_of(personas), factories.product(personas.brand, by=personas.filer)
    url, lock, names = f"/products/{product.pk}", products.lock, iter(("One", "Two", "Three"))

    def late(*given: Any) -> Product:
        Product.objects.filter(pk=product.pk).update(name=next(names))
        return lock(*given)

    monkeypatch.setattr(products, "lock", late)
    for send in (
        lambda version: api.delete(url, If_Match=version),
        lambda version: api.patch(url, {"is_active": False}, If_Match=version),
        lambda version: api.patch(url, {"packaging": "Box"}, If_Match=version),
    ):
        assert send(api.get(url).json()["version"]).status_code == 412
    stored = Product.objects.get(pk=product.pk)
    assert (stored.is_active, stored.packaging) == (True, product.packaging)


def test_a_seller_is_authorised_changed_and_ended(personas: Personas) -> None:
    api, market = api_of(personas), factories.marketplace(slug="yimart")
    body = {"brand_id": personas.brand.pk, "marketplace": "yimart", "shop": "shop-15"}
    made = api.post("/authorised-sellers", body | {"valid_until": "2100-01-01"})
    assert made.status_code == 201, made.json()
    url, entry = made.headers["Location"], made.json()
    assert (entry["shop"], entry["status"]) == ("shop-15", "in_force")
    assert api.post("/authorised-sellers", body).status_code == 409
    assert set(fields(api.post("/authorised-sellers", body | {"marketplace": "x"}))) == {
        "marketplace"
    }
    listing = f"https://{market.hosts[0]}/item/5"
    assert set(fields(api.post("/authorised-sellers", body | {"shop": listing}))) == {"shop"}
    early = api.patch(url, {"valid_from": "2101-01-01"}, If_Match=entry["version"])
    assert set(fields(early)) == {"valid_until"}
    changed = api.patch(url, {"note": "Outlet", "valid_until": None}, If_Match=entry["version"])
    assert (changed.json()["note"], changed.json()["valid_until"]) == ("Outlet", None)
    assert api.delete(url, If_Match=entry["version"]).status_code == 412
    ended = api.delete(url, If_Match=changed.json()["version"])
    assert ended.json()["status"] == "ended"
    assert api.get("/authorised-sellers?status=in_force").json()["items"] == []
    assert len(api.get("/authorised-sellers?status=over").json()["items"]) == 1
    assert AuthorisedSeller.objects.get().ended_by == personas.filer
    assert api_of(personas, "stranger").get(url).status_code == 404
