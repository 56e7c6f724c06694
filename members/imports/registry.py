"""The registry of kinds of sheets: their columns, and how a row is checked and applied.

An app registers its kinds when it starts (``AppConfig.ready``). The machinery knows no noun: it reads the rows, calls
a :class:`Checker` or a :class:`Plan`, and stores the progress.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from alliance.lib.sheets.columns import Column, Problem
from members.models import ImportJob, Member, User


class Outcome(StrEnum):
    """What a row does. The values are the names of the counters of a job."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass
class Verdict:
    """What applying a row would do. ``key`` identifies the object of the row, ``None`` if it is unknown.

    ``values`` and ``known`` are for :meth:`RowChecker.apply`: the cleaned values, and the object that the row changes.
    ``row`` is the number of the row, which is set after the check.
    """

    outcome: Outcome
    problems: list[Problem] = field(default_factory=list)
    key: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    known: Any = None
    row: int = 0


class Checker(ABC):
    """Checks the rows of one sheet. ``given`` are the names of the columns that the sheet has."""

    def __init__(self, job: ImportJob, by: User, given: Collection[str]) -> None:
        self.job, self.member, self.by, self.given = job, job.member, by, given

    @abstractmethod
    def check(self, rows: Sequence[dict[str, str]]) -> list[Verdict]:
        """Return a verdict for each of ``rows``, with a fixed number of queries and without a change."""

    def complete(self) -> dict[int, Problem]:
        """Called once after the check of all rows, in the transaction that stores its result.

        Return the rows that would have been created by themselves but are refused because of others, with the reason.
        """
        return {}

    def notes(self) -> list[str]:
        """Return remarks on the rows checked so far."""
        return []

    def close(self) -> None:  # noqa: B027  (most have nothing open)
        """Close what the checker has opened."""


class RowChecker(Checker):
    """Checks rows, and applies them one by one."""

    @abstractmethod
    def apply(self, verdict: Verdict) -> Outcome:
        """Apply a row that has no problems by calling the single verb of the service. Raises :class:`Refusal`."""


@dataclass
class Done:
    """What a step of a plan has done: how many rows have each outcome, and the problems by row."""

    counts: Counter[Outcome]
    problems: dict[int, Problem] = field(default_factory=dict)


class Plan(ABC):
    """The steps of an import whose unit is not a row, as the checker's ``complete()`` has stored them.

    ``file`` is the sheet. It is open while the plan is used.
    """

    def __init__(self, job: ImportJob, by: User, file: IO[bytes]) -> None:
        self.job, self.by, self.file = job, by, file

    def prepare(self) -> None:  # noqa: B027  (most have nothing to write)
        """Do what the next step needs outside a transaction, such as writing files. Called before each step."""

    @abstractmethod
    def apply_next(self) -> Done | None:
        """Apply the next step in the caller's transaction, and record that it is done. Return ``None`` if none is left.

        Raises :class:`NotAllowed` if the person may no longer do this.
        """

    def close(self) -> None:  # noqa: B027  (most have nothing open)
        """Close what the plan has opened."""


class Kind(ABC):
    """A kind of sheet. ``name`` is part of URLs and of stored jobs.

    ``plan`` is set if the unit of the import is not a row; otherwise ``checker`` is a :class:`RowChecker`. ``statement``
    asks the person to confirm something before the import starts. ``confirmation`` is the name of the template of the form that starts it, and ``details`` of a
    part of the page of a job. Both get the result of :meth:`context`.
    """

    name: ClassVar[str]
    title: ClassVar[Any]
    lead: ClassVar[Any]
    icon: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    # Sentences for the page of the upload and the template.
    explanations: ClassVar[tuple[Any, ...]] = ()
    max_rows: ClassVar[int] = 5000
    checker: ClassVar[type[Checker]]
    plan: ClassVar[type[Plan] | None] = None
    statement: ClassVar[Any] = ""
    confirmation: ClassVar[str] = "members/_import_confirmation.html"
    details: ClassVar[str] = ""
    # What the page of a job says of its state.
    would: ClassVar[Any] = gettext_lazy(
        "Nothing has been imported yet. This is what the import would do:"
    )
    stopped: ClassVar[Any] = gettext_lazy("The import was stopped. The rows below were imported.")
    cancelled: ClassVar[Any] = gettext_lazy("The import was cancelled, and nothing was imported.")
    # What the numbers of rows are called before and after the import.
    will: ClassVar[Mapping[Outcome, Any]] = {
        Outcome.CREATED: pgettext_lazy("rows", "To be created"),
        Outcome.CHANGED: pgettext_lazy("rows", "To be changed"),
        Outcome.UNCHANGED: pgettext_lazy("rows", "Unchanged"),
        Outcome.FAILED: pgettext_lazy("rows", "With errors"),
    }
    done: ClassVar[Mapping[Outcome, Any]] = {
        Outcome.CREATED: pgettext_lazy("rows", "Created"),
        Outcome.CHANGED: pgettext_lazy("rows", "Changed"),
        Outcome.UNCHANGED: pgettext_lazy("rows", "Unchanged"),
        Outcome.FAILED: pgettext_lazy("rows", "With errors"),
    }

    def upload_url(self, member: Member) -> str:
        """Return the URL of the page on which a sheet is uploaded."""
        return reverse("imports:new", args=[member.slug, self.name])

    def again_url(self, job: ImportJob) -> str:
        """Return the URL of the page on which a corrected sheet is uploaded."""
        return self.upload_url(job.member)

    def context(self, job: ImportJob, query: Mapping[str, str]) -> dict[str, Any]:
        """Return what ``details`` needs. ``query`` are the parameters of the page."""
        return {}

    def forget(self, job: ImportJob) -> None:  # noqa: B027  (most store nothing)
        """Delete what the kind has stored about rows that were not imported. Called when the file is deleted."""

    @abstractmethod
    def list_url(self, member: Member) -> str:
        """Return the URL of the list that shows what was imported."""


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _KINDS[kind.name] = kind


def every() -> list[Kind]:
    """Return all kinds in the order of their registration."""
    return list(_KINDS.values())


def find(name: str) -> Kind | None:
    return _KINDS.get(name)
