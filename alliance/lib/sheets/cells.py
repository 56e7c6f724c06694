"""Cells: texts, with marks for values that a spreadsheet program has changed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

# Excel shows and saves long numbers like this: 6.90123E+12.
_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)
# What Excel makes of a code such as 1-3 or MAR-5.
_DATED = re.compile(
    r"\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:-\d{2,4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-\d{2,4}"
    r"|(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?",
    re.IGNORECASE,
)
# Excel keeps 15 digits of a number.
_LARGEST = 10**15


class Date(str):
    """A cell that holds a date, as ``YYYY-MM-DD``."""

    __slots__ = ()


class Rounded(str):
    """A number whose last digits are lost."""

    __slots__ = ()


def of(value: Any) -> str:
    """Return the value of a workbook's cell as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        whole = value.date() if value.time() == time() else value
        return Date(whole.isoformat())
    if isinstance(value, date):
        return Date(value.isoformat())
    if isinstance(value, float):
        if abs(value) >= _LARGEST:
            return Rounded(f"{value:.5E}")
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, time | timedelta):
        return Date(str(value))
    return "" if value is None else str(value)


def is_rounded(text: str) -> bool:
    """Return whether a code was turned into a number in scientific notation, such as ``6.9E+12``."""
    return isinstance(text, Rounded) or bool(_ROUNDED.fullmatch(text))


def is_dated(text: str) -> bool:
    """Return whether a code was turned into a date, such as ``3-Jan``."""
    return isinstance(text, Date) or bool(_DATED.fullmatch(text))
