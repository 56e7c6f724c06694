"""CSV files to download, for spreadsheets: in UTF-8 with a byte order mark, and without formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# Spreadsheets read a cell that begins with one of these as a formula. Some also read their full-width forms.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """Return ``value`` as text that no spreadsheet reads as a formula: an apostrophe precedes it if necessary."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_FORMULA) else text


def response(
    rows: Iterable[Iterable[object]], *, header: Iterable[object], name: str
) -> StreamingHttpResponse:
    """Return a CSV file called ``name`` with ``rows``, which are read and sent one after the other.

    Excel needs the byte order mark to show Chinese names. Texts of ``rows`` must not depend on the active language,
    because the request has ended when they are read.
    """
    lines = _lines(rows, list(header))
    sent = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    sent["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent


class _Line:
    """A file that keeps nothing: ``csv.writer`` returns what :meth:`write` returns."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[Iterable[object]], header: list[object]) -> Iterator[str]:
    write: Any = csv.writer(_Line()).writerow
    yield BOM + write([cell(title) for title in header])
    for row in rows:
        yield write([cell(value) for value in row])
