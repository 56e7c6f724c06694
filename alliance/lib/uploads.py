"""Enforce upload limits while files are received, so that they fill neither memory nor disk."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from alliance.lib import recordings

# The limit of all files of a request, in multiples of the maximum size of a picture or document. A single video or
# capture may be larger.
FILES_PER_REQUEST = 4
# The key in the session of a visitor without an account who may upload, because their email address is verified.
MAY_UPLOAD = "may_upload"


class Oversized(UploadedFile):
    """A placeholder for a rejected file, with the received ``size``, its ``limit`` in bytes and no contents.

    ``by_itself`` is false if the file is within its limit but the request exceeds the total limit.
    """

    def __init__(self, *, name: str, size: int, content_type: str, limit: int) -> None:
        super().__init__(io.BytesIO(), name, content_type, size)
        self.limit = limit
        self.by_itself = size > limit


class BoundedUploadHandler(FileUploadHandler):
    """Passes files within the limits to Django's upload handlers, and discards the others.

    An oversized file is read to its end, so that the form receives its other fields and files and can report the
    file. Files of anonymous users are discarded, except with :data:`MAY_UPLOAD` in their session, or as an attribute of
    a request that an access token has authenticated.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._accepted = 0
        self._size = 0
        self._limit: int = settings.EVIDENCE_MAX_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._size = 0
        self._limit = settings.EVIDENCE_MAX_BYTES
        user = getattr(self.request, "user", None)
        is_known = getattr(self.request, MAY_UPLOAD, False) or user is None or user.is_authenticated
        if not is_known:
            session = getattr(self.request, "session", None) or {}
            if not session.get(MAY_UPLOAD):
                raise SkipFile
        elif (self.file_name or "").lower().endswith(recordings.ENDINGS):
            # By its name, since the contents have not arrived. The service checks the contents.
            self._limit = settings.EVIDENCE_MAX_RECORDING_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._size += len(raw_data)
        return raw_data if self._fits() else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self._fits():
            self._accepted += self._size
            return None
        return Oversized(
            name=self.file_name or "",
            size=self._size,
            content_type=self.content_type or "",
            limit=self._limit,
        )

    def _fits(self) -> bool:
        total = max(settings.EVIDENCE_MAX_BYTES * FILES_PER_REQUEST, self._limit)
        return self._size <= self._limit and self._accepted + self._size <= total
