"""What a program does not send of a seller or of the listings stays as it is, and nothing that it sends is left out."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Case, Listing, Marketplace
from tests import factories
from tests.factories.api import Api, fields
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(api: Api, complaint: dict[str, Any]) -> dict[str, Any]:
    complaint["seller"]["identifiers"] = {"phone": ["+86 139 1234 5678"], "email": ["a@b.example"]}
    made = api.post("/cases", complaint)
    assert made.status_code == 201, made.content
    return dict(made.json())


def change(api: Api, draft: dict[str, Any], **body: Any) -> Any:
    return api.patch(f"/cases/{draft['reference']}", body, If_Match=draft["version"])


def test_listings_that_can_no_longer_be_read_stay(api: Api, draft: dict[str, Any]) -> None:
    # The rules for URLs have become stricter since the draft was made.
    Listing.objects.filter(position=2).update(url="https://")
    draft = api.get(f"/cases/{draft['reference']}").json()
    changed = change(api, draft, seller={"name": "Sunlight Boutique"})
    assert changed.status_code == 200, changed.content
    assert changed.json()["listings"] == draft["listings"]
    assert changed.json()["seller"]["name"] == "Sunlight Boutique"


def test_a_marketplace_that_is_named_must_be_that_of_the_urls(
    api: Api, draft: dict[str, Any], complaint: dict[str, Any]
) -> None:
    other = factories.marketplace()
    complaint["seller"] = {"marketplace": other.slug}
    complaint["listings"] = [{"url": f"{complaint['listings'][0]['url']}"}]
    refused = fields(api.post("/cases", complaint))
    assert "not on" in refused["listings.0.url"]
    refused = fields(change(api, draft, seller={"marketplace": other.slug}))
    assert "not on" in refused["listings"]


def test_a_marketplace_that_is_named_holds_for_independent_shops(
    api: Api, complaint: dict[str, Any]
) -> None:
    complaint["seller"] = {"marketplace": "yimart"}
    complaint["listings"] = [{"url": "https://shop.cheap-bags.example/products/1"}]
    assert "listings.0.url" in fields(api.post("/cases", complaint))


@pytest.mark.parametrize("seller", [{"name": "Moonlight"}, {"marketplace": "yimart"}])
def test_a_seller_without_a_shop_is_not_left_out(
    api: Api, complaint: dict[str, Any], seller: dict[str, str]
) -> None:
    assert set(fields(api.post("/cases", complaint | {"seller": seller}))) == {"seller.shop"}
    assert set(fields(api.post("/cases", complaint | {"seller": seller, "listings": []}))) == {
        "seller.shop"
    }
    assert not Case.objects.exists()
    # Neither is what the draft has.
    assert api.post("/cases", complaint | {"seller": {}}).status_code == 201


def test_the_shop_is_not_removed_silently(api: Api, draft: dict[str, Any]) -> None:
    assert set(fields(change(api, draft, seller={"shop": ""}))) == {"seller.shop"}


def test_identifiers_are_changed_alone(api: Api, draft: dict[str, Any]) -> None:
    changed = change(api, draft, seller={"identifiers": {"email": ["c@d.example"]}}).json()
    assert changed["seller"] == draft["seller"]
    assert changed["listings"] == draft["listings"]
    values = [(one["kind"], one["value"]) for one in changed["identifiers"]]
    phone = next(one["value"] for one in draft["identifiers"] if one["kind"] == "phone")
    assert values == [("email", "c@d.example"), ("phone", phone)]
    changed = change(api, changed, seller={"identifiers": {"phone": []}}).json()
    assert [one["kind"] for one in changed["identifiers"]] == ["email"]
    wrong = change(api, changed, seller={"identifiers": {"email": ["no address"]}})
    assert set(fields(wrong)) == {"seller.identifiers.email"}


def test_parts_of_the_seller_are_changed_alone(
    api: Api, draft: dict[str, Any], market: Marketplace
) -> None:
    changed = change(api, draft, seller={"shop": "shop-16"}).json()
    assert (changed["seller"]["shop"], changed["seller"]["name"]) == (
        "shop-16",
        "Moonlight Boutique",
    )
    changed = change(api, changed, seller={"name": ""}).json()
    assert changed["seller"]["name"] == "shop-16"
    # The ID that stands for a missing name does not become the name of another shop.
    changed = change(api, changed, seller={"shop": "shop-17"}).json()
    assert changed["seller"]["name"] == "shop-17"
    urls = [{"url": url} for url in factories.listing_urls(market, 1)]
    changed = change(api, changed, listings=urls).json()
    assert (changed["seller"]["shop"], len(changed["listings"])) == ("shop-17", 1)


def test_an_invisible_name_is_refused(
    api: Api, draft: dict[str, Any], complaint: dict[str, Any], personas: Personas
) -> None:
    complaint["seller"]["name"] = "\u200b\u2060"
    assert set(fields(api.post("/cases", complaint))) == {"seller.name"}
    assert set(fields(change(api, draft, seller={"name": "\u200b"}))) == {"seller.name"}
    complaint["seller"]["name"] = "Moon\u200blight"
    assert api.post("/cases", complaint).json()["seller"]["name"] == "Moonlight"
