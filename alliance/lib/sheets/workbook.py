"""Rows of the first sheet of an XLSX file.

An XLSX file is a ZIP archive of XML files, and small archives can unpack to gigabytes. Also, a parser that keeps a
rectangle of cells needs memory for all cells up to the last one, which may be in row 1,048,576. So :func:`check`
unpacks the archive in pieces and reads the positions of all cells before the parser gets the file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from alliance.lib.sheets import cells
from alliance.lib.sheets.limits import Limits

_MEMBERS = 1000
_PIECE = 64 * 1024
_ENDLESS = 2**62
# The element that holds the cells of a sheet, whatever its file is called.
_CELLS = b"sheetData"
_REFERENCE = re.compile(r"([A-Z]{0,3})(\d{0,7})", re.IGNORECASE)


class Damaged(Exception):
    """The file is not an XLSX file, or it cannot be read."""


class TooLarge(Exception):
    """The file unpacks to more than the limit."""


class TooManyRows(Exception):
    """A sheet has more rows than the limit."""


class TooManyColumns(Exception):
    """A sheet has more columns than the limit."""


def rows(file: IO[bytes], limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row that is not empty. Raises the errors of this module."""
    check(file, limits)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheet = book.get_sheet_by_index(0)
        found = sheet.iter_rows() if sheet.start is not None else ()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Damaged from error
    for number, values in enumerate(found, start=1):
        if any(str(value).strip() for value in values):
            yield number, [cells.of(value) for value in values]


def check(file: IO[bytes], limits: Limits) -> None:
    """Raise an error for an archive that unpacks to too much, or has a sheet beyond the limits."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > _MEMBERS or sum(one.file_size for one in members) > limits.unpacked:
                raise TooLarge
            left = limits.unpacked
            for member in members:
                left -= _check_member(archive, member, left, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Damaged from error


def _check_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, limits: Limits
) -> int:
    """Unpack a member to its real end; return its size. Raises the errors of :func:`check`."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Damaged
    # The declared size may be wrong: read until the data ends.
    member.file_size = _ENDLESS
    size, tail, has_cells = 0, b"", False
    for piece in _pieces(archive, member):
        size += len(piece)
        if size > left:
            raise TooLarge
        has_cells = has_cells or _CELLS in tail + piece
        tail = piece[-len(_CELLS) :]
    if has_cells:
        positions = _Positions(limits)
        for piece in _pieces(archive, member):
            positions.feed(piece)
        positions.feed(b"", final=True)
    return size


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            yield piece


class _Positions:
    """Reads a sheet and raises an error as soon as a cell is beyond the limits."""

    def __init__(self, limits: Limits) -> None:
        # Titles and notes above the header.
        self._rows, self._columns = limits.rows + 1000, limits.columns
        self._row = self._column = 0
        self._parser: Any = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, data: bytes, *, final: bool = False) -> None:
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            raise Damaged from error

    def _doctype(self, *_: object) -> None:
        raise Damaged

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self._row, self._column = self._row + 1, 0
            self._go(attributes.get("r", ""))
        elif local == "c":
            self._column += 1
            self._go(attributes.get("r", ""))

    def _go(self, reference: str) -> None:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise Damaged
        letters, digits = match.groups()
        if letters:
            self._column = 0
            for letter in letters.upper():
                self._column = self._column * 26 + ord(letter) - 64
        if digits:
            self._row = int(digits)
        if self._row > self._rows:
            raise TooManyRows
        if self._column > self._columns:
            raise TooManyColumns
