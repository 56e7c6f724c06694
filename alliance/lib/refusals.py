"""Exceptions of services, with messages for the user."""

from __future__ import annotations

from collections.abc import Sequence


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
    """The draft is incomplete or incorrect. ``problems`` lists every problem found.

    ``fields`` has the name of the field of each problem, for programs; it may be empty.
    """

    def __init__(self, message: str, problems: Sequence[str], fields: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems, self.fields = list(problems), list(fields)
