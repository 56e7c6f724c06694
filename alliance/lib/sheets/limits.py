"""The limits of an uploaded sheet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """``rows`` counts the rows below the header, ``cell`` the characters of a cell, ``unpacked`` bytes in an XLSX file."""

    rows: int = 10_000
    columns: int = 100
    cell: int = 5000
    unpacked: int = 64 * 1024**2
