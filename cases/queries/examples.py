"""Checks the rules of marketplaces against their examples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alliance.lib import text
from cases.marketplaces.lookup import Marketplaces
from cases.marketplaces.normalisation import EXCERPT_LENGTH
from cases.models import Marketplace, MarketplaceExample
from cases.models.marketplace_rules import EXAMPLES
from cases.queries import explained_addresses
from cases.queries.explained_addresses import Explained

_REFUSED = MarketplaceExample.Expected.REFUSED


@dataclass(frozen=True)
class Failure:
    """An example that the rules read in another way. ``message`` says what was expected and found."""

    example: MarketplaceExample
    message: str


def of_others(marketplace: Marketplace) -> list[MarketplaceExample]:
    """Return the examples of all other marketplaces: hosts compete, so a rule can change how those are read."""
    others = MarketplaceExample.objects.exclude(marketplace=marketplace.pk)
    return list(others.select_related("marketplace").order_by("pk")[:EXAMPLES])


def failures(examples: Iterable[MarketplaceExample], marketplaces: Marketplaces) -> list[Failure]:
    """Return the examples that ``marketplaces`` do not read as expected, in the same order."""
    found = []
    for example in examples:
        explained = explained_addresses.one(example.url, marketplaces)
        if not _is_as_expected(example, explained):
            found.append(Failure(example, _message(example, explained)))
    return found


def _is_as_expected(example: MarketplaceExample, explained: Explained) -> bool:
    if example.expected == _REFUSED:
        # The page of a shop is refused as a listing, but it is a kind of its own.
        return bool(explained.refusal) and explained.kind != "shop"
    address = explained.address
    return (
        address is not None
        and address.marketplace.pk == example.marketplace_id
        and explained.kind == example.expected
        and example.item in ("", address.item)
        and example.shop in ("", address.site)
    )


def _message(example: MarketplaceExample, explained: Explained) -> str:
    return _("%(url)s – expected: %(expected)s. Found: %(found)s.") % {
        "url": example.url[:EXCERPT_LENGTH],
        "expected": _expected(example),
        "found": _found(example, explained),
    }


def _expected(example: MarketplaceExample) -> str:
    if example.expected == _REFUSED:
        return str(_REFUSED.label)
    label = str(example.get_expected_display())
    return _parts(example.marketplace, label, example.item, example.shop)


def _found(example: MarketplaceExample, explained: Explained) -> str:
    address = explained.address
    if address is None:
        return explained.refusal.rstrip(".。")
    return _parts(
        address.marketplace,
        explained.kind_label,
        address.item if example.item or address.item else "",
        address.site if example.shop else "",
    )


def _parts(marketplace: Marketplace, kind: str, item: str, shop: str) -> str:
    parts = [str(marketplace), kind]
    if item:
        parts.append(_("item number %(number)s") % {"number": item[:EXCERPT_LENGTH]})
    if shop:
        parts.append(_("shop %(shop)s") % {"shop": shop[:EXCERPT_LENGTH]})
    return text.join(parts)
