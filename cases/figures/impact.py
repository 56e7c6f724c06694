"""Computes and publishes impact snapshots: figures, their period and the operations they count.

A worker publishes after an operation is verified or retracted. The moderator's request wakes it; if the wake-up
is lost, a periodic task publishes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from alliance.lib import clock, wakeup
from cases.liaison.models import CountedOperation, ImpactSnapshot, Operation
from cases.models import Case, Listing
from cases.states import OperationStatus

# Version 1: premises, arrests, items and value of verified operations in the period, each operation once for any
# number of cases; cases upheld and listings removed in cases decided in the period.
DEFINITION_VERSION = 1
_LOCK = 0x69_6D_70_61  # the key of an advisory lock, unique in the database
FIGURES = ("premises_closed", "arrests", "items_seized", "value_cny")
FLAG = "figures"


def wake() -> None:
    """Wake a worker to publish, unless one has been woken already. Never raises."""
    wakeup.send("cases.tasks.publish_figures", queue="default", flag=FLAG)


def is_due() -> bool:
    """Return whether operations were verified or retracted since the latest snapshot."""
    counted = CountedOperation.objects.current()
    verified = Operation.objects.filter(status=OperationStatus.VERIFIED)
    new = verified.exclude(Exists(counted.filter(operation=OuterRef("pk"))))
    return new.exists() or counted.exclude(operation__status=OperationStatus.VERIFIED).exists()


@transaction.atomic
def publish_if_due() -> ImpactSnapshot | None:
    """Publish a snapshot of all verified operations and return it.

    Returns ``None`` if nothing has changed since the latest snapshot or another worker is publishing. The period
    runs from the first verified operation to today in ``TIME_ZONE``, or to the date of a later operation in
    another time zone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
    verified = Operation.objects.filter(status=OperationStatus.VERIFIED)
    # Read once, so that figures, references and rows are consistent.
    rows = list(verified.order_by("pk").values("pk", "reference", "held_on", *FIGURES))
    counted = dict(CountedOperation.objects.current().values_list("operation_id", "pk"))
    new = [row["pk"] for row in rows if row["pk"] not in counted]
    gone = counted.keys() - {row["pk"] for row in rows}
    if not new and not gone:
        return None
    snapshot = _snapshot(rows)
    snapshot.save(force_insert=True)
    ended = CountedOperation.objects.filter(pk__in=[counted[pk] for pk in gone])
    ended.update(until=snapshot)
    CountedOperation.objects.bulk_create(
        [CountedOperation(operation_id=pk, since=snapshot) for pk in new], batch_size=1000
    )
    return snapshot


def is_intact(snapshot: ImpactSnapshot) -> bool:
    """Return whether the hash of ``snapshot`` matches its figures, its operations and the previous hash.

    Snapshots from before hashes were chained have no previous hash.
    """
    earlier = ImpactSnapshot.objects.filter(pk__lt=snapshot.pk).order_by("-pk").first()
    if snapshot.previous_sha256:
        fits = earlier is not None and earlier.sha256 == snapshot.previous_sha256
    else:
        fits = earlier is None or not earlier.previous_sha256
    if not fits:
        return False
    return snapshot.sha256 == _digest(snapshot, snapshot.references())


def _snapshot(rows: list[dict[str, Any]]) -> ImpactSnapshot:
    """Return an unsaved snapshot of the operations in ``rows``."""
    zone = timezone.get_default_timezone()
    dates = [timezone.localdate(clock.now(), zone)]
    dates += [row["held_on"] for row in rows]
    start = min(row["held_on"] for row in rows) if rows else dates[0]
    latest = ImpactSnapshot.objects.order_by("-pk").first()
    snapshot = ImpactSnapshot(
        definition_version=DEFINITION_VERSION,
        period_from=start,
        period_to=max(dates),
        figures=_figures(rows) | _of_cases(datetime.combine(start, time.min, zone)),
        previous_sha256=latest.sha256 if latest else "",
        published_at=clock.now(),
    )
    snapshot.sha256 = _digest(snapshot, sorted(row["reference"] for row in rows))
    return snapshot


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    by_year: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_year.setdefault(row["held_on"].year, []).append(row)
    years = [{"year": year, **_sums(by_year[year])} for year in sorted(by_year)]
    return {**_sums(rows), "by_year": years}


def _sums(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return sums as integers, and the value in yuan as a decimal string, since JSON has no decimals."""
    rows = list(rows)
    sums: dict[str, Any] = {name: sum(row[name] for row in rows) for name in FIGURES}
    sums["value_cny"] = f"{Decimal(sums['value_cny']):.2f}"
    return {**sums, "operations": len(rows)}


def _of_cases(since: datetime) -> dict[str, int]:
    """Return the figures on cases decided ``since``."""
    removed = Listing.objects.filter(status=Listing.Status.REMOVED, case__decided_at__gte=since)
    return {
        "cases_upheld": Case.objects.upheld().filter(decided_at__gte=since).count(),
        "listings_removed": removed.count(),
    }


def _digest(snapshot: ImpactSnapshot, references: list[str]) -> str:
    parts: list[Any] = [
        snapshot.definition_version,
        snapshot.period_from.isoformat(),
        snapshot.period_to.isoformat(),
        snapshot.figures,
        references,
    ]
    if snapshot.previous_sha256:
        parts.append(snapshot.previous_sha256)
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
