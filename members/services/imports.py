"""Imports of sheets: uploaded and checked, confirmed, and applied by a worker.

A check changes nothing but the job. The worker applies the rows in slices. Each slice is a transaction that locks the
job, applies its rows through the services, each in a savepoint, and stores the job's ``position``. So a task may run
twice, at the same time or late, and a worker may be killed at any moment: each row has its effect once.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from alliance.lib import clock, text, wakeup
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from alliance.lib.sheets.columns import Problem
from alliance.lib.sheets.reading import Row
from members.imports import registry
from members.imports.registry import Checker, Kind, Outcome, Verdict
from members.imports.rows import Rows
from members.models import ImportJob, ImportProblem, Member, Membership, User
from members.models.import_job import import_path
from members.services import import_files, import_limits

log = structlog.get_logger(__name__)

State, Failure = ImportJob.State, ImportJob.Failure
TASK, FLAG = "members.tasks.run_imports", "imports"
# Rows that are checked together, and rows of a transaction. The member is locked until the transaction ends.
CHECKED_TOGETHER = 500
SLICE = 50
# Runs that may fail at the same row, for example because the worker runs out of memory.
MAX_ATTEMPTS = 3
MAX_WAITING = 20
_MESSAGE = 2000
# PostgreSQL's codes for a wait for a lock that took too long, and for a deadlock.
_WAITED = {"55P03", "40P01"}


@dataclass
class Report:
    """The result of a check: the problems by row, and how many rows have each outcome."""

    problems: dict[int, str] = field(default_factory=dict)
    counts: Counter[Outcome] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def upload(*, member: Member, kind: Kind, by: User, upload: UploadedFile) -> ImportJob:
    """Check an uploaded sheet, store it, and return the job, which waits for a confirmation.

    Uploading the same file again checks it again and returns the same job. Raises :class:`NotAllowed`, and
    :class:`Refusal` for a file that is not accepted, with a missing column, or without rows, and for too many uploads.
    """
    _require_role(member, by)
    import_limits.count(member)
    arrival = import_files.inspect(upload)
    report = check(upload.file, name=arrival.name, kind=kind, member=member, by=by)
    total = sum(report.counts.values())
    if not total:
        raise Refusal(_("The sheet has no rows below the titles."))
    with transaction.atomic():
        member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        _require_role(member, by)
        waiting = ImportJob.objects.filter(member=member, state=State.CHECKED)
        # A job that somebody confirms or cancels at this moment is left alone, and waiting for it could be a deadlock:
        # a worker locks the job before the member.
        free = waiting.select_for_update(skip_locked=True, no_key=True)
        same = free.filter(kind=kind.name, sha256=arrival.sha256).first()
        if same is None and waiting.count() >= MAX_WAITING:
            raise Refusal(
                _("Too many imports wait for a confirmation. Confirm or cancel some first.")
            )
        job = same or ImportJob(member=member, kind=kind.name, state=State.CHECKED)
        job.uploaded_by, job.uploaded_at, job.language = by, clock.now(), get_language() or "en"
        for name, value in arrival.facts.items():
            if name != "content_type":
                setattr(job, name, value)
        job.row_count, job.notes = total, report.notes
        job.will_create, job.will_change = (
            report.counts[Outcome.CREATED],
            report.counts[Outcome.CHANGED],
        )
        job.will_keep, job.will_fail = (
            report.counts[Outcome.UNCHANGED],
            report.counts[Outcome.FAILED],
        )
        # The row comes first, so that each file has a row that leads to its deletion.
        job.file.name = import_path(job, arrival.name)
        job.save()
        job.problems.all().delete()
        _record(job, report.problems)
    try:
        import_files.store(job, upload)
    except Refusal:
        ImportJob.objects.filter(pk=job.pk, state=State.CHECKED).delete()
        raise
    return job


def check(file: Any, *, name: str, kind: Kind, member: Member, by: User) -> Report:
    """Return what importing ``file`` would do. Raises :class:`Refusal` if it is no sheet of this kind."""
    rows = Rows(file, name, kind, member, by)
    report = Report()
    for batch in rows.batches(CHECKED_TOGETHER):
        for row, verdict in batch:
            report.counts[verdict.outcome] += 1
            if verdict.problems:
                report.problems[row.number] = _words(verdict.problems)
    report.notes = rows.checker.notes()
    if ignored := rows.layout.ignored:
        message = ngettext(
            "This column is not known and is ignored: %(titles)s.",
            "These columns are not known and are ignored: %(titles)s.",
            len(ignored),
        )
        report.notes.append(message % {"titles": text.join(f"“{one}”" for one in ignored[:5])})
    return report


@transaction.atomic
def confirm(*, job: ImportJob, by: User) -> ImportJob:
    """Start the import of the rows without errors. Confirming it twice has no second effect.

    Raises :class:`NotAllowed`, :class:`Conflict` for a cancelled import, and :class:`Refusal` without a valid row.
    """
    stored = _lock(job, by)
    if stored.state in (State.RUNNING, State.DONE):
        return stored
    if stored.state != State.CHECKED:
        raise Conflict(_("This import was cancelled. Upload the sheet again."))
    if not stored.valid_rows:
        raise Refusal(_("All rows have errors. Correct the sheet and upload it again."))
    stored.state, stored.confirmed_by, stored.confirmed_at = State.RUNNING, by, clock.now()
    stored.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    # The rows are checked again when they are applied.
    stored.problems.all().delete()
    transaction.on_commit(wake)
    return stored


@transaction.atomic
def cancel(*, job: ImportJob, by: User) -> ImportJob:
    """Cancel an import. What a running import has done stays; if it has done nothing, its file is deleted.

    Idempotent. Raises :class:`NotAllowed` and :class:`Conflict`.
    """
    stored = _lock(job, by)
    if stored.state == State.CANCELLED:
        return stored
    if stored.state not in (State.CHECKED, State.RUNNING):
        raise Conflict(_("This import has already ended."))
    stored.state, stored.finished_at = State.CANCELLED, clock.now()
    stored.save(update_fields=["state", "finished_at"])
    if not stored.created + stored.changed:
        transaction.on_commit(lambda: import_files.discard(stored))
    return stored


def wake() -> None:
    """Wake a worker, unless one has been woken already. Never raises."""
    wakeup.send(TASK, queue="default", flag=FLAG)


def run_due(*, seconds: float) -> None:
    """Apply running imports for up to ``seconds``, the oldest first, and wake a worker for the rest.

    An unexpected error of an import is raised after the others have had their turn.
    """
    wakeup.clear(FLAG)
    until = time.monotonic() + seconds
    errors: list[Exception] = []
    for key in list(_running()):
        if time.monotonic() >= until:
            break
        try:
            run(key, until=until)
        except Exception as error:  # noqa: BLE001  (raised below)
            errors.append(error)
    if errors:
        raise errors[0]
    if _running().exists():
        wake()


def _running() -> Any:
    rows = ImportJob.objects.filter(state=State.RUNNING).order_by("confirmed_at", "pk")
    return rows.values_list("pk", flat=True)


def run(key: Any, *, until: float) -> None:
    """Apply one import until ``until``, a monotonic time. At least one slice is applied.

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
            with job.file.open("rb") as file:
                _apply(job, kind, file, until)
        except (FileNotFoundError, Refusal) as error:
            log.error("import_file_unusable", job=str(job.pk), error=str(error))
            _fail(job, Failure.FILE)
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") in _WAITED:
                _uncount(job)
            raise


class _Stopped(Exception):
    """Somebody cancelled the import, or it has failed."""


def _claim(key: Any) -> ImportJob | None:
    """Return the job if it is running and no other worker is applying a slice of it, and count the attempt.

    The lock ends before the work begins: two workers may run the same job. Each slice locks it again.
    """
    with transaction.atomic():
        rows = ImportJob.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        found = (
            rows.select_related("member", "confirmed_by")
            .filter(pk=key, state=State.RUNNING)
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


def _apply(job: ImportJob, kind: Kind, file: Any, until: float) -> None:
    by = job.confirmed_by
    assert by is not None
    rows, at = Rows(file, job.original_name, kind, job.member, by), 0
    while batch := rows.take(SLICE):
        has_progressed = _apply_slice(job, rows, batch, at)
        at += len(batch)
        if has_progressed and time.monotonic() >= until and at < job.row_count:
            return
    with transaction.atomic():
        stored = ImportJob.objects.select_for_update(no_key=True).get(pk=job.pk)
        if stored.state == State.RUNNING:
            _finish(stored, State.DONE)


@transaction.atomic
def _apply_slice(job: ImportJob, rows: Rows, batch: Sequence[Row], at: int) -> bool:
    """Apply the rows of a slice that have not been applied yet; return whether there were any.

    ``at`` is the position of the first row.
    """
    stored = ImportJob.objects.select_for_update(no_key=True).get(pk=job.pk)
    if stored.state != State.RUNNING:
        raise _Stopped
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
    if verdict.outcome in (Outcome.UNCHANGED, Outcome.FAILED):
        return verdict.outcome
    with transaction.atomic():
        return checker.apply(verdict)


def _count(job: ImportJob, counts: Counter[Outcome], problems: dict[int, str]) -> None:
    job.created += counts[Outcome.CREATED]
    job.changed += counts[Outcome.CHANGED]
    job.unchanged += counts[Outcome.UNCHANGED]
    job.failed += counts[Outcome.FAILED]
    job.position += counts.total()
    job.attempts = 0
    job.save(update_fields=["position", "attempts", *(one.value for one in Outcome)])
    _record(job, problems)


def _fail(job: ImportJob, failure: ImportJob.Failure) -> None:
    with transaction.atomic():
        stored = ImportJob.objects.select_for_update(no_key=True).get(pk=job.pk)
        if stored.state == State.RUNNING:
            _finish(stored, State.FAILED, failure)


def _finish(
    job: ImportJob, state: ImportJob.State, failure: ImportJob.Failure | None = None
) -> None:
    job.state, job.finished_at, job.failure = state, clock.now(), failure or ""
    job.save(update_fields=["state", "finished_at", "failure"])


def _record(job: ImportJob, problems: dict[int, str]) -> None:
    ImportProblem.objects.bulk_create(
        (ImportProblem(job=job, row=row, message=words) for row, words in problems.items()),
        batch_size=1000,
    )


def _words(problems: Sequence[Problem]) -> str:
    return "\n".join(str(one) for one in problems)[:_MESSAGE]


def _lock(job: ImportJob, by: User) -> ImportJob:
    """Lock the job. Raises :class:`NotAllowed` unless ``by`` is an owner or a filer of the member."""
    stored = ImportJob.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    _require_role(stored.member, by)
    return stored


def _require_role(member: Member, by: User) -> None:
    if not Membership.objects.may_file().filter(user=by, member=member).exists():
        raise NotAllowed(_("Your role does not allow imports for this member."))
