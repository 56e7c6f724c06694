"""Refusals: why a service did not do what was asked, in words for the person who asked."""

from __future__ import annotations

from collections.abc import Sequence


class Refusal(Exception):
    """The request cannot be met as things stand. ``str()`` is a translated sentence for the user."""


class NotAllowed(Refusal):
    """This person may not do this."""


class Conflict(Refusal):
    """Somebody else was faster: the case is no longer where the asker's page showed it."""


class Changed(Conflict):
    """What the asker was shown before confirming it is no longer what would be done."""


class Incomplete(Refusal):
    """Something is missing or wrong in what was filed: ``problems`` names every instance."""

    def __init__(self, message: str, problems: Sequence[str]) -> None:
        super().__init__(message)
        self.problems = list(problems)
