"""Videos and captures of web pages: their types from the contents, and whether they are complete.

Nothing here decodes or unpacks more than a few kilobytes.
"""

from __future__ import annotations

import os
import re
import zlib
from email.message import Message
from email.parser import BytesHeaderParser
from typing import IO, Final

MP4: Final = "video/mp4"
QUICKTIME: Final = "video/quicktime"
WEBM: Final = "video/webm"
# RFC 2557. Browsers save a page with its pictures as such a file.
MHTML: Final = "multipart/related"
# ISO 28500. Files with the extension .warc.gz have a gzip member for each record.
WARC: Final = "application/warc"
WARC_GZIP: Final = "application/gzip"

# The extensions of each type.
VIDEOS: Final = {MP4: (".mp4", ".m4v"), QUICKTIME: (".mov", ".qt"), WEBM: (".webm",)}
CAPTURES: Final = {MHTML: (".mhtml", ".mht"), WARC: (".warc",), WARC_GZIP: (".warc.gz",)}
ENDINGS: Final = tuple(
    ending for types in (VIDEOS, CAPTURES) for endings in types.values() for ending in endings
)

# The bytes that identify a type. The headers of a capture contain the page's URL and title.
HEAD_BYTES: Final = 16 * 1024
# Brands of the ISO base media file format (ISO/IEC 14496-12) that cameras, phones and editors write.
_MP4_BRANDS: Final = re.compile(
    rb"iso[m2-9]|mp4[12]|avc1|M4V[ HP]|MSNV|dash|XAVC|3gp[4-9]|f4v |mmp4"
)
_QUICKTIME_BRAND: Final = b"qt  "
# Matroska (RFC 9559): the EBML header with the document type, and the segment.
_EBML: Final = b"\x1a\x45\xdf\xa3"
_WEBM_TYPE: Final = re.compile(rb"\x42\x82[\x84\x40].?webm", re.DOTALL)
_SEGMENT: Final = b"\x18\x53\x80\x67"
_GZIP: Final = b"\x1f\x8b\x08"
_WARC_VERSION: Final = re.compile(rb"WARC/[01]\.\d+\r\n")
_HEADER_LINE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:[ \t]")
# A file has some ten boxes at its top level, and a recording in fragments some thousands.
_MAX_BOXES: Final = 1_000_000


def is_recording(content_type: str) -> bool:
    """Whether this is the type of a video or a capture."""
    return content_type in VIDEOS or content_type in CAPTURES


def identify(head: bytes) -> str:
    """Return the type for the first :data:`HEAD_BYTES` of a file, or ``""`` for other types."""
    if head[4:8] == b"ftyp":
        if head[8:12] == _QUICKTIME_BRAND:
            return QUICKTIME
        return MP4 if _MP4_BRANDS.fullmatch(head[8:12]) else ""
    if head.startswith(_EBML):
        return WEBM if _WEBM_TYPE.search(head[:128]) else ""
    if _WARC_VERSION.match(head):
        return WARC
    if head.startswith(_GZIP):
        return WARC_GZIP if _WARC_VERSION.match(_unpacked(head)) else ""
    return MHTML if _boundary(head) else ""


def is_complete(file: IO[bytes], content_type: str) -> bool:
    """Whether a file of one of these types has the parts without which no program opens it."""
    file.seek(0)
    if content_type in (MP4, QUICKTIME):
        return b"moov" in boxes(file)
    head = file.read(HEAD_BYTES)
    if content_type == WEBM:
        return _SEGMENT in head
    if content_type == MHTML:
        return _ends_with(file, b"--" + _boundary(head) + b"--")
    records = _unpacked(head) if content_type == WARC_GZIP else head
    return b"\r\nWARC-Type:" in records


def boxes(file: IO[bytes]) -> set[bytes]:
    """Return the types of the boxes at the top level of an ISO base media file; none if the file is truncated."""
    end = file.seek(0, os.SEEK_END)
    at = 0
    found: set[bytes] = set()
    for _number in range(_MAX_BOXES):
        if at == end:
            return found
        file.seek(at)
        head = file.read(16)
        size = int.from_bytes(head[:4])
        if size == 1:  # a size of 64 bits follows
            size = int.from_bytes(head[8:16])
        elif size == 0:  # to the end of the file
            size = end - at
        if size < 8 or at + size > end:
            break
        found.add(head[4:8])
        at += size
    return set()


def _unpacked(head: bytes) -> bytes:
    """Return the beginning of the contents of a gzip file, at most :data:`HEAD_BYTES`."""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""


def _boundary(head: bytes) -> bytes:
    """Return the boundary of the parts if ``head`` begins with the headers of MHTML, else ``b""``."""
    if not _HEADER_LINE.match(head):
        return b""
    headers: Message = BytesHeaderParser().parsebytes(head)
    try:
        boundary = headers.get_boundary()
    except ValueError:  # parameters in a charset that cannot be
        return b""
    if headers.get_content_type() != MHTML or not boundary or "MIME-Version" not in headers:
        return b""
    return boundary.encode("ascii", "replace")


def _ends_with(file: IO[bytes], last: bytes) -> bool:
    """Whether ``last`` is in the last kilobyte."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - 1024))
    return last in file.read()
