"""Open an uploaded sheet: its type, its header, and its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, NoReturn

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from alliance.lib import file_types
from alliance.lib.refusals import Refusal
from alliance.lib.sheets import checking, decoding, delimited, workbook
from alliance.lib.sheets.limits import Limits

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# Rows in which the header may be: the first one with at least two cells.
_HEADER_WITHIN = 20


class Unreadable(Refusal):
    """The file is no sheet that can be read."""


@dataclass(frozen=True)
class Row:
    """A row that is not empty, with its number in the spreadsheet program."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """The header, and the rows below it, which are read one after the other. Reading them may raise :class:`Unreadable`."""

    header: list[str]
    rows: Iterator[Row]


def read(file: IO[bytes], *, name: str, limits: Limits) -> Sheet:
    """Return the sheet in ``file``, which stays open while the rows are read. ``name`` is for messages.

    Raises :class:`Unreadable`.
    """
    found = _rows(file, name, limits)
    above = list(islice(found, _HEADER_WITHIN))
    wide = [at for at, row in enumerate(above) if sum(map(bool, map(str.strip, row.cells))) > 1]
    if not above:
        raise Unreadable(_("“%(name)s” is empty. Choose another file.") % {"name": name})
    at = wide[0] if wide else 0
    return Sheet(above[at].cells, _counted(chain(above[at + 1 :], found), limits))


def _rows(file: IO[bytes], name: str, limits: Limits) -> Iterator[Row]:
    file.seek(0)
    head = file.read(8)
    try:
        if head.startswith(_ZIP):
            found = workbook.rows(file, limits)
        else:
            found = delimited.rows(_text(file, head, name))
        for number, cells in found:
            yield _bounded(number, cells, limits)
    except delimited.BrokenQuotes as error:
        text = _("Row %(row)d: a quotation mark has no end.")
        raise Unreadable(text % {"row": error.row}) from error
    except checking.OtherFormat as error:
        raise Unreadable(_not_a_sheet(name)) from error
    except checking.Damaged as error:
        text = _("“%(name)s” is damaged and cannot be read. Open it in Excel and save it again.")
        raise Unreadable(text % {"name": name}) from error
    except checking.TooLarge as error:
        text = _("“%(name)s” unpacks to too much data. Copy the rows to a new file.")
        raise Unreadable(text % {"name": name}) from error
    except checking.TooManyRows:
        _too_many_rows(limits)
    except checking.TooManyColumns:
        _too_many_columns(limits)


def _text(file: IO[bytes], head: bytes, name: str) -> str:
    if head.startswith(_OLD_EXCEL):
        text = _("“%(name)s” is in the old Excel format. Save it as .xlsx or .csv.")
        raise Unreadable(text % {"name": name})
    if file_types.identify(file):
        raise Unreadable(_not_a_sheet(name))
    file.seek(0)
    try:
        return decoding.decode(file.read())
    except decoding.NotText as error:
        raise Unreadable(_not_a_sheet(name)) from error
    except decoding.UnknownEncoding as error:
        text = _(
            "The encoding of “%(name)s” is not supported. Save it as “CSV UTF-8” or as an Excel file (.xlsx)."
        )
        raise Unreadable(text % {"name": name}) from error


def _not_a_sheet(name: str) -> str:
    return _("“%(name)s” is neither a CSV file nor an Excel file (.xlsx).") % {"name": name}


def _bounded(number: int, cells: list[str], limits: Limits) -> Row:
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits.columns:
        _too_many_columns(limits)
    if any(len(cell) > limits.cell for cell in cells):
        text = _(
            "Row %(row)d: a cell has more than %(limit)s characters. Is a quotation mark missing?"
        )
        raise Unreadable(text % {"row": number, "limit": _number(limits.cell)})
    return Row(number, cells)


def _counted(rows: Iterator[Row], limits: Limits) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count > limits.rows:
            _too_many_rows(limits)
        yield row


def _too_many_rows(limits: Limits) -> NoReturn:
    text = _("The sheet has more than %(limit)s rows. Split it into several files.")
    raise Unreadable(text % {"limit": _number(limits.rows)})


def _too_many_columns(limits: Limits) -> NoReturn:
    text = _("The sheet has more than %(limit)s columns. Delete the ones that are not needed.")
    raise Unreadable(text % {"limit": _number(limits.columns)})


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)
