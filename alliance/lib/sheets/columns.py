"""The columns of a kind of sheet: found by their titles, in any order and in any language of the portal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from alliance.lib import text
from alliance.lib.refusals import Refusal
from alliance.lib.sheets import cells
from alliance.lib.sheets.reading import Row

_NOT_IN_TITLES = re.compile(r"[\s*_:：.()（）/-]+")
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]00:00(?::00)?)?"
)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHOWN = 60


class Form(Enum):
    """What a column holds. A code, such as a number of a register, must not be rounded or turned into a date."""

    TEXT = auto()
    CODE = auto()
    DATE = auto()


@dataclass(frozen=True)
class Column:
    """``title`` is translated. ``other_titles`` are further names of the column in any language."""

    name: str
    title: Any
    example: str
    note: Any = ""
    required: bool = False
    form: Form = Form.TEXT
    other_titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row. ``column`` is the title of the column, or empty."""

    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.column}{text.colon()}{self.message}" if self.column else self.message


class WrongHeader(Refusal):
    """A required column is missing, or a column is there twice."""


@dataclass(frozen=True)
class Layout:
    """Where the columns of a sheet are. ``ignored`` are the titles of unknown columns."""

    columns: Sequence[Column]
    positions: dict[str, int]
    ignored: list[str] = field(default_factory=list)

    def values(self, row: Row) -> tuple[dict[str, str], list[Problem]]:
        """Return the row's texts by the names of the columns, dates as ``YYYY-MM-DD``, and the problems."""
        found: dict[str, str] = {}
        problems: list[Problem] = []
        for column in self.columns:
            at = self.positions.get(column.name, -1)
            given = row.cells[at] if 0 <= at < len(row.cells) else ""
            cell = given if type(given) is not str else given.strip()
            value, message = _value(column, cell)
            found[column.name] = value
            if message:
                problems.append(Problem(str(column.title), message))
        return found, problems


def layout(
    header: Sequence[str], columns: Sequence[Column], *, extra: Sequence[Any] = ()
) -> Layout:
    """Return where the columns are. ``extra`` are titles that are ignored without being reported.

    Raises :class:`WrongHeader`.
    """
    names = _names(columns)
    silent = {_plain(title) for each in extra for title in _in_all_languages(each)}
    positions: dict[str, int] = {}
    ignored, twice = [], []
    for at, title in enumerate(header):
        plain = _plain(title)
        name = names.get(plain)
        if name is None:
            if plain and plain not in silent:
                ignored.append(title.strip()[:_SHOWN])
        elif name in positions:
            twice.append(title.strip()[:_SHOWN])
        else:
            positions[name] = at
    missing = [one for one in columns if one.required and one.name not in positions]
    if not positions:
        titles = text.join(f"“{one.title}”" for one in missing)
        message = _("The first row must have the titles of the columns: %(titles)s.")
        raise WrongHeader(message % {"titles": titles})
    if twice:
        message = _("These columns are in the sheet twice: %(titles)s.")
        raise WrongHeader(message % {"titles": text.join(f"“{title}”" for title in twice)})
    if missing:
        titles = text.join(f"“{one.title}”" for one in missing)
        raise WrongHeader(_("These columns are missing: %(titles)s.") % {"titles": titles})
    return Layout(columns, positions, ignored)


def _value(column: Column, cell: str) -> tuple[str, str]:
    """Return the value of a cell and what is wrong with it."""
    if not cell:
        message = _("This is required.") if column.required else ""
        return "", message
    if column.form is Form.DATE:
        return _day(str(cell))
    if isinstance(cell, cells.Date) or (column.form is Form.CODE and cells.is_dated(cell)):
        message = _(
            "Excel has turned this into a date: %(value)s. Format the column as text and enter it again."
        )
        return "", message % {"value": cell[:_SHOWN]}
    if isinstance(cell, cells.Rounded) or (column.form is Form.CODE and cells.is_rounded(cell)):
        message = _(
            "Excel has rounded this number: %(value)s. Format the column as text and enter all digits again."
        )
        return "", message % {"value": cell[:_SHOWN]}
    return str(cell), ""


def _day(cell: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKC", cell)
    match = _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain)
    try:
        if match is None:
            raise ValueError
        return date(*map(int, match.groups())).isoformat(), ""
    except ValueError:
        message = _("“%(value)s” is not a date. Write it as year, month and day: 2026-03-31.")
        return "", message % {"value": cell[:_SHOWN]}


def _names(columns: Sequence[Column]) -> dict[str, str]:
    """Return the names of the columns by all their titles, in a form in which they are compared."""
    return {
        _plain(title): column.name
        for column in columns
        for title in (column.name, *_in_all_languages(column.title), *column.other_titles)
    }


def _in_all_languages(title: Any) -> list[str]:
    found = []
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            found.append(str(title))
    return found


def _plain(title: str) -> str:
    return _NOT_IN_TITLES.sub(
        "", unicodedata.normalize("NFKC", title).replace("\ufeff", "")
    ).casefold()
