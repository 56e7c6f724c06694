"""Rows of a CSV file, with a comma, a semicolon or a tab between the cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

_DELIMITERS = ",;\t"
# A first line by which programs tell Excel the separator.
_HINT = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


class BrokenQuotes(Exception):
    """A cell has no end. ``row`` is the number of the row."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row. Empty rows count, and are not yielded."""
    skipped = 0
    if hint := _HINT.match(text):
        text, delimiter, skipped = text[hint.end() :], hint[1], 1
    else:
        delimiter = _delimiter(text)
    number = skipped
    # The quotation mark after a comma is a cell's beginning, also after a blank.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BrokenQuotes(number) from error
        if any(map(str.strip, cells)):
            yield number, cells


def _delimiter(text: str) -> str:
    """Return the most frequent separator outside of quotation marks in the first line with one."""
    for line in text[:100_000].splitlines():
        bare = _QUOTED.sub("", line)
        if any(mark in bare for mark in _DELIMITERS):
            return max(_DELIMITERS, key=bare.count)
    return ","
