"""Fixtures: programs of a member, and a marketplace."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Marketplace
from tests import factories
from tests.factories.api import Api, access_token
from tests.personas import Personas


@pytest.fixture
def api(personas: Personas) -> Api:
    """The program of the filer."""
    return Api(access_token(personas.member, personas.filer)[1])


@pytest.fixture
def market() -> Marketplace:
    return factories.marketplace(slug="yimart")


@pytest.fixture
def complaint(personas: Personas, market: Marketplace) -> dict[str, Any]:
    """The body of a request that files a complete case, but for its evidence."""
    return {
        "right_id": personas.right.pk,
        "violation": "counterfeit",
        "jurisdiction": "CN",
        "goods_class": 25,
        "infringement_in": ["product"],
        "explanation": "The label is misspelt and the seams are glued.",
        "seller": {"shop": "shop-15", "name": "Moonlight Boutique"},
        "listings": [
            {"url": url, "price": "199.00", "currency": "CNY", "units_sold": 5}
            for url in factories.listing_urls(market, 2)
        ],
    }
