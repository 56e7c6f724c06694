"""The figures of the brand dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from alliance.lib import clock
from cases.models import Case
from cases.states import Outcome, Status
from members.models import Member

RATE_PERIOD = timedelta(days=365)


@dataclass(frozen=True)
class DeskFigures:
    """Cases by status, and how many of those decided in :data:`RATE_PERIOD` were upheld.

    A reinstated case counts as decided but not as upheld. Drafts and withdrawn cases count as neither.
    """

    by_status: dict[Status, int]
    decided: int
    accepted: int

    @property
    def rate(self) -> float | None:
        """The share of complaints upheld in percent, or ``None`` if no case is decided."""
        return 100 * self.accepted / self.decided if self.decided else None

    def count(self, *statuses: Status) -> int:
        """Return the number of cases with one of ``statuses``."""
        return sum(self.by_status.get(status, 0) for status in statuses)


def desk_figures(members: Sequence[Member]) -> DeskFigures:
    """Return the total figures of ``members``, without discarded drafts. Makes one query."""
    since = clock.now() - RATE_PERIOD
    rows = list(
        Case.objects.filter(member__in=members)
        .exclude(status=Status.WITHDRAWN, submitted_at=None)
        .values_list("status")
        .annotate(
            total=Count("pk"),
            decided=Count("pk", filter=Q(decided_at__gte=since)),
            accepted=Count("pk", filter=Q(outcome=Outcome.UPHELD, decided_at__gte=since)),
        )
        .order_by()
    )
    return DeskFigures(
        by_status={Status(status): total for status, total, _decided, _accepted in rows},
        decided=sum(row[2] for row in rows),
        accepted=sum(row[3] for row in rows),
    )
