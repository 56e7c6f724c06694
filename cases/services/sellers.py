"""The seller of a case: found or created, and named in the draft before the case is submitted."""

from __future__ import annotations

import unicodedata

from django.db.models import Q

from cases.marketplaces import websites
from cases.models import Case, Marketplace, Seller, SellerName


def find_or_create(*, marketplace: Marketplace, shop: str, url: str) -> Seller:
    """Return the seller that ``shop`` (an ID or URL) or ``url`` identifies, or create one.

    All members share the row, so a new one has ``shop`` as its name until :func:`record_shop_name` sets the real name.

    Sellers are compared by key, so that variants of an ID match. If ``shop`` is not a known ID, both arguments are
    compared with the IDs and URLs of sellers; several matches are ignored. An independent website is also
    compared by its domain (:mod:`cases.marketplaces.websites`). Sellers without a key were written by
    an older version during an upgrade.
    """
    key, address_key = marketplace.shop_key(shop), marketplace.shop_key(url)
    on_marketplace = Seller.objects.filter(marketplace=marketplace)
    unkeyed = Q(external_key="", external_id=shop)
    if known := on_marketplace.filter(Q(external_key=key) | unkeyed).order_by("pk").first():
        return known
    addresses = {one for one in (key, address_key) if one}
    if not marketplace.hosts:
        addresses |= websites.same_site(key)
    same = Q(external_key__in=addresses) | Q(address_key__in=addresses)
    if len(found := list(on_marketplace.filter(same)[:2])) == 1:
        return found[0]
    seller, _created = Seller.objects.get_or_create(
        marketplace=marketplace,
        external_key=key,
        defaults={"external_id": shop, "name": shop, "shop_url": url},
    )
    return seller


def name_in_draft(case: Case, marketplace: Marketplace, shop: str, name: str, url: str) -> None:
    """Set the seller of a draft. Creates the seller if it does not exist, and does not change it otherwise.

    The shop's name and URL are stored in the draft until it is submitted, so that other members cannot see the
    planned complaint. They are left empty if submitted cases already use this name. An empty ``name`` stands for the
    name on record, or for the ID if there is none.
    """
    case.seller = find_or_create(marketplace=marketplace, shop=shop, url=url)
    known = known_name(case)
    name = name or known or shop
    same = _plain(known) == _plain(name)
    case.seller_name, case.shop_url = ("", "") if same else (name, url)


def known_name(case: Case) -> str:
    """Return the name of the seller if another case against it is submitted, otherwise ``""``."""
    return case.seller.name if case.seller and _is_known(case) else ""


def _is_known(case: Case) -> bool:
    """Return whether another submitted case has the same seller."""
    submitted = Case.objects.filter(seller=case.seller_id, submitted_at__isnull=False)
    return submitted.exclude(pk=case.pk).exists()


def record_shop_name(case: Case) -> None:
    """Give the seller the shop name of the draft, as a further name if another submitted case names the seller."""
    if not case.seller_name or case.seller_id is None:
        return
    seller = Seller.objects.select_for_update(no_key=True).get(pk=case.seller_id)
    if not _is_known(case):
        seller.name, seller.shop_url = case.seller_name, case.shop_url or seller.shop_url
        seller.save()
    elif _plain(case.seller_name) != _plain(seller.name):
        SellerName.objects.get_or_create(
            seller=seller, name=case.seller_name, defaults={"case": case}
        )
    case.seller_name = case.shop_url = ""
    case.seller = seller


def _plain(name: str) -> str:
    """Return a name in the form in which names are compared."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
