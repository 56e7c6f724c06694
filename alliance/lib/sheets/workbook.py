"""Rows of the first sheet of an XLSX file. The file is checked before it is parsed (:mod:`checking`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from python_calamine import CalamineError, CalamineWorkbook

from alliance.lib.sheets import cells, checking
from alliance.lib.sheets.limits import Limits


def rows(file: IO[bytes], limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row that is not empty. Raises the errors of :mod:`checking`."""
    checking.check(file, limits)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheet = book.get_sheet_by_index(0)
        found = sheet.iter_rows() if sheet.start is not None else ()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise checking.Damaged from error
    for number, values in enumerate(found, start=1):
        if any(str(value).strip() for value in values):
            yield number, [cells.of(value) for value in values]
