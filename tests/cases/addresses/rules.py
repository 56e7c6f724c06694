"""Marketplaces with listing patterns and shop pages, and short ways to parse an address."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import Marketplace
from cases.services import catalogued_marketplaces

MARKET = Marketplace(
    pk=7,
    slug="market",
    name="Market",
    hosts=["market.example"],
    listing_pattern=r"/item/(?P<item>\d+)",
)
PLAIN = Marketplace(pk=8, slug="plain", name="Plain", hosts=["plain.example"])
WEB = Marketplace(
    pk=9,
    slug="web",
    name="Independent website",
    hosts=[],
    shop_pages=[
        "social.example/{name}",
        "social.example/profile.php?id={code}",
        "social.example/profile.php",
        "social.example/groups",
        "album.example/view/{code}",
        "{name}.builder.example/{name}",
    ],
)
ALL = Marketplaces([MARKET, PLAIN, WEB])


def catalogued() -> Marketplaces:
    """Return a row for each marketplace of the catalogue, and that for independent websites."""
    rows = catalogued_marketplaces.unsaved()
    for pk, row in enumerate(rows, start=100):
        row.pk = pk
    return Marketplaces([*rows, WEB])


def key(line: str) -> str:
    return addresses.parse(line, ALL).key


def sentence(line: str) -> str:
    with pytest.raises(ValidationError) as refused:
        addresses.parse(line, ALL)
    return str(refused.value.messages[0])
