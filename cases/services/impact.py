"""The published figures: what they count, over which period, from which operations."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear

from alliance.lib import clock
from cases.liaison.models import ImpactSnapshot, Operation
from cases.models import Case, Listing
from cases.states import OperationStatus, Status
from members.models import User

# Version 1: dens, arrests, items and value of verified operations held in the period, each operation
# once however many cases it serves; cases upheld and listings removed that were decided in the period.
DEFINITION_VERSION = 1
_LOCK = 0x69_6D_70_61  # one number for the whole installation
FIGURES = ("dens_closed", "arrests", "items_seized", "value_cny")


@transaction.atomic
def publish(*, by: User, period_from: date | None = None) -> ImpactSnapshot:
    """Publish a snapshot of all that is verified now, and return it.

    The period runs from ``period_from`` (default: the first verified operation) to today.
    """
    with connection.cursor() as cursor:
        # One after the other: of two at once, each would miss the operation the other just verified.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    verified = Operation.objects.filter(status=OperationStatus.VERIFIED)
    today = clock.today()
    start = period_from or (
        verified.order_by("held_on").values_list("held_on", flat=True).first() or today
    )
    counted = verified.filter(held_on__gte=start, held_on__lte=today)
    figures = _figures(counted, start)
    references = sorted(counted.values_list("reference", flat=True))
    return ImpactSnapshot.objects.create(
        definition_version=DEFINITION_VERSION,
        period_from=start,
        period_to=today,
        figures=figures,
        operation_references=references,
        sha256=_digest(start, today, figures, references),
        published_by=by,
        published_at=clock.now(),
    )


def _figures(counted: Any, start: date) -> dict[str, Any]:
    totals = counted.aggregate(**{name: Sum(name) for name in FIGURES}, operations=Count("pk"))
    years = (
        counted.annotate(year=ExtractYear("held_on"))
        .values("year")
        .annotate(**{name: Sum(name) for name in FIGURES}, operations=Count("pk"))
        .order_by("year")
    )
    decided = Case.objects.filter(decided_at__date__gte=start).exclude(
        status__in=(Status.REJECTED, Status.REINSTATED)
    )
    return {
        **_plain(totals),
        "by_year": [_plain(year) for year in years],
        "cases_upheld": decided.count(),
        "listings_removed": Listing.objects.filter(
            status=Listing.Status.REMOVED, case__decided_at__date__gte=start
        ).count(),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Whole numbers as they are, yuan as a decimal string: JSON has no decimals."""
    return {
        name: f"{value or 0:.2f}" if name == "value_cny" else value or 0
        for name, value in row.items()
    }


def _digest(start: date, end: date, figures: dict[str, Any], references: list[str]) -> str:
    text = json.dumps(
        [DEFINITION_VERSION, start.isoformat(), end.isoformat(), figures, references],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()
