"""Imports of sheets: uploaded, checked by a worker, confirmed, and applied by a worker (:mod:`.import_runs`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.arrivals import Arrival
from alliance.lib.refusals import Conflict, Refusal
from members import roles
from members.imports import registry, rows
from members.imports.registry import Kind
from members.models import ImportJob, Member, User
from members.models.import_job import import_path
from members.services import import_files, import_limits, import_runs
from members.services.import_files import Attachment

State = ImportJob.State
MAX_WAITING = 20


def upload(
    *,
    member: Member,
    kind: Kind,
    by: User,
    upload: UploadedFile,
    options: Mapping[str, Any] | None = None,
    attachments: Sequence[Attachment] = (),
) -> ImportJob:
    """Store an uploaded sheet and wake a worker that checks it. Return the job.

    ``options`` and ``attachments`` are what the form of the kind says about the whole sheet. Uploading all of this again
    checks it again and returns the same job. Raises :class:`NotAllowed`, and :class:`Refusal` for a file that is not accepted, with a
    missing column, or without rows, and for too many uploads.
    """
    _require_role(member, by)
    import_limits.count(member)
    arrival = import_files.inspect(upload)
    total = rows.count(upload.file, arrival.name, kind)
    with transaction.atomic():
        member = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        _require_role(member, by)
        job = _waiting_job(member, kind, arrival, options or {}, attachments)
        _renew(job, by, arrival, total, options or {})
        job.problems.all().delete()
        kind.forget(job)
        stored = import_files.replace_attachments(job, attachments)
    try:
        import_files.store(job, upload)
        for row, attachment in zip(stored, attachments, strict=True):
            import_files.store_attachment(row, attachment)
    except Refusal:
        import_files.delete_unstored(job, stored)
        raise
    import_runs.wake()
    return job


def _waiting_job(
    member: Member,
    kind: Kind,
    arrival: Arrival,
    options: Mapping[str, Any],
    attachments: Sequence[Attachment],
) -> ImportJob:
    """Return the unconfirmed job of the same sheet with the same options, or a new job. The caller has locked the member.

    A job with other options is not reused, because somebody may be about to confirm it.
    """
    waiting = ImportJob.objects.filter(member=member, state__in=(State.CHECKING, State.CHECKED))
    # A job that somebody confirms or cancels at this moment is left alone, and waiting for it could be a deadlock:
    # a worker locks the job before the member.
    free = waiting.select_for_update(skip_locked=True, no_key=True)
    files = sorted((one.role, one.arrival.sha256) for one in attachments)
    jobs = free.filter(kind=kind.name, sha256=arrival.sha256, options=dict(options))
    same = next((one for one in jobs if import_files.attached(one) == files), None)
    if same is None and waiting.count() >= MAX_WAITING:
        raise Refusal(_("Too many imports wait for a confirmation. Confirm or cancel some first."))
    return same or ImportJob(member=member, kind=kind.name)


def _renew(
    job: ImportJob, by: User, arrival: Arrival, total: int, options: Mapping[str, Any]
) -> None:
    """Save a new or uploaded again ``job``. The row comes first, so that each file has a row that leads to its deletion."""
    job.state, job.position, job.attempts = State.CHECKING, 0, 0
    # A worker that is still checking the job recognises by the time that it was uploaded again.
    job.uploaded_by, job.uploaded_at, job.language = by, clock.now(), get_language() or "en"
    job.original_name, job.size, job.sha256 = arrival.name, arrival.size, arrival.sha256
    job.row_count, job.options, job.notes = total, dict(options), []
    job.will_create = job.will_change = job.will_keep = job.will_fail = 0
    job.file.name = import_path(job, arrival.name)
    job.save()


@transaction.atomic
def confirm(
    *, job: ImportJob, by: User, stated: bool = False, version: str | None = None
) -> ImportJob:
    """Start the import of the rows without errors. Confirming it twice has no second effect.

    ``stated`` says that the person has confirmed the statement of the kind, if it has one, and ``version`` is that of the
    job which the person was shown. Raises :class:`NotAllowed`, :class:`Conflict` for an import that is being checked, was
    cancelled or has another version, and :class:`Refusal` without the statement or without a row to import.
    """
    stored, kind = _lock(job, by), registry.find(job.kind)
    if stored.state in (State.RUNNING, State.DONE):
        return stored
    if stored.state == State.CHECKING:
        raise Conflict(_("The sheet is still being checked. Wait until the check has finished."))
    if stored.state != State.CHECKED:
        raise Conflict(_("This import was cancelled. Upload the sheet again."))
    if version is not None and version != stored.version:
        raise Conflict(
            _("The sheet was uploaded again meanwhile. Check what the import would do now.")
        )
    if not stored.valid_rows:
        raise Refusal(_("All rows have errors. Correct the sheet and upload it again."))
    if kind and kind.plan and not stored.will_create:
        raise Refusal(_("Nothing in this sheet is new."))
    if kind and kind.statement and not stated:
        raise Refusal(str(kind.statement))
    stored.state, stored.confirmed_by, stored.confirmed_at = State.RUNNING, by, clock.now()
    if kind and kind.plan:
        # The plan has the other rows only.
        stored.unchanged, stored.failed = stored.will_keep, stored.will_fail
        stored.position = stored.unchanged + stored.failed
    else:
        # The rows are checked again when they are applied.
        stored.problems.all().delete()
    stored.save()
    transaction.on_commit(import_runs.wake)
    return stored


@transaction.atomic
def cancel(*, job: ImportJob, by: User) -> ImportJob:
    """Cancel an import. What a running import has done stays; if it has done nothing, its file is deleted.

    Idempotent. Raises :class:`NotAllowed` and :class:`Conflict`.
    """
    stored = _lock(job, by)
    if stored.state == State.CANCELLED:
        return stored
    if stored.state not in (State.CHECKING, State.CHECKED, State.RUNNING):
        raise Conflict(_("This import has already ended."))
    if stored.state == State.CHECKING:
        stored.position = 0
    stored.state, stored.finished_at = State.CANCELLED, clock.now()
    stored.save(update_fields=["state", "position", "finished_at"])
    if not stored.created + stored.changed:
        transaction.on_commit(lambda: import_files.discard(stored))
    return stored


def _lock(job: ImportJob, by: User) -> ImportJob:
    """Lock the job. Raises :class:`NotAllowed` unless ``by`` is an owner or a filer of the member."""
    stored = ImportJob.objects.select_for_update(no_key=True, of=("self",)).get(pk=job.pk)
    _require_role(stored.member, by)
    return stored


def _require_role(member: Member, by: User) -> None:
    roles.require_filer(by, member.pk, _("Your role does not allow imports for this member."))
