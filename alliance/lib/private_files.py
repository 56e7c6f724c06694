"""Files that are not accessible via a URL: their storage, and the response that serves one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.http import FileResponse

# The folder of previews in the evidence folder.
PREVIEWS = "previews"


class PrivateStorage(FileSystemStorage):
    """Storage whose files have no URL. Django would give them one under ``MEDIA_URL``."""

    def url(self, name: str | None) -> str:
        raise ValueError("This file is not accessible via a URL.")


def private_storage() -> Storage:
    """Return the private storage. Files are served only by views that check access."""
    return PrivateStorage(
        location=settings.EVIDENCE_ROOT,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


def preview_storage() -> Storage:
    """Return the private storage of previews. They are made from other files, so a new one replaces the former."""
    return PrivateStorage(
        location=settings.EVIDENCE_ROOT / PREVIEWS,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
        allow_overwrite=True,
    )


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
