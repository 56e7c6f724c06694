"""The figures of a member's desk."""

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
    """Cases by status, and how many of those decided in :data:`RATE_PERIOD` were accepted.

    Accepted: upheld, and the decision still stands. Drafts and withdrawn cases count on neither side, a
    case that was reinstated counts as decided but not as accepted.
    """

    by_status: dict[Status, int]
    decided: int
    accepted: int

    @property
    def rate(self) -> float | None:
        """The acceptance rate in per cent; none as long as nothing is decided."""
        return 100 * self.accepted / self.decided if self.decided else None

    def count(self, *statuses: Status) -> int:
        """Return how many cases stand in one of ``statuses``."""
        return sum(self.by_status.get(status, 0) for status in statuses)


def desk_figures(members: Sequence[Member]) -> DeskFigures:
    """Return the figures of ``members`` together, in one query. Discarded drafts are left out."""
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
