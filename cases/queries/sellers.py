"""Sellers by what people type: words of the name or of the ID, or the ID or address in any spelling."""

from __future__ import annotations

from django.db.models import Q

from cases.marketplaces import shop_names, shops
from cases.models import Seller

# A search over sellers stops here: whoever finds more has to say more.
AT_MOST = 500


def keys_of(words: str) -> list[int]:
    """Return the keys of the sellers that ``words`` may mean, :data:`AT_MOST` of them.

    The ID or address itself comes first, so that it is never among those left out. Two queries.
    """
    keys = shops.search_keys(words)
    exact = Q(external_key__in=keys) | Q(~Q(address_key=""), address_key__in=keys)
    keys_found: dict[int, None] = {}
    for condition in (exact, shop_names.matching(words)):
        rows = Seller.objects.filter(condition).order_by("pk").values_list("pk", flat=True)
        keys_found |= dict.fromkeys(rows[:AT_MOST])
    return list(keys_found)[:AT_MOST]
