"""Exceptions of services, with messages for the user."""

from __future__ import annotations

from collections.abc import Iterable


class Refusal(Exception):
    """The service cannot do what was requested. ``str()`` is a translated message for the user."""

    http_status = 422


class NotAllowed(Refusal):
    """The user does not have permission."""

    http_status = 403


class Conflict(Refusal):
    """The object has changed since the user's page was loaded."""

    http_status = 409


class Changed(Conflict):
    """The result would differ from the preview that the user confirmed."""


class Incomplete(Refusal):
    """The draft is incomplete or incorrect.

    ``errors`` has a pair for every problem found: the name of the field, for programs, which may be empty; and the
    message.
    """

    def __init__(self, message: str, errors: Iterable[tuple[str, str]]) -> None:
        super().__init__(message)
        self.errors = list(errors)

    @property
    def problems(self) -> list[str]:
        """The messages."""
        return [text for _field, text in self.errors]
