"""Copies the private files from one store to the other, verifying the SHA-256 of each."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import Storage
from django.db.models import QuerySet

from alliance.lib import private_files
from cases.models import Evidence, Preview, TestPurchaseFile
from members.models import Document, ImportAttachment, ImportJob

AT_ONCE = 500
CHUNK_BYTES = 1024**2
# A copy beyond this size is kept on the disk until it is verified.
MEMORY_BYTES = 4 * 1024**2


@dataclass(frozen=True)
class _Kind:
    """Rows with files: the names of the fields, and where and how the store keeps them."""

    rows: QuerySet[Any]
    fields: tuple[str, ...] = ("file",)
    folder: str = ""
    locked: bool = False


def kinds() -> tuple[_Kind, ...]:
    """Return all rows with private files."""
    previews = Preview.objects.exclude(image="")
    return (
        _Kind(Evidence.objects.all(), locked=True),
        _Kind(TestPurchaseFile.objects.all()),
        _Kind(Document.objects.all()),
        _Kind(ImportJob.objects.exclude(file="")),
        _Kind(ImportAttachment.objects.all()),
        _Kind(previews, ("image", "thumbnail"), private_files.PREVIEWS),
    )


@dataclass(frozen=True)
class Moved:
    """What became of one file. ``problem`` is empty if the target has it."""

    name: str
    problem: str = ""
    copied: bool = True


def copy_all(*, to: str) -> Iterator[Moved]:
    """Copy every file to the store ``to``, and yield what became of each. The files of the other store are kept.

    Files that the target has already, with the right hash, are not copied again, so an interrupted run can be repeated.
    Files without a hash in the database, which are previews, are compared with the source.
    """
    source = next(store for store in private_files.STORES if store != to)
    for kind in kinds():
        stores = (
            private_files.storage_in(source, folder=kind.folder),
            private_files.storage_in(to, folder=kind.folder, locked=kind.locked, overwrites=True),
        )
        for row in _in_slices(kind.rows):
            for field in kind.fields:
                name = str(getattr(row, field).name)
                yield _copy(name, getattr(row, "sha256", ""), *stores)


def _copy(name: str, sha256: str, source: Storage, target: Storage) -> Moved:
    try:
        if sha256 and _hash_in(target, name) == sha256:
            return Moved(name, copied=False)
        with source.open(name) as stored, tempfile.SpooledTemporaryFile(MEMORY_BYTES) as copy:
            digest = _copied(stored, copy)
            if sha256 and digest != sha256:
                return Moved(name, "the source has another SHA-256 than the database")
            if not sha256 and _hash_in(target, name) == digest:
                return Moved(name, copied=False)
            copy.seek(0)
            target.save(name, File(copy, name))
    except FileNotFoundError:
        return Moved(name, "the source does not have it")
    except OSError as error:
        return Moved(name, f"{type(error).__name__}: {error}")
    if _hash_in(target, name) != digest:
        return Moved(name, "the target has another SHA-256 after the copy")
    return Moved(name)


def _copied(stored: Any, copy: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in stored.chunks(CHUNK_BYTES):
        digest.update(chunk)
        copy.write(chunk)
    return digest.hexdigest()


def _hash_in(store: Storage, name: str) -> str:
    """Return the SHA-256 of a file in ``store``, or ``""`` if the store does not have it."""
    digest = hashlib.sha256()
    try:
        with store.open(name) as stored:
            for chunk in stored.chunks(CHUNK_BYTES):
                digest.update(chunk)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def _in_slices(rows: QuerySet[Any]) -> Iterator[Any]:
    rows, after = rows.order_by("pk"), None
    while found := list((rows if after is None else rows.filter(pk__gt=after))[:AT_ONCE]):
        yield from found
        after = found[-1].pk
