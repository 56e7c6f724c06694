"""Bulk actions from the selection to the undo.

Each row is a transaction that locks the row, calls the verb, and stores the result. So a task may run twice, at the same
time or late, and a worker may be killed at any moment: each row has its effect once. Up to :data:`IN_REQUEST` rows run
in the request; workers run larger actions in slices. A row on which the verb fails unexpectedly is refused, and logged.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from alliance.lib import clock, wakeup
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.bulk.registry import VERBS
from cases.models import BulkJob, BulkRow, Case, HeldDecision
from cases.permissions import is_moderator
from members.models import User

log = structlog.get_logger(__name__)

JobState, RowState = BulkJob.State, BulkRow.State
TASK, FLAG = "cases.tasks.run_bulk", "bulk"
MOST_CASES = 1000
IN_REQUEST = 50
KEEP_UNCONFIRMED = timedelta(days=1)
KEEP = timedelta(days=90)

# The state of the rows that are next in each state of a job, and the state of a job without such rows.
_NEXT = {
    JobState.CHECKING: RowState.UNCHECKED,
    JobState.RUNNING: RowState.READY,
    JobState.UNDOING: RowState.DONE,
}
_AFTER = {
    JobState.CHECKING: JobState.CHECKED,
    JobState.RUNNING: JobState.DONE,
    JobState.UNDOING: JobState.UNDONE,
}


class _Rollback(Exception):
    """Ends the transaction of a check, so that nothing of it stays."""


def wake() -> None:
    """Wake a worker, unless one has been woken already. Never raises."""
    wakeup.send(TASK, queue="default", flag=FLAG)


def create(
    *,
    by: User,
    verb: str,
    values: dict[str, Any],
    cases: Iterable[Case],
    back: str = "",
    was_capped: bool = False,
) -> BulkJob:
    """Create a bulk action, and check up to :data:`IN_REQUEST` cases at once. A worker checks more.

    Raises :class:`NotAllowed`, and :class:`Refusal` without cases or for values that are no longer in use.
    """
    if not (by.is_active and is_moderator(by)):
        raise NotAllowed(_("Your role does not allow this."))
    chosen = list(cases)[:MOST_CASES]
    if not chosen:
        raise Refusal(_("Select at least one case."))
    VERBS[verb].load(values)
    with transaction.atomic():
        job = BulkJob.objects.create(
            person=by,
            verb=verb,
            values=values,
            state=JobState.CHECKING,
            language=translation.get_language() or "en",
            back=back,
            row_count=len(chosen),
            was_capped=was_capped,
        )
        BulkRow.objects.bulk_create(
            BulkRow(job=job, position=at, case=case, expected_version=case.version)
            for at, case in enumerate(chosen, start=1)
        )
    return _begin(job)


def confirm(*, job: BulkJob, by: User) -> BulkJob:
    """Apply the verb to the rows that the check found possible. Idempotent.

    Raises :class:`Conflict` before the check has ended, and if no row is possible.
    """
    with transaction.atomic():
        job = _locked(job, by)
        if job.confirmed_at is not None:
            return job
        if job.state != JobState.CHECKED:
            raise Conflict(_("The cases are still being checked."))
        if not job.rows.filter(state=RowState.READY).exists():
            raise Conflict(_("No case can be changed."))
        job.state, job.confirmed_at = JobState.RUNNING, clock.now()
        job.save(update_fields=["state", "confirmed_at"])
    return _begin(job)


def stop(*, job: BulkJob, by: User) -> BulkJob:
    """Stop a running action. Rows that are done stay done. Idempotent."""
    with transaction.atomic():
        job = _locked(job, by)
        if job.state == JobState.RUNNING:
            job.state, job.finished_at = JobState.STOPPED, clock.now()
            job.save(update_fields=["state", "finished_at"])
    return job


def undo(*, job: BulkJob, by: User) -> BulkJob:
    """Undo the rows whose cases have not changed since. Idempotent.

    Raises :class:`Conflict` for a verb that cannot be undone, and while the action is running.
    """
    with transaction.atomic():
        job = _locked(job, by)
        if job.state in (JobState.UNDOING, JobState.UNDONE):
            return job
        if not can_undo(job):
            raise Conflict(_("This action cannot be undone."))
        job.state = JobState.UNDOING
        job.save(update_fields=["state"])
    return _begin(job)


def can_undo(job: BulkJob) -> bool:
    """Return whether :func:`undo` is possible for a finished action: for decisions, while one of them is held."""
    verb = VERBS.get(job.verb)
    if verb is None or verb.undo is None or job.state not in (JobState.DONE, JobState.STOPPED):
        return False
    if not verb.is_weighty:
        return True
    cases = job.rows.filter(state=RowState.DONE).values("case")
    return HeldDecision.objects.open().filter(by=job.person, case__in=cases).exists()


def counts(job: BulkJob) -> Counter[str]:
    """Return the number of rows in each state."""
    return Counter(job.rows.order_by().values_list("state", flat=True))


def delete_old(*, at_most: int = 100) -> int:
    """Delete up to ``at_most`` actions that were not confirmed in time, or are old; return how many rows.

    The timelines of the cases keep what was done.
    """
    now = clock.now()
    unconfirmed = Q(confirmed_at=None, created_at__lt=now - KEEP_UNCONFIRMED)
    old = BulkJob.objects.filter(unconfirmed | Q(created_at__lt=now - KEEP))
    keys = old.order_by("created_at", "id").values_list("pk", flat=True)[:at_most]
    return BulkJob.objects.filter(pk__in=list(keys)).delete()[0]


def run_due(*, seconds: float) -> None:
    """Work on active jobs for up to ``seconds``, and wake a worker for the rest."""
    wakeup.clear(FLAG)
    until = time.monotonic() + seconds
    active = BulkJob.objects.filter(state__in=BulkJob.ACTIVE).order_by("created_at")
    for job in active.select_related("person")[:100]:
        run(job, until=until)
        if time.monotonic() >= until:
            wake()
            return


def run(job: BulkJob, *, until: float | None = None) -> None:
    """Work on the rows of a job until none is left, or until ``until``, a monotonic time."""
    with translation.override(job.language):
        while _do_next(job):
            if until is not None and time.monotonic() >= until:
                return
    _finish(job)


def _begin(job: BulkJob) -> BulkJob:
    """Work on a small job now; leave a large one to a worker. Return its current state."""
    waiting = job.rows.filter(state=_NEXT[JobState(job.state)])
    if len(waiting.values_list("pk")[: IN_REQUEST + 1]) > IN_REQUEST:
        wake()
    else:
        try:
            run(job)
        except OperationalError:  # A wait for a lock that took too long: a worker continues.
            log.warning("bulk_left_to_worker", job=str(job.pk), exc_info=True)
            wake()
    job.refresh_from_db()
    return job


def _locked(job: BulkJob, by: User) -> BulkJob:
    locked = BulkJob.objects.select_for_update(no_key=True).get(pk=job.pk)
    if locked.person_id != by.pk or not (by.is_active and is_moderator(by)):
        raise NotAllowed(_("Your role does not allow this."))
    return locked


def _do_next(job: BulkJob) -> bool:
    """Work on the next row of the job, in one transaction; return whether there was one."""
    with transaction.atomic():
        # Rows that another worker is at are skipped. A job that was stopped has no next row.
        rows = BulkRow.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        rows = rows.filter(job=job, job__state=job.state, state=_NEXT[JobState(job.state)])
        row = rows.order_by("position").select_related("case").first()
        if row is None:
            return False
        _work(job, row)
        row.message = row.message[:1000]
        row.save(update_fields=["state", "message", "version_after", "before"])
    return True


def _work(job: BulkJob, row: BulkRow) -> None:
    done, failed = {
        JobState.CHECKING: (RowState.READY, RowState.IMPOSSIBLE),
        JobState.RUNNING: (RowState.DONE, RowState.REFUSED),
        JobState.UNDOING: (RowState.UNDONE, RowState.KEPT),
    }[JobState(job.state)]
    try:
        with transaction.atomic():
            _call(job, row)
    except _Rollback:
        row.state, row.before = done, {}
    except Refusal as refusal:
        row.state, row.message = failed, str(refusal)
    except OperationalError:
        raise  # A lock timeout or a lost connection: the row is tried again.
    except (DatabaseError, LookupError, TypeError, ValueError, AssertionError):
        log.exception("bulk_row_failed", job=str(job.pk), row=row.pk, verb=job.verb)
        row.state, row.message = failed, _("An error of the portal. The case was not changed.")
    else:
        row.state = done


def _call(job: BulkJob, row: BulkRow) -> None:
    verb = VERBS.get(job.verb)
    if verb is None:
        raise Refusal(_("This action no longer exists."))
    values = verb.load(job.values)
    if job.state == JobState.UNDOING:
        assert verb.undo is not None  # undo() has checked it
        verb.undo(row=row, by=job.person, **values)
        return
    row.before = verb.apply(row=row, by=job.person, **values)
    if job.state == JobState.CHECKING:
        # The check has made every test of the verb. Locks and wake-ups end with the savepoint.
        raise _Rollback
    row.version_after = Case.objects.values_list("version", flat=True).get(pk=row.case_id)


def _finish(job: BulkJob) -> None:
    """Set the final state if no row is left, also none that another worker is at."""
    with transaction.atomic():
        stored = BulkJob.objects.select_for_update(no_key=True).get(pk=job.pk)
        if stored.state != job.state or stored.state not in _NEXT:
            return
        if stored.rows.filter(state=_NEXT[JobState(stored.state)]).exists():
            return
        now = clock.now()
        if stored.state == JobState.RUNNING:
            stored.finished_at = now
        elif stored.state == JobState.UNDOING:
            stored.undone_at = now
        stored.state = _AFTER[JobState(stored.state)]
        stored.save(update_fields=["state", "finished_at", "undone_at"])
