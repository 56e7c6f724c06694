"""The shares of fakes among a member's test purchases, by marketplace and by seller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from alliance.lib.intervals import wilson
from cases.models import Marketplace, TestPurchase
from cases.models.test_purchase import TestPurchaseQuerySet
from cases.states import Verdict
from members.models import Member

# Only the latest examinations count, so that the cost does not grow with the years.
RESULTS_OF = 10_000
# The number of marketplaces and of sellers, those with the most fakes first.
SHOWN = 50


@dataclass(frozen=True)
class Share:
    """The results of test purchases on a marketplace, or from a seller with the ID ``seller_id`` there.

    ``examined`` counts genuine and fake goods; ``unclear`` ones are counted apart, since they say nothing.
    """

    marketplace: Marketplace
    seller_id: str
    seller_name: str
    examined: int
    fakes: int
    unclear: int

    @property
    def share(self) -> float | None:
        """The share of fakes in percent, or ``None`` if nothing was examined with a result."""
        return 100 * self.fakes / self.examined if self.examined else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of the share in percent, or ``None``."""
        if not self.examined:
            return None
        low, high = wilson(self.fakes, self.examined)
        return 100 * low, 100 * high


@dataclass(frozen=True)
class Results:
    """The shares of a member's test purchases. ``is_of_latest``: there are more than :data:`RESULTS_OF`."""

    by_marketplace: list[Share]
    by_seller: list[Share]
    is_of_latest: bool


def results(member: Member, *, brand: int | None = None) -> Results:
    """Return the shares by marketplace and by seller, of one ``brand`` (a primary key) if it is given. Makes five queries."""
    rows = TestPurchase.objects.filter(member=member).examined()
    if brand is not None:
        rows = rows.filter(brand=brand)
    keys = list(rows.order_by("-examined_on", "-id").values_list("pk", flat=True)[: RESULTS_OF + 1])
    counted = TestPurchase.objects.filter(pk__in=keys[:RESULTS_OF])
    markets, sellers = _counts(counted, "marketplace"), _counts(counted, "seller")
    known = Marketplace.objects.in_bulk([row["marketplace"] for row in markets])
    latest = _latest_of(counted, [row["seller"] for row in sellers])
    return Results(
        by_marketplace=[_share(row, known[row["marketplace"]]) for row in markets],
        by_seller=[
            _share(row, latest[row["seller"]].marketplace, latest[row["seller"]]) for row in sellers
        ],
        is_of_latest=len(keys) > RESULTS_OF,
    )


def _counts(rows: TestPurchaseQuerySet, name: str) -> list[dict[str, Any]]:
    """Return the numbers of verdicts by the column ``name``, those with the most fakes first."""
    grouped = (
        rows.order_by()
        .values(name)
        .annotate(
            fakes=Count("pk", filter=Q(verdict=Verdict.FAKE)),
            genuine=Count("pk", filter=Q(verdict=Verdict.GENUINE)),
            unclear=Count("pk", filter=Q(verdict=Verdict.UNCLEAR)),
        )
    )
    return list(grouped.order_by("-fakes", "-genuine", "-unclear", name)[:SHOWN])


def _latest_of(rows: TestPurchaseQuerySet, sellers: list[int]) -> dict[int, TestPurchase]:
    """Return the latest purchase from each seller, which has the member's own name of the shop."""
    found = rows.filter(seller__in=sellers).order_by("seller", "-id").distinct("seller")
    return {one.seller_id: one for one in found.select_related("seller", "marketplace")}


def _share(
    row: dict[str, Any], marketplace: Marketplace, purchase: TestPurchase | None = None
) -> Share:
    return Share(
        marketplace=marketplace,
        seller_id=purchase.seller.external_id if purchase else "",
        seller_name=purchase.seller_name if purchase else "",
        examined=row["fakes"] + row["genuine"],
        fakes=row["fakes"],
        unclear=row["unclear"],
    )
