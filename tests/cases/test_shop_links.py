"""Shops are linked by the identifiers that they share."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from cases.models import Marketplace, Seller, SellerIdentifier
from cases.queries import seller_history
from tests import factories


@pytest.fixture
def market(db: None) -> Marketplace:
    return factories.marketplace(slug="bazaar", hosts=["bazaar.example"])


def add_shared_identifier(kind: str, value: str, count: int, **own: Any) -> list[Seller]:
    made = [own["seller"]] if own else []
    made += [factories.seller(own["seller"].marketplace) for _ in range(count)]
    SellerIdentifier.objects.bulk_create(
        [SellerIdentifier(seller=one, kind=kind, value=value) for one in made]
    )
    return made


def test_common_identifier_does_not_hide_a_link(market: Marketplace) -> None:
    shop = factories.seller(market)
    add_shared_identifier("phone", "+864008001234", 90, seller=shop)
    _shop, partner = add_shared_identifier("payment", "PAY0001", 1, seller=shop)
    assert [(s, i.value) for s, i in seller_history.linked(shop, limit=12)] == [
        (partner, "PAY0001")
    ]


def test_links_read_a_bounded_number_of_rows(market: Marketplace) -> None:
    """Counting a common value stops at the cap."""
    shop = factories.seller(market)
    add_shared_identifier("phone", "+864008001234", 3000, seller=shop)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_selleridentifier")
        query = seller_history.distinctive(shop.pk)
        plan = query.explain(analyze=True, format="json")
    assert seller_history.MAX_SHARED_BY == 20
    assert most_rows(plan) <= seller_history.MAX_SHARED_BY + 2


def most_rows(plan: str) -> float:
    def walk(node: dict[str, Any]) -> float:
        below = [walk(child) for child in node.get("Plans", [])]
        return max([float(node["Actual Rows"]), *below])

    return walk(json.loads(plan)[0]["Plan"])
