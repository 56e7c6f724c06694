"""ZIP archives of pictures that people upload: untrusted, read without unpacking them to the disk."""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from alliance.lib import arrivals
from alliance.lib.refusals import Refusal

MAX_MEMBERS = 1000
# All pictures together, unpacked.
MAX_UNPACKED = 200 * 1024**2
_IS_UTF8 = 0x800
_ENCRYPTED = 0x1
_NOT_PICTURES = ("__MACOSX/",)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class PictureArchive:
    """The pictures in a ZIP archive by their file names, without regard to folders and case.

    Raises :class:`Refusal` for a file that is no archive, with too many or too large members, with a password, or with
    two pictures of the same name.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._name = name
        file.seek(0)
        try:
            self._archive = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise Refusal(self._text(_("“%(name)s” is not a ZIP file."))) from error
        members = [one for one in self._archive.infolist() if not _is_ignored(one)]
        if len(members) > MAX_MEMBERS:
            text = _("“%(name)s” has more than %(limit)d files. Split the sheet and the ZIP file.")
            raise Refusal(text % {"name": name, "limit": MAX_MEMBERS})
        if sum(one.file_size for one in members) > MAX_UNPACKED:
            text = _("“%(name)s” unpacks to more than %(limit)d MB. Use smaller pictures.")
            raise Refusal(text % {"name": name, "limit": MAX_UNPACKED // 1024**2})
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._add(member)

    def _add(self, member: zipfile.ZipInfo) -> None:
        if member.flag_bits & _ENCRYPTED:
            raise Refusal(self._text(_("“%(name)s” is protected by a password. Remove it.")))
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
