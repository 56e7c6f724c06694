"""Uploads are bounded while they arrive: an oversized one fills neither memory nor disk."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

# What one request may bring altogether, in files of the largest size accepted.
FILES_PER_REQUEST = 4


class Oversized(UploadedFile):
    """Stands for a file that was not kept: ``size`` says what arrived, there are no contents.

    ``by_itself`` is false when the file was small enough, but those sent with it were too much together.
    """

    def __init__(self, *, name: str, size: int, content_type: str, by_itself: bool) -> None:
        super().__init__(io.BytesIO(), name, content_type, size)
        self.by_itself = by_itself


class BoundedUploadHandler(FileUploadHandler):
    """Stands before Django's own handlers and lets through what is small enough.

    The rest of an oversized file is read and dropped, so that the other fields and files of the form
    arrive: the form can then name the file and keep what was typed. Files of people who are not logged
    in are not kept at all.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._kept = 0
        self._size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._size = 0
        user = getattr(self.request, "user", None)
        if user is not None and not user.is_authenticated:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._size += len(raw_data)
        return raw_data if self._fits() else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self._fits():
            self._kept += self._size
            return None
        return Oversized(
            name=self.file_name or "",
            size=self._size,
            content_type=self.content_type or "",
            by_itself=self._size > settings.EVIDENCE_MAX_BYTES,
        )

    def _fits(self) -> bool:
        most: int = settings.EVIDENCE_MAX_BYTES
        return self._size <= most and self._kept + self._size <= most * FILES_PER_REQUEST
