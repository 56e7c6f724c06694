"""The history of a seller: linked sellers, live strike points, authorisations."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from alliance.lib import clock
from cases.marketplaces import shops
from cases.models import AuthorisedSeller, Case, Seller, SellerIdentifier

# A value shared by this many shops, such as a marketplace's hotline or a logistics park, does not link them.
GENERIC_FROM = 20
# The number of a seller's identifiers to compare.
MAX_OWN = 200


def linked(seller: Seller, *, limit: int = 20) -> list[tuple[Seller, SellerIdentifier]]:
    """Return other sellers that share an identifier with ``seller``, each with that identifier.

    Values that more than :data:`GENERIC_FROM` shops have are ignored. Makes two queries, which read a bounded
    number of rows.
    """
    values: dict[str, list[str]] = {}
    for identifier in _distinctive(seller):
        values.setdefault(identifier.kind, []).append(identifier.value)
    if not values:
        return []
    same = Q()
    for kind, of_kind in values.items():
        same |= Q(kind=kind, value__in=of_kind)
    others = (
        SellerIdentifier.objects.filter(same)
        .exclude(seller=seller)
        .select_related("seller__marketplace")
        .order_by("seller_id", "kind", "pk")
        .distinct("seller_id")
    )
    return [(identifier.seller, identifier) for identifier in others[:limit]]


def _distinctive(seller: Seller) -> QuerySet[SellerIdentifier]:
    """Return the seller's identifiers that at most :data:`GENERIC_FROM` shops share."""
    beyond = SellerIdentifier.objects.filter(
        kind=OuterRef("kind"), value=OuterRef("value")
    ).order_by()[GENERIC_FROM:]
    return seller.identifiers.filter(~Exists(beyond)).order_by("pk")[:MAX_OWN]


def live_points(seller: Seller) -> int:
    """Return the seller's strike points that are neither expired nor revoked."""
    now = clock.now()
    strikes = seller.strikes.filter(revoked_at=None, issued_at__lte=now, expires_at__gt=now)
    return sum(strikes.values_list("points", flat=True)[:1000])


def is_authorised(case: Case) -> bool:
    """Return whether the brand has authorised the case's seller, by its ID or a URL of its shop."""
    seller = case.seller
    if seller is None:
        return False
    keys = {
        seller.external_key,
        seller.address_key,
        shops.key(case.shop_address, case_sensitive=seller.marketplace.shop_ids_are_case_sensitive),
    } - {""}
    keys |= {part for key in keys for part in shops.parts(key)}
    named = Q(external_key__in=keys) | Q(external_key="", external_id=seller.external_id)
    return AuthorisedSeller.objects.filter(
        named, brand_id=case.brand_id, marketplace=seller.marketplace_id
    ).exists()


def countries_of(seller: Seller) -> list[str]:
    """Return the countries whose telephone numbers the seller may give without a country code."""
    return [str(code) for code in (seller.marketplace.country, seller.country) if code]
