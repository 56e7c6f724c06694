"""Marketplaces, sellers and reason codes."""

from __future__ import annotations

from typing import Any

from cases.models import (
    AuthorisedSeller,
    Case,
    Marketplace,
    MarketplaceExample,
    ReasonCode,
    Seller,
    SellerIdentifier,
    SellerName,
    WatchList,
    WatchListEntry,
)
from tests.factories.directory import brand
from tests.factories.numbers import number


def marketplace(**fields: Any) -> Marketplace:
    """A marketplace with listings at ``https://<slug>.example/item/<number>``."""
    n = number()
    slug = fields.pop("slug", f"market-{n}")
    values = {
        "slug": slug,
        "name": f"Market {n}",
        "country": "CN",
        "hosts": [f"{slug}.example"],
        "listing_pattern": r"/item/(?P<item>\d+)",
    }
    return Marketplace.objects.create(**values | fields)


def example(of: Marketplace, path: str = "/item/12001", **fields: Any) -> MarketplaceExample:
    """An example that the rules of ``of`` read as expected, unless ``fields`` say otherwise."""
    values = {"url": f"https://{of.hosts[0]}{path}", "expected": "item"}
    return MarketplaceExample.objects.create(marketplace=of, **values | fields)


def watch_list_entry(of: Marketplace | None = None, **fields: Any) -> WatchListEntry:
    if "watch_list" not in fields:
        fields["watch_list"] = WatchList.objects.create(name=f"List of markets {number()}")
    values = {"year": 2024, "source_url": "https://lists.example/2024"}
    return WatchListEntry.objects.create(marketplace=of or marketplace(), **values | fields)


def seller(on: Marketplace | None = None, **fields: Any) -> Seller:
    n = number()
    values = {
        "marketplace": on or marketplace(),
        "external_id": f"shop-{n}",
        "name": f"Shop {n}",
    }
    return Seller.objects.create(**values | fields)


def identifier(of: Seller | None = None, **fields: Any) -> SellerIdentifier:
    values = {
        "seller": of or seller(),
        "kind": SellerIdentifier.Kind.EMAIL,
        "value": f"shop{number()}@shops.example",
    }
    return SellerIdentifier.objects.create(**values | fields)


def other_name(case: Case, **fields: Any) -> SellerName:
    """Another name of the case's seller, which the case is recorded to have given it."""
    values = {"seller": case.seller, "case": case, "name": f"Shop {number()}"}
    return SellerName.objects.create(**values | fields)


def authorised_seller(**fields: Any) -> AuthorisedSeller:
    values = {"external_id": f"shop-{number()}"}
    if "brand" not in fields:
        values["brand"] = brand()
    if "marketplace" not in fields:
        values["marketplace"] = marketplace()
    return AuthorisedSeller.objects.create(**values | fields)


def reason(use: str = ReasonCode.Use.UPHOLD, **fields: Any) -> ReasonCode:
    """A reason code for ``use``: uphold, reject, request or decline."""
    n = number()
    values = {
        "code": f"reason-{n}",
        "use": use,
        "label": f"Reason {n}",
        "label_zh": f"理由{n}",
        "how_to_fix": f"Mend it this way {n}.",
        "how_to_fix_zh": f"这样修正{n}。",
    }
    return ReasonCode.objects.create(**values | fields)
