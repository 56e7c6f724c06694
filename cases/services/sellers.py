"""What is known about sellers, and what ties them together."""

from __future__ import annotations

import re

from django.db.models import Count, Q

from alliance.lib import clock
from cases.models import Seller, SellerIdentifier

# A value that many shops share (a platform's hotline, a logistics park) links nobody to anybody.
GENERIC_FROM = 20


def normalise_identifier(kind: str, value: str) -> str:
    """Return the one spelling of an identifier by which two shops are compared."""
    value = " ".join(value.split()).casefold()
    if kind == SellerIdentifier.Kind.PHONE:
        digits = re.sub(r"[^\d+]", "", value)
        return "+" + digits[2:] if digits.startswith("00") else digits
    if kind in (SellerIdentifier.Kind.PAYMENT, SellerIdentifier.Kind.LICENCE):
        return re.sub(r"[\s-]", "", value).upper()
    return value


def linked(seller: Seller, *, limit: int = 20) -> list[tuple[Seller, SellerIdentifier]]:
    """Return other sellers that share an identifier with ``seller``, each with the one that says why."""
    own = list(seller.identifiers.all()[:50])
    if not own:
        return []
    same = Q()
    for identifier in own:
        same |= Q(kind=identifier.kind, value=identifier.value)
    generic = (
        SellerIdentifier.objects.filter(same)
        .values("kind", "value")
        .annotate(shops=Count("pk"))
        .filter(shops__gt=GENERIC_FROM)
    )
    too_common = {(row["kind"], row["value"]) for row in generic}
    others = (
        SellerIdentifier.objects.filter(same)
        .exclude(seller=seller)
        .select_related("seller__marketplace")
        .order_by("seller_id", "kind")
    )
    links: dict[int, tuple[Seller, SellerIdentifier]] = {}
    for identifier in others[: limit * 5]:
        if (identifier.kind, identifier.value) not in too_common:
            links.setdefault(identifier.seller_id, (identifier.seller, identifier))
    return list(links.values())[:limit]


def live_points(seller: Seller) -> int:
    """Return the seller's strike points that neither lapsed nor were revoked."""
    now = clock.now()
    strikes = seller.strikes.filter(revoked_at=None, issued_at__lte=now, expires_at__gt=now)
    return sum(strikes.values_list("points", flat=True)[:1000])
