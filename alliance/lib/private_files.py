"""Files that are not accessible via a URL: their storage, and the response that serves one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.http import FileResponse
from django.utils.module_loading import import_string

from alliance.lib import disk

FOLDER, OBJECT_STORE = "folder", "s3"
STORES = (FOLDER, OBJECT_STORE)
# The folder of previews in the store.
PREVIEWS = "previews"


class PrivateStorage(FileSystemStorage):
    """Storage whose files have no URL. Django would give them one under ``MEDIA_URL``."""

    def url(self, name: str | None) -> str:
        raise ValueError("This file is not accessible via a URL.")


def private_storage() -> Storage:
    """Return the private storage. Files are served only by views that check access."""
    return storage_in(settings.EVIDENCE_STORE)


def evidence_storage() -> Storage:
    """Return the private storage of evidence. In an object store it is locked."""
    return storage_in(settings.EVIDENCE_STORE, locked=True)


def preview_storage() -> Storage:
    """Return the private storage of previews. They are made from other files, so a new one replaces the former."""
    return storage_in(settings.EVIDENCE_STORE, folder=PREVIEWS, overwrites=True)


def storage_in(
    store: str, *, folder: str = "", locked: bool = False, overwrites: bool = False
) -> Storage:
    """Return the private storage in ``store``, one of :data:`STORES`. ``folder`` is a folder in it."""
    if store == OBJECT_STORE:
        found: type[Storage] = import_string("alliance.lib.object_store.PrivateObjectStore")
        return found(location=folder, locked=locked)  # type: ignore[call-arg]
    return PrivateStorage(
        location=settings.EVIDENCE_ROOT / folder,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
        allow_overwrite=overwrites,
    )


def space() -> disk.Space | None:
    """Return the space of the folder of private files; ``None`` if it is unknown, or for an object store."""
    if settings.EVIDENCE_STORE == OBJECT_STORE:
        return None
    return disk.space(settings.EVIDENCE_ROOT)


def is_low_on_space() -> bool:
    """Whether less than ``EVIDENCE_LOW_SPACE_PERCENT`` is free or the folder cannot be read. Never in an object store."""
    if settings.EVIDENCE_STORE == OBJECT_STORE:
        return False
    found = space()
    return found is None or found.is_below(settings.EVIDENCE_LOW_SPACE_PERCENT)


def attachment(file: Any, *, name: str, content_type: str) -> FileResponse:
    """Return the response that sends the open ``file`` as an attachment.

    A browser must not run scripts, make requests or cache when it opens the file.
    """
    return _safe(FileResponse(file, as_attachment=True, filename=name, content_type=content_type))


def picture(file: Any) -> FileResponse:
    """Return the response that shows the open ``file``, a WebP picture that the portal has made."""
    return _safe(FileResponse(file, content_type="image/webp"))


def _safe(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
