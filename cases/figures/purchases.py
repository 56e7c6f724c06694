"""The shares of fakes among a member's test purchases, by marketplace and by seller."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
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
    """The shares of a member's test purchases. ``is_of_latest``: there may be more than :data:`RESULTS_OF`."""

    by_marketplace: list[Share]
    by_seller: list[Share]
    is_of_latest: bool


def results(member: Member, *, brand: int | None = None) -> Results:
    """Return the shares by marketplace and by seller, of one ``brand`` (a primary key) if given. Makes three queries."""
    rows = TestPurchase.objects.filter(member=member).examined()
    if brand is not None:
        rows = rows.filter(brand=brand)
    latest = rows.order_by("-examined_on", "-id").values("pk")[:RESULTS_OF]
    counted = TestPurchase.objects.filter(pk__in=latest)
    by_seller = _counts(counted)
    by_marketplace: dict[int, Counter[str]] = defaultdict(Counter)
    for row in by_seller:
        by_marketplace[row["marketplace"]].update({name: row[name] for name in _NUMBERS})
    markets = sorted(by_marketplace.items(), key=lambda pair: _rank(pair[1]))[:SHOWN]
    sellers = sorted(by_seller, key=_rank)[:SHOWN]
    known = Marketplace.objects.in_bulk([key for key, _numbers in markets])
    shops = _latest_of(counted, [row["seller"] for row in sellers])
    return Results(
        by_marketplace=[_share(numbers, known[key]) for key, numbers in markets],
        by_seller=[
            _share(row, shops[row["seller"]].marketplace, shops[row["seller"]]) for row in sellers
        ],
        is_of_latest=sum(row[name] for row in by_seller for name in _NUMBERS) >= RESULTS_OF,
    )


_NUMBERS = ("fakes", "genuine", "unclear")


def _counts(rows: TestPurchaseQuerySet) -> list[dict[str, Any]]:
    """Return the numbers of verdicts of each seller."""
    grouped = rows.order_by().values("marketplace", "seller")
    found: Any = grouped.annotate(
        fakes=Count("pk", filter=Q(verdict=Verdict.FAKE)),
        genuine=Count("pk", filter=Q(verdict=Verdict.GENUINE)),
        unclear=Count("pk", filter=Q(verdict=Verdict.UNCLEAR)),
    ).order_by("seller")
    return list(found)


def _rank(numbers: Mapping[str, int]) -> tuple[int, ...]:
    """Return the sort key of a row: the most fakes first."""
    return tuple(-numbers[name] for name in _NUMBERS)


def _latest_of(rows: TestPurchaseQuerySet, sellers: list[int]) -> dict[int, TestPurchase]:
    """Return the latest purchase from each seller, which has the member's own name of the shop."""
    found = rows.filter(seller__in=sellers).order_by("seller", "-id").distinct("seller")
    return {one.seller_id: one for one in found.select_related("seller", "marketplace")}


def _share(
    numbers: Mapping[str, int], marketplace: Marketplace, purchase: TestPurchase | None = None
) -> Share:
    return Share(
        marketplace=marketplace,
        seller_id=purchase.seller.external_id if purchase else "",
        seller_name=purchase.seller_name if purchase else "",
        examined=numbers["fakes"] + numbers["genuine"],
        fakes=numbers["fakes"],
        unclear=numbers["unclear"],
    )
