"""Write XLSX files: the template of a kind of sheet, the error sheet of an upload, and tables to download.

Every text is written as a text, never as a formula or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from alliance.lib.sheets.columns import Column

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROW_TITLE = gettext_lazy("Row")
ERROR_TITLE = gettext_lazy("What is wrong")
# Titles of an error sheet that are ignored when it is uploaded again.
EXTRA_TITLES = (ROW_TITLE, ERROR_TITLE)
_MEMORY = 1024**2
# Excel does not open a file with a longer cell.
_CELL = 32_000


def template(columns: Sequence[Column], notes: Iterable[Any]) -> IO[bytes]:
    """Return a workbook with the header and an example, and on a second sheet what to enter."""
    file, book = _workbook()
    bold, as_text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(pgettext("sheet of a workbook", "Data"))
    # As text, so that Excel rounds no number and turns no code into a date.
    sheet.set_column(0, len(columns) - 1, 22, as_text)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, str(column.title) + ("*" if column.required else ""), bold)
    for at, column in enumerate(columns):
        sheet.write_string(1, at, column.example, as_text)
    help_sheet = book.add_worksheet(pgettext("sheet of a workbook", "Notes"))
    help_sheet.set_column(0, 0, 26)
    help_sheet.set_column(2, 2, 100)
    line = 0
    for note in notes:
        help_sheet.write_string(line, 0, str(note))
        line += 1
    for at, column in enumerate(columns, start=line + 1):
        needed = _("Required") if column.required else _("Optional")
        for place, words in enumerate((column.title, needed, column.note)):
            help_sheet.write_string(at, place, str(words), bold if not place else None)
    return _finished(file, book)


def errors(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str]]) -> IO[bytes]:
    """Return a workbook of rows with their numbers, their original cells, and what is wrong with them."""
    file, book = _workbook()
    bold, as_text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    red = book.add_format({"font_color": "#B02A37", "text_wrap": True})
    sheet = book.add_worksheet(pgettext("sheet of a workbook", "Data"))
    width = len(header)
    sheet.set_column(0, width - 1, 22, as_text)
    sheet.set_column(width, width, 8)
    sheet.set_column(width + 1, width + 1, 80)
    sheet.freeze_panes(1, 0)
    for at, title in enumerate([*header, str(ROW_TITLE), str(ERROR_TITLE)]):
        sheet.write_string(0, at, title[:_CELL], bold)
    for line, (number, cells, message) in enumerate(rows, start=1):
        for at, cell in enumerate(cells[:width]):
            sheet.write_string(line, at, cell[:_CELL], as_text)
        sheet.write_number(line, width, number)
        sheet.write_string(line, width + 1, message[:_CELL], red)
    return _finished(file, book)


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """Return a workbook with a table, written row by row in constant memory.

    Numbers, dates and times without a zone keep their type, ``None`` is an empty cell, and the rest is text.
    """
    file, book = _workbook()
    bold, as_text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    as_day = book.add_format({"num_format": "yyyy-mm-dd"})
    as_time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet(title)
    sheet.set_column(0, len(header) - 1, 22)
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(header):
        sheet.write_string(0, at, name, bold)
    for line, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if isinstance(value, int | Decimal):
                sheet.write_number(line, at, value)
            elif isinstance(value, date):
                form = as_time if isinstance(value, datetime) else as_day
                sheet.write_datetime(line, at, value, form)
            elif value is not None:
                sheet.write_string(line, at, str(value)[:_CELL], as_text)
    return _finished(file, book)


def _workbook() -> tuple[IO[bytes], Any]:
    file = cast("IO[bytes]", SpooledTemporaryFile(max_size=_MEMORY))  # noqa: SIM115  (the caller sends it)
    return file, xlsxwriter.Workbook(file, {"constant_memory": True})


def _finished(file: IO[bytes], book: Any) -> IO[bytes]:
    book.close()
    file.seek(0)
    return file
