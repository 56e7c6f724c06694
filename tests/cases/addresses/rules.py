"""Marketplaces with listing patterns and shop pages, and short ways to parse an address."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cases.marketplaces import addresses
from cases.models import Marketplace

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
ALL = [MARKET, PLAIN, WEB]


def key(line: str) -> str:
    return addresses.parse(line, ALL).key


def sentence(line: str) -> str:
    with pytest.raises(ValidationError) as refused:
        addresses.parse(line, ALL)
    return str(refused.value.messages[0])
