"""Searches sellers by part of the name or ID, or by the whole ID or shop URL in any variant."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from cases.marketplaces import shop_names, shops
from cases.models import Case, Seller

# A search returns at most this many sellers.
MAX_ROWS = 500


def keys_of(words: str) -> list[int]:
    """Return the primary keys of at most :data:`MAX_ROWS` sellers that match ``words``. Makes two queries.

    Sellers whose ID or URL is ``words`` come first, so that the limit does not exclude them.
    """
    keys = shops.search_keys(words)
    exact = Q(external_key__in=keys) | Q(~Q(address_key=""), address_key__in=keys)
    keys_found: dict[int, None] = {}
    for condition in (exact, shop_names.matching(words)):
        rows = Seller.objects.filter(condition).order_by("pk").values_list("pk", flat=True)
        keys_found |= dict.fromkeys(rows[:MAX_ROWS])
    return list(keys_found)[:MAX_ROWS]


def known_names(shops: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """Return the names of shops that submitted cases name, by marketplace and key of the shop. Makes one query."""
    submitted = Case.objects.filter(seller=OuterRef("pk"), submitted_at__isnull=False)
    found = Seller.objects.filter(Exists(submitted), external_key__in={key for _pk, key in shops})
    rows = found.values_list("marketplace_id", "external_key", "name")
    return {(marketplace, key): name for marketplace, key, name in rows}
