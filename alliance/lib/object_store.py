"""Private files in an S3-compatible object store. Imported only if the settings choose it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from alliance.lib import clock

# A file that is read is spooled to the disk beyond this size.
MEMORY_BYTES = 4 * 1024**2
_LIMITS = Config(
    connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"}
)


class PrivateObjectStore(S3Storage):
    """A bucket whose objects have no URL. Failures are ``OSError``, as those of a folder.

    Credentials and the region come from the environment or the machine's role, as for every AWS client. With ``locked``,
    an object cannot be changed or deleted for ``EVIDENCE_S3_LOCK_DAYS`` (object lock, mode ``COMPLIANCE``): a deletion
    hides it, and its version stays until then. The bucket must have object lock enabled.
    """

    def __init__(self, *, location: str = "", locked: bool = False) -> None:
        super().__init__(
            bucket_name=settings.EVIDENCE_S3_BUCKET,
            endpoint_url=settings.EVIDENCE_S3_ENDPOINT or None,
            location=location,
            default_acl=None,
            file_overwrite=True,
            max_memory_size=MEMORY_BYTES,
            client_config=_LIMITS,
        )
        self._locked = locked and settings.EVIDENCE_S3_LOCK_DAYS > 0

    def url(self, *args: Any, **kwargs: Any) -> str:
        raise ValueError("This file is not accessible via a URL.")

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """Return the parameters of a new object. Reading ignores those of the lock."""
        parameters: dict[str, Any] = super().get_object_parameters(name)
        if self._locked:
            until = clock.now() + timedelta(days=settings.EVIDENCE_S3_LOCK_DAYS)
            parameters = parameters | {
                "ObjectLockMode": "COMPLIANCE",
                "ObjectLockRetainUntilDate": until,
            }
        return parameters

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _as_os_error():
            file = super()._open(name, mode)
            file.file  # noqa: B018  # downloads it now, so that a failure is known before a response begins
            return file

    def _save(self, name: str, content: Any) -> str:
        with _as_os_error():
            saved: str = super()._save(name, content)
            return saved

    def delete(self, name: str) -> None:
        with _as_os_error():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _as_os_error():
            found: bool = super().exists(name)
            return found

    def size(self, name: str) -> int:
        with _as_os_error():
            size: int = super().size(name)
            return size

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _as_os_error():
            folders, files = super().listdir(path)
            return folders, files

    def get_modified_time(self, name: str) -> datetime:
        with _as_os_error():
            at: datetime = super().get_modified_time(name)
            return at


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        answer = error.response if isinstance(error, ClientError) else {}
        if answer.get("ResponseMetadata", {}).get("HTTPStatusCode") == HTTPStatus.NOT_FOUND:
            raise FileNotFoundError("object store") from error
        raise OSError(f"object store: {type(error).__name__}") from error
