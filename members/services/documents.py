"""Stored documents: upload, deletion, and the removal of files and rows that nothing refers to.

A file is written before the transaction that saves its row, and deleted after the transaction that deletes the row.
So a row always has its file. A process that is killed in between leaves a file without a row, which
:func:`delete_leftovers` deletes a day later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import arrivals, clock, file_types
from members.models import Document, User
from members.models.document import FOLDER, document_path

log = structlog.get_logger(__name__)

ACCEPTED = {
    file_types.PDF: (".pdf",),
    file_types.PNG: (".png",),
    file_types.JPEG: (".jpg", ".jpeg", ".jfif"),
}
MAX_BYTES = 10 * 1024**2
# Younger files may belong to a transaction that has not ended.
LEFT_OVER_AFTER = timedelta(days=1)
BATCH = 500


def max_bytes() -> int:
    """Return the maximum size of a document, which the limit of all uploads can lower."""
    limit: int = min(MAX_BYTES, settings.EVIDENCE_MAX_BYTES)
    return limit


def inspect(upload: UploadedFile) -> arrivals.Arrival:
    """Hash an upload and check its type. Raises :class:`Refusal` for a file that is not accepted."""
    return arrivals.inspect(
        upload,
        accepted=ACCEPTED,
        max_bytes=max_bytes(),
        not_accepted=_(
            "“%(name)s” is not a PDF, PNG or JPEG file. Upload a file of one of these types."
        ),
    )


@contextmanager
def stored(upload: UploadedFile | None, *, kind: str, by: User | None) -> Iterator[Document | None]:
    """Write the file of a new document and yield the document, which the block saves in its transaction.

    ``by`` is ``None`` for an applicant. The file is deleted if the block fails or does not save the document. Yields
    ``None`` without an ``upload``. Raises :class:`Refusal` for a file that is not accepted or cannot be stored. Enter
    it outside the transaction.
    """
    if upload is None:
        yield None
        return
    arrival = inspect(upload)
    document = Document(
        kind=kind,
        uploaded_by=by,
        **arrival.facts,
    )
    path = document_path(document, arrival.name)
    arrivals.store(document.file, upload, name=arrival.name, path=path)
    with arrivals.kept_if_saved(document.file):
        yield document


def delete(document: Document) -> None:
    """Delete the row now, and the file when the transaction is committed."""
    name = str(document.file.name)
    document.delete()
    transaction.on_commit(lambda: _delete_file(name))


def delete_leftovers() -> int:
    """Delete documents that no row refers to, and files without a row, older than a day; return how many."""
    before = clock.now() - LEFT_OVER_AFTER
    return _delete_unused(before) + _delete_files_without_row(before)


@transaction.atomic
def _delete_unused(before: datetime) -> int:
    rows = Document.objects.unused(before=before).order_by("pk")
    unused = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for document in unused:
        delete(document)
    return len(unused)


def _delete_files_without_row(before: datetime) -> int:
    """Compare the files with the rows, one folder at a time."""
    storage, deleted = _storage(), 0
    try:
        folders = storage.listdir(FOLDER)[0]
    except FileNotFoundError:  # no document yet
        return 0
    for folder in folders:
        names = {name for name in storage.listdir(f"{FOLDER}/{folder}")[1] if _is_key(name)}
        rows = Document.objects.filter(pk__in=names).values_list("pk", flat=True)
        for name in names - {str(key) for key in rows}:
            path = f"{FOLDER}/{folder}/{name}"
            if _is_older(storage, path, before):
                log.warning("document_file_without_row", file=path)
                _delete_file(path)
                deleted += 1
    return deleted


def _storage() -> Storage:
    field: Any = Document._meta.get_field("file")
    storage: Storage = field.storage
    return storage


def _is_key(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _is_older(storage: Storage, path: str, before: datetime) -> bool:
    try:
        return storage.get_modified_time(path) < before
    except FileNotFoundError:  # another worker was faster
        return False


def _delete_file(name: str) -> None:
    """Delete a file. A failure is logged: :func:`delete_leftovers` tries again."""
    try:
        _storage().delete(name)
    except OSError as error:
        log.error("document_file_not_deleted", file=str(PurePath(name)), error=str(error))
