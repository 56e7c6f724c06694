"""Inspect and store an uploaded file: its hash, size, type and name. Raises refusals that name the file."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from alliance.lib import file_types, visible
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
    upload: UploadedFile, *, accepted: Endings, max_bytes: int, not_accepted: str
) -> Arrival:
    """Hash an upload and detect its type, reading it in chunks.

    Raises :class:`Refusal` for a file that is empty, too large, damaged, or not of an ``accepted`` type.
    ``not_accepted`` is the message for other types, with a placeholder for the file name.
    """
    name = clean_name(upload.name or "file")
    size = upload.size or 0
    if size == 0:
        raise Refusal(_("“%(name)s” is empty. Choose another file.") % {"name": name})
    if size > max_bytes:
        raise Refusal(
            _(
                "“%(name)s” is larger than %(limit)d MB. Upload a smaller picture or a compressed PDF."
            )
            % {"name": name, "limit": max_bytes // 1024**2}
        )
    sha256 = hash_of(upload)
    content_type = _sniff(upload, name, accepted, not_accepted)
    upload.seek(0)
    return Arrival(sha256, size, content_type, name)


def hash_of(upload: UploadedFile) -> str:
    """Return the SHA-256 of an upload, reading it in chunks."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def store(file: FieldFile, upload: UploadedFile, *, name: str, path: str) -> None:
    """Write the file at ``path``. Raises :class:`Refusal` if the storage fails, for example because its disk is full."""
    try:
        file.save(name, upload, save=False)
    except OSError as error:
        log.error("file_not_stored", file=path, size=upload.size, error=str(error))
        file.storage.delete(path)
        raise Refusal(
            _("“%(name)s” could not be stored. Try again later or contact the alliance.")
            % {"name": name}
        ) from error


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


def _sniff(upload: UploadedFile, name: str, accepted: Endings, not_accepted: str) -> str:
    found = file_types.identify(upload)
    if found not in accepted:
        raise Refusal(_not_accepted(found, not_accepted) % {"name": name})
    if PurePath(name).suffix.lower() not in accepted[found]:
        raise Refusal(
            _(
                "“%(name)s” has the wrong extension: its type is %(type)s. Save it with the extension "
                "%(ending)s."
            )
            % {"name": name, "type": found, "ending": accepted[found][0]}
        )
    if found.startswith("image/"):
        _check_picture(upload, name, found)
    return found


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


def _check_picture(upload: UploadedFile, name: str, content_type: str) -> None:
    try:
        file_types.check_picture(upload, content_type)
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
