"""The rows of the access matrix (:mod:`tests.matrix`): a URL, a method and the expected status of each persona."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.personas import Personas

LOGIN = "login"
Status = int | str

# The order of the columns. "holder" is the moderator who claimed, decided and referred the case.
COLUMNS = (
    "anonymous",
    "stranger",
    "viewer",
    "filer",
    "owner",
    "holder",
    "moderator",
    "officer",
    "other_officer",
    "admin",
)
PERSONA = {"holder": "moderator", "moderator": "second_moderator"}


@dataclass(frozen=True)
class Row:
    """One URL and method, with the expected status for each of :data:`COLUMNS`.

    ``make`` creates the object and returns the arguments of the URL.
    """

    name: str
    method: str
    expected: tuple[Status, ...]
    make: Callable[[Personas], tuple[Any, ...]] = lambda cast: ()
    variant: str = ""
    data: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.name}{self.variant and f' ({self.variant})'}"


def same(anonymous: Status, known: Status) -> tuple[Status, ...]:
    """Return the statuses of a page that is the same for everybody who is logged in."""
    return (anonymous, *[known] * (len(COLUMNS) - 1))


def read(name: str, *expected: Status, make: Any = lambda cast: (), variant: str = "") -> list[Row]:
    """A read-only page: a POST gives 405, or the login page if login is required."""
    refused = same(LOGIN if expected[0] == LOGIN else 405, 405)
    return [
        Row(name, "GET", expected, make, variant),
        Row(name, "POST", refused, make, variant),
    ]


def form(
    name: str,
    get: tuple[Status, ...],
    post: tuple[Status, ...],
    make: Any = lambda cast: (),
    *,
    variant: str = "",
    data: dict[str, str] | None = None,
) -> list[Row]:
    """A page with a form. The POST sends only ``data``."""
    return [
        Row(name, "GET", get, make, variant),
        Row(name, "POST", post, make, variant, data or {}),
    ]
