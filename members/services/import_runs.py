"""The worker's part of imports: it checks uploaded sheets, and applies confirmed imports.

A check changes nothing but the job. A worker that is killed during a check starts it again: the result is stored at
the end, in one transaction. Rows are applied in slices. Each slice is a transaction that locks the job, applies its
rows through the services, each in a savepoint, and stores the job's ``position``. So a task may run twice, at the same
time or late, and a worker may be killed at any moment: each row has its effect once.

The unit of some kinds is not a row but a step of a :class:`~members.imports.registry.Plan`, which the check stores.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.db import OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import ngettext

from alliance.lib import clock, text, wakeup
from alliance.lib.refusals import NotAllowed, Refusal
from alliance.lib.sheets.columns import Problem
from alliance.lib.sheets.reading import Row
from members.imports import registry
from members.imports.registry import Checker, Kind, Outcome, RowChecker, Verdict
from members.imports.rows import Rows
from members.models import ImportJob, ImportProblem, User
from members.services import import_files

log = structlog.get_logger(__name__)

State, Failure = ImportJob.State, ImportJob.Failure
TASK, FLAG = "members.tasks.run_imports", "imports"
# Rows that are checked together, and rows of a transaction. The member is locked until the transaction ends.
CHECKED_TOGETHER = 500
SLICE = 50
# Runs that may fail at the same row, for example because the worker runs out of memory.
MAX_ATTEMPTS = 3
# The row of a job is there before its files. Afterwards, a missing file is an error.
ARRIVES_WITHIN = timedelta(minutes=10)
_MESSAGE = 2000
# PostgreSQL's codes for a wait for a lock that took too long, and for a deadlock.
_WAITED = {"55P03", "40P01"}


@dataclass
class _Report:
    """The result of a check: the problems by row, and how many rows have each outcome."""

    problems: dict[int, str] = field(default_factory=dict)
    counts: Counter[Outcome] = field(default_factory=Counter)

    def add(self, checked: Sequence[tuple[Row, Verdict]]) -> None:
        for row, verdict in checked:
            self.counts[verdict.outcome] += 1
            if verdict.problems:
                self.problems[row.number] = _words(verdict.problems)

    def refuse(self, rows: Mapping[int, Problem]) -> None:
        """Count rows that would have been created as failed."""
        self.counts[Outcome.CREATED] -= len(rows)
        self.counts[Outcome.FAILED] += len(rows)
        self.problems |= {row: _words([problem]) for row, problem in rows.items()}


def wake() -> None:
    """Wake a worker, unless one has been woken already. Never raises."""
    wakeup.send(TASK, queue="default", flag=FLAG)


def run_due(*, seconds: float) -> None:
    """Check and apply imports for up to ``seconds``, and wake a worker for the rest.

    Checks come first, then the oldest imports. An unexpected error of an import is raised after the others have had
    their turn.
    """
    wakeup.clear(FLAG)
    until = time.monotonic() + seconds
    errors: list[Exception] = []
    for key in list(_due().values_list("pk", flat=True)):
        if time.monotonic() >= until:
            break
        try:
            run(key, until=until)
        except Exception as error:  # noqa: BLE001  (raised below)
            errors.append(error)
    if errors:
        raise errors[0]
    if _due().exclude(state=State.CHECKING, uploaded_at__gt=clock.now() - ARRIVES_WITHIN).exists():
        wake()


def _due() -> QuerySet[ImportJob]:
    rows = ImportJob.objects.filter(state__in=(State.CHECKING, State.RUNNING))
    return rows.order_by(F("confirmed_at").asc(nulls_first=True), "uploaded_at", "pk")


def run(key: Any, *, until: float) -> None:
    """Check one import, or apply it until ``until``, a monotonic time. At least one slice is applied.

    An unexpected error of a row is raised, after :data:`MAX_ATTEMPTS` runs the import fails instead. A run that waits
    too long for a lock of somebody else does not count.
    """
    job = _claim(key)
    if job is None:
        return
    kind = registry.find(job.kind)
    with translation.override(job.language), suppress(_Stopped):
        try:
            if kind is None:
                raise FileNotFoundError(job.kind)
            with import_files.opened(job) as file:
                _work(job, kind, file, until)
        except (FileNotFoundError, Refusal) as error:
            if _may_still_arrive(job, error):
                _uncount(job)
                return
            log.error("import_file_unusable", job=str(job.pk), error=str(error))
            with transaction.atomic():
                _finish(_locked(job), State.FAILED, Failure.FILE)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") in _WAITED:
                _uncount(job)
            raise


def _work(job: ImportJob, kind: Kind, file: Any, until: float) -> None:
    if job.state == State.CHECKING:
        _check(job, kind, file)
    elif kind.plan is not None:
        _apply_plan(job, kind, file, until)
    else:
        _apply(job, kind, file, until)


def _may_still_arrive(job: ImportJob, error: Exception) -> bool:
    """Return whether the upload may not have stored its files yet."""
    missing = isinstance(error, FileNotFoundError) and job.state == State.CHECKING
    return missing and clock.now() - job.uploaded_at < ARRIVES_WITHIN


class _Stopped(Exception):
    """Somebody cancelled the import or uploaded it again, or it has failed."""


def _claim(key: Any) -> ImportJob | None:
    """Return the job if it is due and no other worker is applying a slice of it, and count the attempt.

    The lock ends before the work begins: two workers may run the same job. Each slice locks it again.
    """
    with transaction.atomic():
        rows = ImportJob.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        found = (
            rows.select_related("member", "uploaded_by", "confirmed_by")
            .filter(pk=key, state__in=(State.CHECKING, State.RUNNING))
            .first()
        )
        if found is None:
            return None
        found.attempts += 1
        if found.attempts > MAX_ATTEMPTS:
            log.error("import_failed", job=str(found.pk), position=found.position)
            _finish(found, State.FAILED, Failure.ERROR)
            return None
        found.save(update_fields=["attempts"])
        return found


def _uncount(job: ImportJob) -> None:
    """Take back the attempt that :func:`_claim` counted, unless there has been progress since."""
    same = ImportJob.objects.filter(pk=job.pk, position=job.position, attempts__gt=0)
    same.update(attempts=F("attempts") - 1)


def _locked(job: ImportJob) -> ImportJob:
    """Lock the job. Raises :class:`_Stopped` if it is no longer in the state in which this run found it."""
    stored = ImportJob.objects.select_for_update(no_key=True).get(pk=job.pk)
    if (stored.state, stored.uploaded_at) != (job.state, job.uploaded_at):
        raise _Stopped
    return stored


# --- The check ---------------------------------------------------------------------------------


def _check(job: ImportJob, kind: Kind, file: Any) -> None:
    rows, report, at = Rows(file, job, kind, job.uploaded_by), _Report(), 0
    with closing(rows.checker):
        while batch := rows.take(CHECKED_TOGETHER):
            report.add(rows.check(batch))
            at += len(batch)
            _show_progress(job, at)
        _store(job, rows, report)


def _store(job: ImportJob, rows: Rows, report: _Report) -> None:
    with transaction.atomic():
        stored = _locked(job)
        report.refuse(rows.checker.complete())
        stored.notes = [*rows.checker.notes(), *_ignored(rows.layout.ignored)]
        stored.row_count = report.counts.total()
        stored.will_create = report.counts[Outcome.CREATED]
        stored.will_change = report.counts[Outcome.CHANGED]
        stored.will_keep = report.counts[Outcome.UNCHANGED]
        stored.will_fail = report.counts[Outcome.FAILED]
        stored.state, stored.position, stored.attempts = State.CHECKED, 0, 0
        stored.save()
        stored.problems.all().delete()
        _record(stored, report.problems)


@transaction.atomic
def _show_progress(job: ImportJob, checked: int) -> None:
    stored = _locked(job)
    # Another worker may be further.
    if checked > stored.position:
        stored.position, stored.attempts = checked, 0
        stored.save(update_fields=["position", "attempts"])


def _ignored(titles: Sequence[str]) -> list[str]:
    if not titles:
        return []
    message = ngettext(
        "This column is not known and is ignored: %(titles)s.",
        "These columns are not known and are ignored: %(titles)s.",
        len(titles),
    )
    return [message % {"titles": text.join(f"“{one}”" for one in titles[:5])}]


# --- The import --------------------------------------------------------------------------------


def _apply(job: ImportJob, kind: Kind, file: Any, until: float) -> None:
    rows, at = Rows(file, job, kind, _person(job)), 0
    while batch := rows.take(SLICE):
        has_progressed = _apply_slice(job, rows, batch, at)
        at += len(batch)
        if has_progressed and time.monotonic() >= until and at < job.row_count:
            return
    with transaction.atomic():
        _finish(_locked(job), State.DONE)


@transaction.atomic
def _apply_slice(job: ImportJob, rows: Rows, batch: Sequence[Row], at: int) -> bool:
    """Apply the rows of a slice that have not been applied yet; return whether there were any.

    ``at`` is the position of the first row.
    """
    stored = _locked(job)
    checked = rows.check(batch)
    todo = checked[max(stored.position - at, 0) :]
    if not todo:
        return False
    counts: Counter[Outcome] = Counter()
    problems: dict[int, str] = {}
    for row, verdict in todo:
        try:
            outcome = _apply_row(rows.checker, verdict)
        except NotAllowed:
            _finish(stored, State.FAILED, Failure.ROLE)
            break
        except Refusal as refusal:
            outcome, verdict.problems = Outcome.FAILED, [Problem("", str(refusal))]
        counts[outcome] += 1
        if verdict.problems:
            problems[row.number] = _words(verdict.problems)
    _count(stored, counts, problems)
    return True


def _apply_row(checker: Checker, verdict: Verdict) -> Outcome:
    assert isinstance(checker, RowChecker)
    if verdict.outcome in (Outcome.UNCHANGED, Outcome.FAILED):
        return verdict.outcome
    with transaction.atomic():
        return checker.apply(verdict)


def _apply_plan(job: ImportJob, kind: Kind, file: Any, until: float) -> None:
    assert kind.plan is not None
    with closing(kind.plan(job, _person(job), file)) as plan:
        while True:
            plan.prepare()
            if not _apply_step(job, plan):
                return
            if time.monotonic() >= until:
                return


@transaction.atomic
def _apply_step(job: ImportJob, plan: registry.Plan) -> bool:
    """Apply the next step of a plan, or finish the import; return whether there may be more."""
    stored = _locked(job)
    try:
        done = plan.apply_next()
    except NotAllowed:
        _finish(stored, State.FAILED, Failure.ROLE)
        return False
    if done is None:
        _finish(stored, State.DONE)
        return False
    problems = {row: _words([problem]) for row, problem in done.problems.items()}
    _count(stored, done.counts, problems)
    return True


def _person(job: ImportJob) -> User:
    assert job.confirmed_by is not None
    return job.confirmed_by


def _count(job: ImportJob, counts: Counter[Outcome], problems: Mapping[int, str]) -> None:
    job.created += counts[Outcome.CREATED]
    job.changed += counts[Outcome.CHANGED]
    job.unchanged += counts[Outcome.UNCHANGED]
    job.failed += counts[Outcome.FAILED]
    job.position += counts.total()
    job.attempts = 0
    job.save(update_fields=["position", "attempts", *(one.value for one in Outcome)])
    _record(job, problems)


def _finish(
    job: ImportJob, state: ImportJob.State, failure: ImportJob.Failure | None = None
) -> None:
    if job.state == State.CHECKING:
        job.position = 0
    job.state, job.finished_at, job.failure = state, clock.now(), failure or ""
    job.save(update_fields=["state", "position", "finished_at", "failure"])


def _record(job: ImportJob, problems: Mapping[int, str]) -> None:
    ImportProblem.objects.bulk_create(
        (ImportProblem(job=job, row=row, message=words) for row, words in problems.items()),
        batch_size=1000,
    )


def _words(problems: Sequence[Problem]) -> str:
    return "\n".join(str(one) for one in problems)[:_MESSAGE]
