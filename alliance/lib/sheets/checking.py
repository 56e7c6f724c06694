"""Checks of an XLSX file before a parser gets it.

An XLSX file is a ZIP archive of XML files, and small archives can unpack to gigabytes. A parser that keeps a rectangle
of cells needs memory for all cells up to the last one, which may be in row 1,048,576, and one that gives each cell a
copy of its shared string needs memory for all copies. So :func:`check` unpacks the archive in pieces and reads the
positions of all cells of the first sheet, and the lengths of their strings. The other sheets are not parsed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any
from xml.parsers import expat

from alliance.lib.sheets.limits import Limits

_MEMBERS = 1000
_STRINGS = 1_000_000
_PIECE = 64 * 1024
_ENDLESS = 2**62
_REFERENCE = re.compile(r"([A-Z]{0,3})(\d{0,7})", re.IGNORECASE)
# The parser finds files of the archive without regard to case.
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHARED = "xl/sharedstrings.xml"
# Files of OpenDocument sheets and of binary workbooks, for which the parser has no limits.
_OTHER = re.compile(r"mimetype|content\.xml|xl/workbook\.bin|xl/(?:work)?sheets/.*\.bin")


class Damaged(Exception):
    """The file is not an XLSX file, or it cannot be read."""


class OtherFormat(Damaged):
    """The archive is no XLSX file but, for example, an OpenDocument sheet or a binary workbook."""


class TooLarge(Exception):
    """The file unpacks to more than the limit, or the copies of its shared strings are larger."""


class TooManyRows(Exception):
    """The first sheet has more rows than the limit."""


class TooManyColumns(Exception):
    """The first sheet has more columns than the limit."""


def check(file: IO[bytes], limits: Limits) -> None:
    """Raise an error of this module for an archive that is no workbook, or whose first sheet is beyond the limits."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_archive(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Damaged from error


def _check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > _MEMBERS or sum(one.file_size for one in members) > limits.unpacked:
        raise TooLarge
    by_name = _by_name(members)
    left = limits.unpacked
    for member in members:
        left -= _size(archive, member, left)
    strings = _Strings()
    if _SHARED in by_name:
        strings.read(_pieces(archive, by_name[_SHARED]))
    first = _first_sheet(archive, by_name)
    _Cells(limits, strings.lengths).read(_pieces(archive, first))


def _by_name(members: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name in lower case. Raises :class:`Damaged` for names that programs read differently."""
    found: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        name = member.filename.replace("\\", "/").lower()
        if name in found or "&" in name or not name.isprintable():
            raise Damaged
        found[name] = member
    if not {_WORKBOOK, _RELATIONS} <= found.keys() or any(map(_OTHER.fullmatch, found)):
        raise OtherFormat
    return found


def _size(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """Unpack a member to its real end; return its size. Raises :class:`TooLarge` beyond ``left``."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Damaged
    # The declared size may be wrong: read until the data ends.
    member.file_size = _ENDLESS
    size = 0
    for piece in _pieces(archive, member):
        size += len(piece)
        if size > left:
            raise TooLarge
    return size


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _first_sheet(
    archive: zipfile.ZipFile, by_name: Mapping[str, zipfile.ZipInfo]
) -> zipfile.ZipInfo:
    """Return the member with the cells of the first sheet. Raises :class:`Damaged`."""
    relations, book = _Relations(), _Book()
    relations.read(_pieces(archive, by_name[_RELATIONS]))
    book.read(_pieces(archive, by_name[_WORKBOOK]))
    strings = [_path(one) for one in relations.strings]
    if book.first not in relations.targets or any(one != _SHARED for one in strings):
        raise Damaged
    path = _path(relations.targets[book.first])
    if path not in by_name:
        raise Damaged
    return by_name[path]


def _path(target: str) -> str:
    """Return the name in the archive of a target of the workbook, in lower case."""
    name = target.lower().removeprefix("/")
    return name if name.startswith("xl/") else f"xl/{name}"


class _Reader(ABC):
    """Reads an XML file in pieces."""

    def __init__(self) -> None:
        # The parser of the sheets ignores another encoding in the declaration, too.
        self._parser: Any = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, pieces: Iterator[bytes]) -> None:
        """Read a whole file. Raises :class:`Damaged`."""
        try:
            for piece in pieces:
                self._parser.Parse(piece)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Damaged from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._start(_local(name), attributes)

    @abstractmethod
    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element. ``name`` is without its prefix."""

    def _doctype(self, *_: object) -> None:
        raise Damaged


class _Relations(_Reader):
    """The files of a workbook: ``targets`` by identifier, and those with shared strings."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, str] = {}
        self.strings: list[str] = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship":
            return
        key, target = attributes.get("Id", ""), attributes.get("Target", "")
        if key in self.targets:
            raise Damaged
        self.targets[key] = target
        if attributes.get("Type", "").endswith("/sharedStrings"):
            self.strings.append(target)


class _Book(_Reader):
    """The list of sheets. ``first`` is the identifier of the first sheet's file."""

    first = ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and not self.first:
            keys = [value for key, value in attributes.items() if _local(key) == "id"]
            if len(keys) != 1 or not keys[0]:
                raise Damaged
            self.first = keys[0]


class _Strings(_Reader):
    """The lengths of the shared strings in bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths: array[int] = array("L")
        self._length = -1
        self._parser.buffer_text = True
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            if self._length >= 0:
                raise Damaged
            if len(self.lengths) >= _STRINGS:
                raise TooLarge
            self._length = 0

    def _text(self, text: str) -> None:
        if self._length >= 0:
            self._length += len(text.encode())

    def _end(self, name: str) -> None:
        if _local(name) == "si":
            self.lengths.append(self._length)
            self._length = -1


class _Cells(_Reader):
    """Reads a sheet and raises an error as soon as a cell, or all copies of strings together, are beyond the limits."""

    def __init__(self, limits: Limits, lengths: Sequence[int]) -> None:
        super().__init__()
        # Titles and notes above the header.
        self._rows, self._columns = limits.rows + 1000, limits.columns
        self._row = self._column = 0
        self._lengths, self._longest, self._left = lengths, max(lengths, default=0), limits.unpacked
        self._in_cell = self._is_shared = False
        # The pieces of a number of a shared string.
        self._number: list[str] | None = None
        self._parser.EndElementHandler = self._end

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._number is not None:
            raise Damaged
        if name == "row":
            self._row, self._column = self._row + 1, 0
            self._go(attributes.get("r", ""))
        elif name == "c":
            if self._in_cell:
                raise Damaged
            self._in_cell, self._is_shared = True, attributes.get("t") == "s"
            self._column += 1
            self._go(attributes.get("r", ""))
        elif name == "v" and self._is_shared:
            self._number = []
            self._parser.CharacterDataHandler = self._number.append

    def _end(self, name: str) -> None:
        if self._number is not None:
            self._left -= self._length(self._number)
            self._number = self._parser.CharacterDataHandler = None
            if self._left < 0:
                raise TooLarge
        elif _local(name) == "c":
            self._in_cell = self._is_shared = False

    def _length(self, pieces: Sequence[str]) -> int:
        """Return the length of a shared string. A number in pieces may be read differently: it counts as the longest."""
        if len(pieces) != 1:
            return self._longest if pieces else 0
        number = pieces[0].strip()
        if not (number.isascii() and number.isdecimal()) or int(number) >= len(self._lengths):
            raise Damaged
        return self._lengths[int(number)]

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


def _local(name: str) -> str:
    return name.rpartition(":")[2]
