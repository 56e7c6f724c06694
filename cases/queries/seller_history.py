"""What is known about a seller: sellers that share an identifier, and live strike points."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from alliance.lib import clock, counts
from cases.marketplaces import shops
from cases.models import AuthorisedSeller, Case, Seller, SellerIdentifier, Strike

# A value that many shops share (a platform's hotline, a logistics park) links nobody to anybody.
GENERIC_FROM = 20
# How many of a seller's identifiers are looked at.
OWN_AT_MOST = 200
# Points are added up for so many strikes.
STRIKES_AT_MOST = 1000
# The kind and the value of an identifier.
Telling = tuple[str, str]


def linked(
    seller: Seller, *, limit: int = 20, values: Iterable[Telling] | None = None
) -> list[tuple[Seller, SellerIdentifier]]:
    """Return other sellers that share an identifier with ``seller``, each with the one that says why.

    Values that more than :data:`GENERIC_FROM` shops have are left out before anything is cut off. What is read
    is bounded whatever the number of shops that share a value. ``values`` are the seller's own, if known.
    """
    if values is None:
        values = list(telling(seller.pk).values_list("kind", "value"))
    by_kind: dict[str, list[str]] = {}
    for kind, value in values:
        by_kind.setdefault(kind, []).append(value)
    if not by_kind:
        return []
    same = Q()
    for kind, of_kind in by_kind.items():
        same |= Q(kind=kind, value__in=of_kind)
    others = (
        SellerIdentifier.objects.filter(same)
        .exclude(seller=seller)
        .select_related("seller__marketplace")
        .order_by("seller_id", "kind", "pk")
        .distinct("seller_id")
    )
    return [(identifier.seller, identifier) for identifier in others[:limit]]


def telling(seller: Any) -> QuerySet[SellerIdentifier]:
    """The identifiers of ``seller``, a key or a reference to one, that few shops share.

    One with a shop beyond the limit is left out.
    """
    beyond = SellerIdentifier.objects.filter(
        kind=OuterRef("kind"), value=OuterRef("value")
    ).order_by()[GENERIC_FROM:]
    own = SellerIdentifier.objects.filter(~Exists(beyond), seller=seller)
    return own.order_by("pk")[:OWN_AT_MOST]


def with_seller(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Bring along what :func:`points_of` and :func:`telling_of` say of the seller of each case."""
    points = live_strikes().filter(seller=OuterRef("seller")).order_by().values("points")
    shared = telling(OuterRef("seller")).values_list(
        JSONObject(kind="kind", value="value"), flat=True
    )
    return cases.annotate(
        seller_points=_Sum(points[:STRIKES_AT_MOST]), seller_telling=ArraySubquery(shared)
    )


def points_of(case: Case) -> int:
    """Return the live strike points of the case's seller; no query if :func:`with_seller` brought them."""
    known: int | None = getattr(case, "seller_points", None)
    if known is None and case.seller:
        return live_points(case.seller)
    return known or 0


def telling_of(case: Case) -> list[Telling] | None:
    """Return the identifiers that :func:`with_seller` brought along, if it did."""
    known = getattr(case, "seller_telling", None)
    return None if known is None else [(one["kind"], one["value"]) for one in known]


class _Sum(Subquery):
    template = "(SELECT COALESCE(SUM(points), 0) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def live_strikes() -> QuerySet[Strike]:
    """Return the strikes that neither lapsed nor were revoked."""
    now = clock.now()
    return Strike.objects.filter(revoked_at=None, issued_at__lte=now, expires_at__gt=now)


def live_points(seller: Seller) -> int:
    """Return the points of the seller's live strikes; after the first thousand it stops counting."""
    points = live_strikes().filter(seller=seller).order_by()
    return sum(points.values_list("points", flat=True)[:STRIKES_AT_MOST])


def strike_counts(sellers: Collection[int]) -> dict[int, int]:
    """Return how many live strikes each of ``sellers`` has, counted up to ``counts.CAP``. One query."""
    strikes = live_strikes().filter(seller=OuterRef("pk")).order_by().values("seller")
    number = counts.Number(strikes[: counts.CAP + 1])
    return dict(Seller.objects.filter(pk__in=sellers).values_list("pk", number))


def is_authorised(case: Case) -> bool:
    """Say whether the brand's allow-list names the case's seller, by its ID or by an address of its shop."""
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
    """Return the countries whose telephone numbers the seller writes without a country code."""
    return [str(code) for code in (seller.marketplace.country, seller.country) if code]
