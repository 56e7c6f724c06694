"""The figures of a brand for a month: what it filed, what was decided and why, and what came back.

A month begins and ends in the time zone of the reader. Decided cases are those whose complaint was decided in the
month, with their outcome of today: a counter-notice that is accepted later changes the figures of the month.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.db.models import (
    Aggregate,
    CharField,
    Count,
    DurationField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from alliance.lib import clock
from cases.models import Case, Listing, Marketplace, ReasonCode
from cases.models.case import CaseQuerySet
from cases.states import Outcome, Status
from members.models import Brand

# A seller counts as reported again within this time after the decision by which its listings were removed.
RECURRENCE = timedelta(days=30)


class Median(Aggregate):
    """The median of an expression, which lies between the two middle values if their number is even."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Month:
    """A month in a time zone. ``first`` is its first day."""

    first: date
    zone: tzinfo

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month((self.first + timedelta(days=31)).replace(day=1), self.zone)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def start(self) -> datetime:
        """The moment at which it begins."""
        return datetime.combine(self.first, time.min, self.zone)

    @property
    def end(self) -> datetime:
        """The moment at which the next one begins."""
        return self.next.start

    @property
    def key(self) -> str:
        """The month as in ``2026-11``."""
        return f"{self.first:%Y-%m}"


@dataclass
class Counts:
    """Numbers of cases filed and of cases decided by their outcome, and of listings removed."""

    filed: int = 0
    upheld: int = 0
    rejected: int = 0
    reinstated: int = 0
    removed: int = 0

    @property
    def decided(self) -> int:
        """The number of cases decided."""
        return self.upheld + self.rejected + self.reinstated


@dataclass
class OfMarketplace(Counts):
    """The numbers on one marketplace. ``slug`` and ``name`` are empty in the total."""

    slug: str = ""
    name: str = ""


@dataclass(frozen=True)
class Refusal:
    """A reason, which says how to fix it, and the number of cases rejected for it."""

    reason: ReasonCode
    number: int


@dataclass
class Figures:
    """The figures of a month. ``median`` is the time from submission to decision, ``None`` if nothing was decided.

    ``sellers`` is the number of sellers with listings removed in cases decided in the month; a seller counts once.
    ``sellers_again`` of them were reported again: the brand submitted another case against the same seller, later
    than such a decision and at most :data:`RECURRENCE` after it, and has not withdrawn it.
    """

    month: Month
    total: Counts = field(default_factory=Counts)
    by_marketplace: list[OfMarketplace] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    median: timedelta | None = None
    sellers: int = 0
    sellers_again: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filed and nothing decided."""
        return not self.total.filed and not self.total.decided

    @property
    def median_hours(self) -> float | None:
        """The median time to a decision in hours, to a tenth."""
        return None if self.median is None else round(self.median.total_seconds() / 3600, 1)

    @property
    def recurrence(self) -> float | None:
        """The share of sellers that were reported again in percent, or ``None`` if there are none."""
        return 100 * self.sellers_again / self.sellers if self.sellers else None

    @property
    def recurrence_until(self) -> date:
        """The day after which the recurrence no longer grows."""
        return self.month.last + RECURRENCE

    @property
    def is_recurrence_final(self) -> bool:
        """Whether the time for recurrence has passed after each decision."""
        return clock.now() >= self.month.end + RECURRENCE


def figures(brand: Brand, month: Month) -> Figures:
    """Return the figures of ``brand`` for ``month``. Makes two queries, which read the cases of that month."""
    # With the member, for the indexes; a brand that changed hands shows each member its own cases.
    own = Case.objects.filter(member=brand.member_id, brand=brand)
    filed = own.filter(submitted_at__gte=month.start, submitted_at__lt=month.end)
    decided = own.filter(decided_at__gte=month.start, decided_at__lt=month.end)
    found = Figures(month)
    _count(found, filed, decided)
    if found.total.decided:
        _measure(found, own, decided)
    return found


_COLUMNS = ("kind", "key", "words", "words_zh", "more", "more_zh", "number")


def _count(found: Figures, filed: CaseQuerySet, decided: CaseQuerySet) -> None:
    """Add the numbers by marketplace, their totals, and the reasons."""
    removed = Listing.objects.filter(status=Listing.Status.REMOVED, case__in=decided.values("pk"))
    rejected = decided.filter(
        outcome=Outcome.REJECTED, decisions__superseded_at=None, decisions__reason__isnull=False
    )
    parts = [
        _on_marketplaces(filed, Value("filed"), "seller__marketplace"),
        _on_marketplaces(decided, F("outcome"), "seller__marketplace"),
        _on_marketplaces(removed, Value("removed"), "marketplace"),
        _for_reasons(rejected),
    ]
    marketplaces: dict[str, OfMarketplace] = defaultdict(OfMarketplace)
    for kind, key, words, chinese, more, more_zh, number in parts[0].union(*parts[1:], all=True):
        if kind == "reason":
            reason = ReasonCode(
                code=key, label=words, label_zh=chinese, how_to_fix=more, how_to_fix_zh=more_zh
            )
            found.refusals.append(Refusal(reason, number))
            continue
        one = marketplaces[key]
        one.slug = key
        one.name = Marketplace(name=words, name_local=chinese, country=more).shown_name
        for counted in (one, found.total):
            setattr(counted, kind, getattr(counted, kind) + number)
    found.by_marketplace = sorted(
        marketplaces.values(), key=lambda one: (-one.decided, -one.filed, one.name)
    )
    found.refusals.sort(key=lambda one: (-one.number, one.reason.code))


def _on_marketplaces(rows: QuerySet[Any], kind: Any, marketplace: str) -> Any:
    return _grouped(
        rows,
        kind=Cast(kind, CharField()),
        key=F(f"{marketplace}__slug"),
        words=F(f"{marketplace}__name"),
        words_zh=F(f"{marketplace}__name_local"),
        more=Cast(f"{marketplace}__country", CharField()),
        more_zh=Value("", output_field=CharField()),
    )


def _for_reasons(rows: QuerySet[Any]) -> Any:
    return _grouped(
        rows,
        kind=Value("reason", output_field=CharField()),
        key=F("decisions__reason__code"),
        words=F("decisions__reason__label"),
        words_zh=F("decisions__reason__label_zh"),
        more=F("decisions__reason__how_to_fix"),
        more_zh=F("decisions__reason__how_to_fix_zh"),
    )


def _grouped(rows: QuerySet[Any], **texts: Any) -> Any:
    grouped: Any = rows.order_by().annotate(**texts).values(*_COLUMNS[:-1])
    return grouped.annotate(number=Count("pk")).values_list(*_COLUMNS)


def _measure(found: Figures, own: CaseQuerySet, decided: CaseQuerySet) -> None:
    """Add the median time to a decision, and the recurrence."""
    removed = Listing.objects.filter(case=OuterRef("pk"), status=Listing.Status.REMOVED)
    again = own.filter(
        seller=OuterRef("seller"),
        submitted_at__gt=OuterRef("decided_at"),
        submitted_at__lte=OuterRef("decided_at") + RECURRENCE,
    ).exclude(status=Status.WITHDRAWN)
    has_removed = Q(outcome=Outcome.UPHELD) & Q(Exists(removed))
    measured = decided.aggregate(
        median=Median(F("decided_at") - F("submitted_at")),
        sellers=Count("seller", distinct=True, filter=has_removed),
        sellers_again=Count("seller", distinct=True, filter=has_removed & Q(Exists(again))),
    )
    for name, value in measured.items():
        setattr(found, name, value)
