"""Inspect and store an uploaded file: its hash, size, type and name. Raises refusals that name the file."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import structlog
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import Error as DatabaseFailure
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from alliance.lib import file_types, recordings, visible
from alliance.lib.refusals import Refusal

log = structlog.get_logger(__name__)

NAME_LENGTH = 200

# Accepted content types, each with the extensions that a file of that type may have.
Endings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Arrival:
    """An inspected upload. ``content_type`` comes from the contents, and ``name`` is safe to display."""

    sha256: str
    size: int
    content_type: str
    name: str

    @property
    def facts(self) -> dict[str, Any]:
        """The values of the fields of a stored file."""
        return {
            "original_name": self.name,
            "content_type": self.content_type,
            "size": self.size,
            "sha256": self.sha256,
        }


def inspect(
    upload: UploadedFile,
    *,
    accepted: Endings,
    max_bytes: int,
    not_accepted: str,
    max_recording_bytes: int = 0,
) -> Arrival:
    """Hash an upload and detect its type, reading it in chunks.

    ``max_recording_bytes`` is the limit for videos and captures, if they are accepted; ``max_bytes`` is that for other
    types. Raises :class:`Refusal` for a file that is empty, too large, damaged, or not of an ``accepted`` type.
    ``not_accepted`` is the message for other types, with a placeholder for the file name.
    """
    name = clean_name(upload.name or "file")
    size = upload.size or 0
    if size == 0:
        raise Refusal(_("“%(name)s” is empty. Choose another file.") % {"name": name})
    found = file_types.identify(upload)
    limit = (recordings.is_recording(found) and max_recording_bytes) or max_bytes
    limit = getattr(upload, "limit", limit)  # of a file that was not received completely
    if size > limit:
        raise Refusal(_too_large(name, limit, videos=max_recording_bytes > 0))
    sha256 = hash_of(upload)
    _check(upload, name, found, accepted, not_accepted)
    upload.seek(0)
    return Arrival(sha256, size, found, name)


def hash_of(upload: UploadedFile) -> str:
    """Return the SHA-256 of an upload, reading it in chunks."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def store(
    file: FieldFile, upload: UploadedFile, *, name: str, path: str, again: bool = False
) -> None:
    """Write the file at ``path``. Raises :class:`Refusal` if the storage fails, for example because its disk is full.

    With ``again``, an interrupted run may have written the same file: if it is complete it stays, else it is replaced.
    """
    try:
        if again and is_stored(file.storage, path, upload.size):
            file.name = path
            return
        if again:
            file.storage.delete(path)
        file.save(name, upload, save=False)
    except OSError as error:
        log.error("file_not_stored", file=path, size=upload.size, error=str(error))
        delete(file.storage, path)
        raise Refusal(
            _("“%(name)s” could not be stored. Try again later or contact the alliance.")
            % {"name": name}
        ) from error


def is_stored(storage: Storage, path: str, size: int | None) -> bool:
    """Whether the storage has a file of this size at ``path``. A file that is being written has another size."""
    try:
        return storage.exists(path) and storage.size(path) == size
    except FileNotFoundError:  # deleted in between
        return False


@contextmanager
def kept_if_saved(file: FieldFile) -> Iterator[None]:
    """Delete a written file at the end of the block, unless its row has been saved. Enter it outside a transaction."""
    failed = True
    try:
        yield
        failed = False
    finally:
        if failed or file.instance._state.adding:
            discard_unsaved(file)


def discard_unsaved(file: FieldFile) -> None:
    """Delete a file that was written for a row that has not been saved. Never raises.

    A failure may come after the commit, so the database is asked: if it has the row, or does not answer, the file stays.
    """
    row, name = file.instance, str(file.name)
    try:
        if type(row)._base_manager.filter(pk=row.pk).exists():
            return
    except DatabaseFailure as error:
        log.error("file_kept", file=name, error=str(error))
        return
    delete(file.storage, name)


def delete(storage: Storage, name: str) -> None:
    """Delete a file that no row refers to. Never raises: a file that stays is logged."""
    try:
        storage.delete(name)
    except OSError as error:
        log.error("file_not_deleted", file=name, error=str(error))


def clean_name(name: str) -> str:
    """Return a file name that is safe to display and to serve: one line, without invisible characters.

    A long name is shortened in the middle, so that it keeps its extension.
    """
    name = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    # Characters that change the text direction can make a program look like a picture.
    name = visible.cleaned(name) or "file"
    ending = PurePath(name).suffix[:20]
    if len(name) > NAME_LENGTH:
        name = f"{name[: NAME_LENGTH - len(ending) - 1]}…{ending}"
    return name


def _too_large(name: str, limit: int, *, videos: bool) -> str:
    text = _(
        "“%(name)s” is larger than %(limit)d MB. Upload a smaller picture or a compressed PDF."
    )
    if videos:
        text = _(
            "“%(name)s” is larger than %(limit)d MB. Upload a smaller picture, a compressed PDF or a shorter video."
        )
    return text % {"name": name, "limit": limit // 1024**2}


def _check(
    upload: UploadedFile, name: str, found: str, accepted: Endings, not_accepted: str
) -> None:
    """Raise :class:`Refusal` unless the type ``found`` is accepted, fits the name, and the file is complete."""
    if found not in accepted:
        raise Refusal(_not_accepted(found, not_accepted) % {"name": name})
    if not name.lower().endswith(accepted[found]):
        raise Refusal(
            _(
                "“%(name)s” has the wrong extension: its type is %(type)s. Save it with the extension "
                "%(ending)s."
            )
            % {"name": name, "type": found, "ending": accepted[found][0]}
        )
    _check_contents(upload, name, found)


def _not_accepted(found: str, otherwise: str) -> str:
    """Return the message for a type that is not accepted, with a placeholder for the file name."""
    if found == file_types.HEIC:
        return _(
            "“%(name)s” is a HEIC picture, which is not accepted. Save it as JPEG and upload that. To take "
            "JPEG pictures with an iPhone, choose Settings, Camera, Formats, Most Compatible."
        )
    if found == file_types.JPEG_2000:
        return _(
            "“%(name)s” is a JPEG 2000 picture, which is not accepted. Save it as JPEG or PNG and upload that."
        )
    return otherwise


def _check_contents(upload: UploadedFile, name: str, content_type: str) -> None:
    try:
        file_types.check(upload, content_type)
    except file_types.Damaged:
        raise Refusal(
            _(
                "“%(name)s” is damaged or incomplete and cannot be opened. Save it again and upload it."
            )
            % {"name": name}
        ) from None
    except file_types.TooManyPixels:
        raise Refusal(
            _("“%(name)s” has more than %(limit)d million pixels. Split it and upload the parts.")
            % {"name": name, "limit": file_types.MAX_PIXELS // 1_000_000}
        ) from None
