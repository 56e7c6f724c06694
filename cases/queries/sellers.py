"""Searches sellers by part of the name or ID, or by the whole ID or shop URL in any variant."""

from __future__ import annotations

from django.db.models import Q

from cases.marketplaces import shop_names, shops
from cases.models import Seller

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
