"""The figures of the brand dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from alliance.lib import clock, counts
from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.states import Status
from members.models import Member

RATE_PERIOD = timedelta(days=365)
# The acceptance rate counts at most this many of the latest decisions.
RATE_OF = 10_000


class Accepted(counts.Number):
    """A subquery with the number of rows of a query whose outcome is “upheld”."""

    template = "(SELECT COUNT(*) FILTER (WHERE outcome = 'upheld') FROM (%(subquery)s) AS counted)"


@dataclass(frozen=True)
class DeskFigures:
    """The numbers of cases by status, and of cases decided and upheld in :data:`RATE_PERIOD`.

    The number for a status is at most ``counts.CAP`` + 1. Only the latest :data:`RATE_OF` decided cases count. A
    reinstated case counts as decided but not as upheld.
    """

    by_status: dict[Status, int]
    decided: int
    accepted: int

    @property
    def is_rate_of_latest(self) -> bool:
        """Whether more cases may have been decided in the period than the rate counts."""
        return self.decided >= RATE_OF

    @property
    def rate(self) -> float | None:
        """The share of complaints upheld in percent, or ``None`` if no case is decided."""
        return 100 * self.accepted / self.decided if self.decided else None

    def count(self, *statuses: Status) -> int:
        """Return the number of cases with one of ``statuses``."""
        return sum(self.by_status.get(status, 0) for status in statuses)


def desk_figures(members: Sequence[Member]) -> DeskFigures:
    """Return the total figures of ``members``. Discarded drafts are not counted. Makes one query."""
    cases = Case.objects.filter(member__in=members)
    decided = cases.filter(decided_at__gte=clock.now() - RATE_PERIOD)
    latest = decided.order_by("-decided_at").values("outcome")[:RATE_OF]
    statuses = {status: _capped(cases, status) for status in Status}
    figures = Member.objects.filter(pk__in=[member.pk for member in members]).values_list(
        counts.Number(latest), Accepted(latest), *statuses.values()
    )
    total, accepted, *numbers = figures.first() or [0] * (2 + len(statuses))
    by_status = {status: number for status, number in zip(statuses, numbers, strict=True) if number}
    return DeskFigures(by_status=by_status, decided=total, accepted=accepted)


def _capped(cases: CaseQuerySet, status: Status) -> counts.Number:
    """Return a subquery that counts the cases with ``status`` up to ``counts.CAP`` + 1.

    It selects only ``status``, for an index-only scan.
    """
    rows = cases.filter(status=status)
    if status == Status.WITHDRAWN:
        rows = rows.without_discarded()
    return counts.Number(rows.values("status")[: counts.CAP + 1])
