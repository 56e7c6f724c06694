"""The history of a seller: linked sellers, live strike points, authorisations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from alliance.lib import clock, counts
from cases.marketplaces import shops, websites
from cases.models import (
    AuthorisedSeller,
    Case,
    Marketplace,
    Seller,
    SellerIdentifier,
    SellerName,
    Strike,
)

# The number of shops that may share a value. A value of more shops, such as a marketplace's hotline or the address of a
# logistics park, does not link them.
MAX_SHARED_BY = 20
# The number of a seller's identifiers to compare.
MAX_OWN = 200
# The number of strikes whose points are added up.
MAX_STRIKES = 1000
# The number of other names of a seller that are shown.
MAX_NAMES = 12
# The kind and the value of an identifier.
Identifier = tuple[str, str]
# A marketplace, and the ID and the URL of a shop there.
Shop = tuple[Marketplace, str, str]


def linked(
    seller: Seller, *, limit: int = 20, values: Iterable[Identifier] | None = None
) -> list[tuple[Seller, SellerIdentifier]]:
    """Return other sellers that share an identifier with ``seller``, each with that identifier.

    Values shared by more than :data:`MAX_SHARED_BY` shops are ignored. ``values`` are the seller's own kinds and
    values if the caller already has them. Reads a bounded number of rows.
    """
    if values is None:
        values = list(distinctive(seller.pk).values_list("kind", "value"))
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


def distinctive(seller: Any) -> QuerySet[SellerIdentifier]:
    """Return identifiers of a seller that at most :data:`MAX_SHARED_BY` shops share, up to :data:`MAX_OWN`.

    ``seller`` is a primary key or an ``OuterRef``.
    """
    beyond = SellerIdentifier.objects.filter(
        kind=OuterRef("kind"), value=OuterRef("value")
    ).order_by()[MAX_SHARED_BY:]
    own = SellerIdentifier.objects.filter(~Exists(beyond), seller=seller)
    return own.order_by("pk")[:MAX_OWN]


def with_seller(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Annotate each case with facts about its seller, for the functions whose names end in ``_of``."""
    points = live_strikes().filter(seller=OuterRef("seller")).order_by().values("points")
    shared = distinctive(OuterRef("seller")).values_list(
        JSONObject(kind="kind", value="value"), flat=True
    )
    names = SellerName.objects.filter(seller=OuterRef("seller")).order_by("-recorded_at")
    return cases.annotate(
        seller_points=_Sum(points[:MAX_STRIKES]),
        seller_distinctive=ArraySubquery(shared),
        seller_names=ArraySubquery(names.values_list("name", flat=True)[:MAX_NAMES]),
    )


def points_of(case: Case) -> int:
    """Return the live strike points of the case's seller. Makes no query after :func:`with_seller`."""
    known: int | None = getattr(case, "seller_points", None)
    if known is None and case.seller:
        return live_points(case.seller)
    return known or 0


def other_names_of(case: Case) -> list[str]:
    """Return the latest other names of the case's seller. Makes no query after :func:`with_seller`."""
    known: list[str] | None = getattr(case, "seller_names", None)
    if known is None and case.seller:
        return list(case.seller.other_names.values_list("name", flat=True)[:MAX_NAMES])
    return known or []


def distinctive_of(case: Case) -> list[Identifier] | None:
    """Return the seller's identifiers that :func:`with_seller` annotated; ``None`` if it was not called."""
    known = getattr(case, "seller_distinctive", None)
    return None if known is None else [(one["kind"], one["value"]) for one in known]


class _Sum(Subquery):
    template = "(SELECT COALESCE(SUM(points), 0) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def live_strikes() -> QuerySet[Strike]:
    """Return the strikes that are neither expired nor revoked."""
    now = clock.now()
    return Strike.objects.filter(revoked_at=None, issued_at__lte=now, expires_at__gt=now)


def live_points(seller: Seller) -> int:
    """Return the sum of the points of the seller's live strikes, of at most :data:`MAX_STRIKES`."""
    points = live_strikes().filter(seller=seller).order_by()
    return sum(points.values_list("points", flat=True)[:MAX_STRIKES])


def strike_counts(sellers: Collection[int]) -> dict[int, int]:
    """Return the number of live strikes by primary key of the seller, up to ``counts.CAP`` + 1. Makes one query."""
    strikes = live_strikes().filter(seller=OuterRef("pk")).order_by().values("seller")
    number = counts.Number(strikes[: counts.CAP + 1])
    return dict(Seller.objects.filter(pk__in=sellers).values_list("pk", number))


def authorised_entry(case: Case, *, whole_member: bool = False) -> AuthorisedSeller | None:
    """Return the brand's entry in force that authorises the case's seller, by its ID or a URL of its shop.

    With ``whole_member``, the entry may be of any brand of the member.
    """
    seller = case.seller
    if seller is None:
        return None
    keys = _all_keys(
        seller.marketplace,
        seller.external_key,
        seller.address_key,
        seller.marketplace.shop_key(case.shop_address),
    )
    named = Q(external_key__in=keys) | Q(external_key="", external_id=seller.external_id)
    entries = AuthorisedSeller.objects.in_force().select_related("brand__member")
    entries = entries.filter(named, marketplace=seller.marketplace_id)
    if whole_member:
        return entries.filter(brand__member=case.member_id).first()
    return entries.filter(brand=case.brand_id).first()


def authorised_shops(brand_id: int, named: Collection[Shop]) -> set[Shop]:
    """Return those of the shops that the brand has authorised today. Makes one query.

    A shop that is on record under another ID is found by :func:`authorised_entry` alone.
    """
    keys = {shop: _all_keys(shop[0], *map(shop[0].shop_key, shop[1:])) for shop in named}
    wanted = {key for found in keys.values() for key in found}
    entries = AuthorisedSeller.objects.in_force().filter(brand=brand_id, external_key__in=wanted)
    known = set(entries.values_list("marketplace_id", "external_key"))
    return {
        shop for shop, found in keys.items() if any((shop[0].pk, key) in known for key in found)
    }


def _all_keys(marketplace: Marketplace, *keys: str) -> set[str]:
    """Return the keys of a shop, the parts of them that may be its ID, and other keys of an independent website."""
    found = set(keys) - {""}
    others = {part for key in found for part in shops.parts(key)}
    if not marketplace.hosts:
        others |= {one for key in found for one in websites.same_site(key)}
    return found | others


def countries_of(seller: Seller | None) -> list[str]:
    """Return the countries (ISO 3166-1) to try for the seller's telephone numbers without a country code.

    There are none without a seller.
    """
    if seller is None:
        return []
    return [str(code) for code in (seller.marketplace.country, seller.country) if code]
