"""The encoding of a text file: UTF-8, UTF-16 or GB18030, which Excel in China writes."""

from __future__ import annotations

import codecs
import re

_SAMPLE = 200_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GB_CHARACTER = re.compile(
    rb"[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|([\xa1-\xa9\xb0-\xf7][\xa1-\xfe])|[\x81-\xfe][\x40-\xfe]"
)
# The share of characters of GB 2312 in a Chinese text. Western and Japanese texts that happen to be valid GB18030, and
# would be read as other characters, have few or none.
_GB_SHARE = 0.6
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")


class NotText(Exception):
    """The bytes are no text."""


class UnknownEncoding(Exception):
    """The bytes may be a text, but not in a supported encoding."""


def decode(data: bytes) -> str:
    """Return the text in ``data``. Raises :class:`NotText` or :class:`UnknownEncoding`."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(_strict(data, encoding))
    if b"\0" in data[:_SAMPLE]:
        try:
            return _checked(_strict(data, _without_bom(data[:_SAMPLE])))
        except UnknownEncoding as error:
            raise NotText from error
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if _CONTROL_BYTE.search(data):
        raise NotText
    text = _checked(_strict(data, "gb18030"))
    found = [match[1] is not None for match in _GB_CHARACTER.finditer(data[:_SAMPLE])]
    if _PRIVATE.search(text) or sum(found) < _GB_SHARE * len(found):
        raise UnknownEncoding
    return text


def _without_bom(sample: bytes) -> str:
    """Return the byte order of UTF-16: separators and digits have their zero byte in the higher half."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if not even and not odd:
        raise NotText
    return "utf-16-le" if odd > even else "utf-16-be"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding from error


def _checked(text: str) -> str:
    if _CONTROL.search(text):
        raise NotText
    return text
