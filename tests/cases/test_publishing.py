"""Publishing impact figures: by a worker, once, promptly and verifiably."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.lib import clock, wakeup
from cases import tasks
from cases.figures import impact
from cases.liaison.models import CountedOperation, ImpactSnapshot, Operation
from cases.services import operations
from tests import factories
from tests.personas import browser_of
from tests.processes import wait_for, worker

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def verify(operation: Operation) -> Operation:
    return operations.verify(operation=operation, by=factories.moderator())


def publish() -> ImpactSnapshot:
    snapshot = impact.publish_if_due()
    assert snapshot is not None
    return snapshot


# --- Time --------------------------------------------------------------------------------------------


def test_verification_request_only_wakes_a_worker(
    django_capture_on_commit_callbacks: Any,
) -> None:
    operation = factories.reported_operation()
    desk = browser_of(factories.moderator())
    address = reverse("triage:verify", args=[operation.reference])
    with django_capture_on_commit_callbacks(execute=True), CaptureQueriesContext(connection) as run:
        assert desk.post(address).status_code == 302
    statements = " ".join(query["sql"] for query in run.captured_queries)
    for word in ("COUNT(", "SUM(", "advisory", "impactsnapshot", "countedoperation"):
        assert word not in statements
    assert not ImpactSnapshot.objects.exists()
    wait_for(lambda: wakeup.is_set(impact.FLAG), what="wake-up")
    tasks.publish_figures()
    assert not wakeup.is_set(impact.FLAG)
    assert ImpactSnapshot.objects.get().figures["arrests"] == operation.arrests


def test_repeated_task_publishes_once() -> None:
    verify(factories.reported_operation())
    for _ in range(2):
        tasks.publish_figures()
    assert ImpactSnapshot.objects.count() == CountedOperation.objects.count() == 1


def test_scheduled_task_publishes_pending_changes() -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "cases.tasks.publish_figures" in scheduled
    tasks.publish_figures()
    assert not ImpactSnapshot.objects.exists()
    operation = verify(factories.reported_operation())
    tasks.publish_figures()
    assert not impact.is_due()
    operations.retract(operation=operation, by=factories.moderator(), reason="Counted twice.")
    assert impact.is_due()
    tasks.publish_figures()
    assert not impact.is_due()
    assert ImpactSnapshot.objects.latest().figures["arrests"] == 0


@pytest.mark.django_db(transaction=True)
def test_concurrent_workers_publish_once() -> None:
    first = verify(factories.reported_operation())
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [impact._LOCK])
            assert impact.publish_if_due() is None
            assert impact.is_due()
            # PostgreSQL ends a closed session, and releases its lock, a moment later.
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert publish().references() == [first.reference]


@pytest.mark.django_db(transaction=True)
@pytest.mark.worker
def test_worker_publishes_after_a_lost_wake_up(tmp_path: Path) -> None:
    operation = verify(factories.reported_operation())
    with worker(tmp_path / "worker.log"):
        wait_for(ImpactSnapshot.objects.exists, seconds=40, what="snapshot")
    assert ImpactSnapshot.objects.get().references() == [operation.reference]


# --- Period ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_operation_dated_today_is_included_in_every_time_zone(zone: str) -> None:
    """At noon UTC it is already tomorrow on Kiritimati; the moderator is in ``zone``."""
    with clock.at(NOON):
        with timezone.override(ZoneInfo("Pacific/Kiritimati")):
            east = factories.reported_operation(held_on=date(2026, 3, 11))
        old = factories.reported_operation(held_on=date(2026, 3, 1))
        with timezone.override(ZoneInfo(zone)):
            verify(east)
            verify(old)
            snapshot = publish()
    assert snapshot.references() == sorted([east.reference, old.reference])
    assert (snapshot.period_from, snapshot.period_to) == (date(2026, 3, 1), date(2026, 3, 11))
    assert snapshot.figures["operations"] == 2


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_period_starts_at_the_same_moment_in_every_time_zone(zone: str) -> None:
    for moment in (datetime(2026, 3, 9, 23, 59, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)):
        with clock.at(moment):
            factories.removed_case()
    with clock.at(NOON), timezone.override(ZoneInfo(zone)):
        verify(factories.reported_operation(held_on=date(2026, 3, 10)))
        snapshot = publish()
    # The operation's own case was decided at noon, and its listings are not removed.
    assert snapshot.figures["cases_upheld"] == 2
    assert snapshot.figures["listings_removed"] == 2


# --- Contributing operations -------------------------------------------------------------------------


def test_snapshots_record_their_operations() -> None:
    expected: list[tuple[ImpactSnapshot, list[str]]] = []
    verified: list[Operation] = []
    for number in range(6):
        operation = factories.reported_operation(held_on=clock.today() - timedelta(days=number))
        verified.append(verify(operation))
        expected.append((publish(), sorted(o.reference for o in verified)))
    gone = verified.pop(2)
    operations.retract(operation=gone, by=factories.moderator(), reason="Counted twice.")
    expected.append((publish(), sorted(o.reference for o in verified)))
    for snapshot, references in expected:
        assert snapshot.references() == references
        assert snapshot.figures["operations"] == len(references)
        assert impact.is_intact(ImpactSnapshot.objects.get(pk=snapshot.pk))
    out = io.StringIO()
    call_command("impact_check", stdout=out)
    assert "Snapshots verified: 7." in out.getvalue()
    assert CountedOperation.objects.count() == 6
    chained = [snapshot.sha256 for snapshot, _references in expected]
    assert [s.previous_sha256 for s, _references in expected] == ["", *chained[:-1]]


@pytest.mark.parametrize("change", ["figures", "operation", "period", "earlier snapshot"])
def test_later_changes_break_the_hash(change: str) -> None:
    for _ in range(2):
        verify(factories.reported_operation())
        publish()
    first, last = ImpactSnapshot.objects.order_by("pk")
    rows = ImpactSnapshot.objects.filter(pk=last.pk)
    if change == "figures":
        rows.update(figures=last.figures | {"arrests": 999})
    elif change == "operation":
        CountedOperation.objects.filter(since=last).delete()
    elif change == "period":
        rows.update(period_from=F("period_from") - timedelta(days=1))
    else:
        ImpactSnapshot.objects.filter(pk=first.pk).update(sha256="0" * 64)
    assert not impact.is_intact(rows.get())
    with pytest.raises(CommandError, match="of 2"):
        call_command("impact_check", stderr=io.StringIO())


def test_snapshots_without_a_chain_keep_their_hash() -> None:
    """Their hash covers fewer fields, and their reference lists were migrated to rows."""
    verify(factories.reported_operation())
    publish()
    verify(factories.reported_operation())
    snapshot = publish()
    assert snapshot.previous_sha256
    snapshot.previous_sha256 = ""
    snapshot.sha256 = impact._digest(snapshot, snapshot.references())
    snapshot.save()
    assert impact.is_intact(snapshot)
