"""Finds or creates the seller of a case."""

from __future__ import annotations

from django.db.models import Q

from cases.marketplaces import shops
from cases.models import Marketplace, Seller


def find_or_create(*, marketplace: Marketplace, shop: str, name: str, url: str) -> Seller:
    """Return the seller that ``shop`` (an ID or URL) or ``url`` identifies, or create one.

    Sellers are compared by key, so that variants of an ID match. If ``shop`` is not a known ID, both arguments are
    compared with the IDs and URLs of sellers; several matches are ignored. Sellers without a key were written by
    an older version during an upgrade.
    """
    key, address_key = (
        shops.key(text, case_sensitive=marketplace.shop_ids_are_case_sensitive)
        for text in (shop, url)
    )
    on_marketplace = Seller.objects.filter(marketplace=marketplace)
    unkeyed = Q(external_key="", external_id=shop)
    if known := on_marketplace.filter(Q(external_key=key) | unkeyed).order_by("pk").first():
        return known
    addresses = {one for one in (key, address_key) if one}
    same = Q(external_key__in=addresses) | Q(address_key__in=addresses)
    if len(found := list(on_marketplace.filter(same)[:2])) == 1:
        return found[0]
    seller, _created = Seller.objects.get_or_create(
        marketplace=marketplace,
        external_key=key,
        defaults={"external_id": shop, "name": name, "shop_url": url},
    )
    return seller
