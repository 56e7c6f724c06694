"""The files of imports: inspected, stored, and deleted after :setting:`IMPORT_KEEP_DAYS`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from alliance.lib import arrivals, clock
from alliance.lib.refusals import Refusal
from members.imports import registry
from members.models import ImportAttachment, ImportJob
from members.models.import_job import import_path

log = structlog.get_logger(__name__)

MAX_BYTES = 10 * 1024**2
ENDINGS = (".xlsx", ".csv", ".tsv", ".txt")


def max_bytes() -> int:
    """Return the maximum size of a sheet, which the limit of all uploads can lower."""
    limit: int = min(MAX_BYTES, settings.EVIDENCE_MAX_BYTES)
    return limit


@dataclass(frozen=True)
class Attachment:
    """A file that was uploaded with a sheet, inspected by its kind."""

    role: str
    upload: UploadedFile
    arrival: arrivals.Arrival


def inspect(upload: UploadedFile) -> arrivals.Arrival:
    """Hash an upload. Raises :class:`Refusal` for a file that is empty or too large. The type is not checked."""
    name, size = arrivals.clean_name(upload.name or "file"), upload.size or 0
    if size == 0:
        raise Refusal(_("“%(name)s” is empty. Choose another file.") % {"name": name})
    if size > max_bytes():
        text = _("“%(name)s” is larger than %(limit)d MB. Split the sheet into several files.")
        raise Refusal(text % {"name": name, "limit": max_bytes() // 1024**2})
    return arrivals.Arrival(arrivals.hash_of(upload), size, "", name)


def opened(row: ImportJob | ImportAttachment) -> FieldFile:
    """Open a file for reading. Raises ``FileNotFoundError`` also while it is being written."""
    file: FieldFile = row.file.open("rb")
    file.seek(0, os.SEEK_END)
    if file.tell() != row.size:
        file.close()
        raise FileNotFoundError(f"{file.name} is not complete")
    file.seek(0)
    return file


def attached(job: ImportJob) -> list[tuple[str, str]]:
    """Return the roles and hashes of the job's attachments, in order."""
    return sorted(job.attachments.values_list("role", "sha256"))


def store(job: ImportJob, upload: UploadedFile) -> None:
    """Write the file of ``job``, unless it is there already. Raises :class:`Refusal` if the storage fails."""
    path = import_path(job, job.original_name)
    upload.seek(0)
    arrivals.store(job.file, upload, name=job.original_name, path=path, again=True)
    # Somebody may have cancelled the import meanwhile.
    if not ImportJob.objects.filter(pk=job.pk).exclude(file="").exists():
        job.file.storage.delete(path)


def replace_attachments(
    job: ImportJob, attachments: Sequence[Attachment]
) -> list[ImportAttachment]:
    """Save rows for ``attachments`` in place of the job's former ones, whose files are deleted on commit."""
    former = _without_attachments(job)
    transaction.on_commit(lambda: _delete_files(former))
    rows = [ImportAttachment(job=job, role=one.role, **one.arrival.facts) for one in attachments]
    for row in rows:
        row.file.name = import_path(row, row.original_name)
    return ImportAttachment.objects.bulk_create(rows)


def store_attachment(row: ImportAttachment, attachment: Attachment) -> None:
    """Write the file of ``row``. Raises :class:`Refusal` if the storage fails."""
    path = import_path(row, row.original_name)
    attachment.upload.seek(0)
    arrivals.store(row.file, attachment.upload, name=row.original_name, path=path)
    # Somebody may have cancelled the import meanwhile.
    if not ImportAttachment.objects.filter(pk=row.pk).exists():
        row.file.storage.delete(path)


def delete_unstored(job: ImportJob, rows: Sequence[ImportAttachment]) -> None:
    """Delete an uploaded job that could not be stored, unless it was uploaded again, and its files."""
    same = ImportJob.objects.filter(pk=job.pk, uploaded_at=job.uploaded_at)
    deleted, _by_model = same.filter(state=ImportJob.State.CHECKING).delete()
    if deleted:
        stored: list[ImportJob | ImportAttachment] = [job, *rows]
        for row in stored:
            arrivals.delete(row.file.storage, import_path(row, row.original_name))


def _without_attachments(job: ImportJob) -> list[ImportAttachment]:
    """Delete the rows of the job's attachments and return them."""
    rows = list(job.attachments.all())
    job.attachments.all().delete()
    return rows


def _delete_files(rows: Sequence[ImportAttachment]) -> None:
    for row in rows:
        row.file.storage.delete(str(row.file.name))


@transaction.atomic
def delete_next_old() -> bool:
    """Delete file and messages of an old import, and cancel it if nobody confirmed it; return whether there was one.

    The job stays, with its numbers.
    """
    before = clock.now() - timedelta(days=settings.IMPORT_KEEP_DAYS)
    rows = ImportJob.objects.filter(uploaded_at__lt=before).exclude(file="")
    rows = rows.exclude(state=ImportJob.State.RUNNING).order_by("uploaded_at")
    job = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if job is None:
        return False
    if job.state in (ImportJob.State.CHECKING, ImportJob.State.CHECKED):
        job.state, job.finished_at, job.position = ImportJob.State.CANCELLED, clock.now(), 0
    _delete(job)
    return True


def discard(job: ImportJob) -> None:
    """Delete file and messages of a cancelled import. If the storage fails, :func:`delete_next_old` does it later."""
    try:
        with transaction.atomic():
            rows = ImportJob.objects.filter(state=ImportJob.State.CANCELLED).exclude(file="")
            stored = rows.select_for_update(no_key=True).filter(pk=job.pk).first()
            if stored is not None:
                _delete(stored)
    except OSError as error:
        log.warning("import_file_not_deleted", job=str(job.pk), error=str(error))


def _delete(job: ImportJob) -> None:
    """Delete file and messages of a locked job, and save its state."""
    name, storage = str(job.file.name), job.file.storage
    job.problems.all().delete()
    attachments = _without_attachments(job)
    if kind := registry.find(job.kind):
        kind.forget(job)
    job.file, job.notes, job.options = "", [], {}
    job.save(update_fields=["file", "notes", "options", "state", "finished_at", "position"])
    # Before the commit: if the storage fails, the next run tries again.
    storage.delete(name)
    _delete_files(attachments)
