"""The registry of kinds of sheets: their columns, and how a row is checked and applied.

An app registers its kinds when it starts (``AppConfig.ready``). The machinery knows no noun: it reads the rows, calls
a :class:`Checker` and stores the progress.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from alliance.lib.sheets.columns import Column, Problem
from members.models import Member, User


class Outcome(StrEnum):
    """What a row does. The values are the names of the counters of a job."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass
class Verdict:
    """What applying a row would do. ``key`` identifies the object of the row, ``None`` if it is unknown.

    ``values`` and ``known`` are for :meth:`Checker.apply`: the cleaned values, and the object that the row changes.
    """

    outcome: Outcome
    problems: list[Problem] = field(default_factory=list)
    key: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    known: Any = None


class Checker(ABC):
    """Checks and applies the rows of one sheet. ``given`` are the names of the columns that the sheet has."""

    def __init__(self, member: Member, by: User, given: Collection[str]) -> None:
        self.member, self.by, self.given = member, by, given

    @abstractmethod
    def check(self, rows: Sequence[dict[str, str]]) -> list[Verdict]:
        """Return a verdict for each of ``rows``, with a fixed number of queries and without a change."""

    @abstractmethod
    def apply(self, verdict: Verdict) -> Outcome:
        """Apply a row that has no problems by calling the single verb of the service. Raises :class:`Refusal`."""

    def notes(self) -> list[str]:
        """Return remarks on the rows checked so far."""
        return []


class Kind(ABC):
    """A kind of sheet. ``name`` is part of URLs and of stored jobs."""

    name: ClassVar[str]
    title: ClassVar[Any]
    lead: ClassVar[Any]
    icon: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    # Sentences for the page of the upload and the template.
    explanations: ClassVar[tuple[Any, ...]] = ()
    max_rows: ClassVar[int] = 5000
    checker: ClassVar[type[Checker]]

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
