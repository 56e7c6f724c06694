"""ZIP archives of pictures that people upload: untrusted, read without unpacking them to the disk."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

from alliance.lib import arrivals
from alliance.lib.refusals import Refusal

MAX_MEMBERS = 1000
# All pictures together, unpacked.
MAX_UNPACKED = 200 * 1024**2
_IS_UTF8 = 0x800
_ENCRYPTED = 0x1
_NOT_PICTURES = ("__MACOSX/",)
# What the archive says of its members, besides their data: two entries for each picture, as macOS writes them.
MAX_DIRECTORY = 2 * 1024**2
# bzip2 and LZMA unpack to any size before a limit applies, and no program uses them unless it is told to.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# ValueError: names that cannot be decoded.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(NotImplementedError, RuntimeError, OSError, ValueError),
)


class PictureArchive:
    """The pictures in a ZIP archive by their file names, without regard to folders and case.

    Raises :class:`Refusal` for a file that is no archive, with too many or too large members, with a password, or with
    two pictures of the same name.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._name = name
        self._archive = self._opened(file)
        members = [one for one in self._archive.infolist() if not _is_ignored(one)]
        if len(members) > MAX_MEMBERS:
            raise self._too_many()
        if sum(one.file_size for one in members) > MAX_UNPACKED:
            text = _("“%(name)s” unpacks to more than %(limit)d MB. Use smaller pictures.")
            raise Refusal(text % {"name": name, "limit": MAX_UNPACKED // 1024**2})
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._add(member)

    def _opened(self, file: IO[bytes]) -> zipfile.ZipFile:
        try:
            file.seek(0)
            if _directory_size(file) > MAX_DIRECTORY:
                raise self._too_many()
            file.seek(0)
            return zipfile.ZipFile(file)
        except _BROKEN as error:
            raise Refusal(self._text(_("“%(name)s” is not a ZIP file."))) from error

    def _too_many(self) -> Refusal:
        text = _("“%(name)s” has more than %(limit)d files. Split the sheet and the ZIP file.")
        return Refusal(text % {"name": self._name, "limit": MAX_MEMBERS})

    def _add(self, member: zipfile.ZipInfo) -> None:
        if member.flag_bits & _ENCRYPTED:
            raise Refusal(self._text(_("“%(name)s” is protected by a password. Remove it.")))
        if member.compress_type not in _METHODS:
            text = _(
                "“%(name)s” is compressed in an unusual way. Create the ZIP file with the usual settings."
            )
            raise Refusal(self._text(text))
        picture = PurePosixPath(_member_name(member).replace("\\", "/")).name
        if _plain(picture) in self._members:
            text = _("“%(name)s” has two files with the name “%(picture)s”. Rename one of them.")
            raise Refusal(text % {"name": self._name, "picture": arrivals.clean_name(picture)})
        self._members[_plain(picture)] = member

    def __contains__(self, picture: str) -> bool:
        return _plain(picture) in self._members

    def read(self, picture: str, *, max_bytes: int) -> bytes:
        """Return a picture's data. Raises :class:`Refusal` if it is too large, damaged, or not in the archive."""
        name = {"name": arrivals.clean_name(picture)}
        member = self._members.get(_plain(picture))
        if member is None:
            raise Refusal(_("“%(name)s” is not in the ZIP file.") % name)
        try:
            with self._archive.open(member) as stream:
                # The declared size may be wrong.
                data = stream.read(max_bytes + 1)
        except _BROKEN as error:
            raise Refusal(_("“%(name)s” is damaged in the ZIP file.") % name) from error
        if len(data) > max_bytes:
            text = _("“%(name)s” is larger than %(limit)d MB. Use a smaller picture.")
            raise Refusal(text % {**name, "limit": max_bytes // 1024**2})
        return data

    def _text(self, message: str) -> str:
        return message % {"name": self._name}


def _directory_size(file: IO[bytes]) -> int:
    """Return the size of the central directory, before it is read: each entry becomes an object in memory.

    The number of entries beside it may be wrong, but ZipFile reads no more than this size.
    """
    end: Any = zipfile._EndRecData(file)  # type: ignore[attr-defined]  # what ZipFile itself goes by
    return int(end[5]) if end else 0


def _is_ignored(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename).name
    return member.is_dir() or member.filename.startswith(_NOT_PICTURES) or name.startswith(".")


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member. Programs in China write GB18030 without saying so, others UTF-8."""
    if member.flag_bits & _IS_UTF8:
        return member.filename
    octets = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return octets.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", arrivals.clean_name(name)).casefold()
