"""Detect the type of a file from its contents. The file name and the browser's media type are not trusted."""

from __future__ import annotations

import re
from typing import IO, Final

import pillow_heif
from PIL import Image

from alliance.lib import recordings

PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
WEBP: Final = "image/webp"
PDF: Final = "application/pdf"
HEIC: Final = "image/heic"
JPEG_2000: Final = "image/jp2"

# Width × height. Screenshots of long pages exceed 180 million pixels.
MAX_PIXELS: Final = 250_000_000

# PDF readers accept other bytes before the header within the first kilobyte.
_PDF_HEADER: Final = b"%PDF-"
_PDF_HEADER_WITHIN: Final = 1024
# Brands of HEIF files with HEVC images (ISO/IEC 23008-12), and those that phones write.
_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# A marker that starts a segment: neither a stuffed byte nor a restart marker in scan data.
_JPEG_MARKER: Final = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])", re.DOTALL)
_JPEG_END: Final = b"\xd9"
# The formats of Pillow for the types that can be decoded.
DECODERS: Final = {PNG: "PNG", JPEG: "JPEG", WEBP: "WEBP", HEIC: "HEIF"}

# Pillow warns above this limit and raises at twice the limit.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Only the picture itself is read, not what phones store beside it.
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


class Damaged(Exception):
    """The file has the signature of its type but cannot be opened."""


class TooManyPixels(Exception):
    """The image has more than :data:`MAX_PIXELS`."""


def identify(file: IO[bytes]) -> str:
    """Return the media type for the signature of ``file``, or ``""`` for other types."""
    file.seek(0)
    head = file.read(recordings.HEAD_BYTES)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith((b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return JPEG_2000
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    if found := recordings.identify(head):
        return found
    return PDF if _PDF_HEADER in head[: _PDF_HEADER_WITHIN + len(_PDF_HEADER) - 1] else ""


def check(file: IO[bytes], content_type: str) -> None:
    """Check that a picture, a video or a capture can be opened and is complete. Documents are not checked.

    Raises :class:`Damaged` or :class:`TooManyPixels`.
    """
    if content_type in DECODERS:
        check_picture(file, content_type)
    elif recordings.is_recording(content_type) and not recordings.is_complete(file, content_type):
        raise Damaged


def check_picture(file: IO[bytes], content_type: str) -> None:
    """Check that a PNG, JPEG, WebP or HEIC image can be opened and is complete. Pixels are not decoded.

    Raises :class:`Damaged` or :class:`TooManyPixels`.
    """
    file.seek(0)
    try:
        _check(file, DECODERS[content_type])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, TooManyPixels):
        raise TooManyPixels from None
    except Exception as error:
        # Decoders raise many errors: IndexError, struct.error, EOFError and others.
        raise Damaged from error


def _check(file: IO[bytes], decoder: str) -> None:
    with Image.open(file, formats=(decoder,)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise TooManyPixels
        # PNG: checks all chunks and checksums. WebP is checked by open().
        image.verify()
    if decoder == "HEIF" and b"meta" not in recordings.boxes(file):
        raise Damaged
    if decoder == "JPEG":
        file.seek(0)
        _check_jpeg_end(file.read())


def _check_jpeg_end(data: bytes) -> None:
    """Walk the segments (ITU-T T.81, B.1.1) to the end of the image. Trailing data is allowed."""
    at = 2
    while found := _JPEG_MARKER.search(data, at):
        at = found.end()
        if found[1] == _JPEG_END:
            return
        at += int.from_bytes(data[at : at + 2])
    raise Damaged
