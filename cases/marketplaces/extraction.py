"""Extracts URLs from lines of text that were pasted from chats, spreadsheets, reports and share buttons."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from django.core.exceptions import ValidationError

from cases.marketplaces.normalisation import MAX_LENGTH, normalise_url

# Defanged URLs, as security reports write them.
_DEFANGED = (
    (re.compile(r"\bh(xx|tt|XX|TT)p(s?)(\[:\]|:)//", re.IGNORECASE), r"http\2://"),
    (re.compile(r"(?<=\w)\s?[\[({](\.|dot)[\])}]\s?(?=\w)", re.IGNORECASE), "."),
    (re.compile(r"\[/\]"), "/"),
)
_START = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(r"^(https?://)(\[[0-9A-Fa-f:.]*\]|[0-9A-Za-z.。-]*)", re.IGNORECASE)
# A URL after one of these characters is nested in the previous one. After others it is a new URL.
_INSIDE = "=/?&:%#"
# Characters that a URL cannot contain unencoded, or that end one in running text.
_END = re.compile(r"[\s\"<>\\^`{}\[\]「」『』【】《》〈〉（），。；、：！？“”‘’￥€₤£]")
# Punctuation after a URL.
_AFTER = ".,;:!?'*|~_-…"
# Characters that may separate two URLs or be part of one.
_JOINED = re.compile(r"[,;|]")
# What separates URLs without a scheme.
_BETWEEN = re.compile(r"[\s,;|，；、]+|<br\s*/?>", re.IGNORECASE)

# Longer lines are not searched.
_LONGEST = 20_000


class Found(NamedTuple):
    """A URL in a line. ``doubtful`` says that its end is not clear."""

    text: str
    doubtful: bool


def extract_addresses(line: str) -> list[Found]:
    """Return the URLs in a line, or the line itself if there are none, so that it gets an error message."""
    if len(line) > _LONGEST:
        return [Found(line, False)]
    text = line
    for pattern, plain in _DEFANGED:
        text = pattern.sub(plain, text)
    starts = _starts(text)
    if not starts:
        return _bare(text)
    if starts == [0] and not _END.search(_without_host(text)):
        return [Found(text, False)]
    found: dict[str, Found] = {}
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if _is_picture(text, start):
            continue
        # What stands in front of the address, in a text that does not only consist of addresses.
        before = text[max(0, start - 5) : start] if starts[0] else ""
        address = _cut(text[start:end], before)
        doubtful = address != text and len(starts) == 1 and bool(_JOINED.search(address))
        found.setdefault(address, Found(address, doubtful))
    return list(found.values()) or [Found(line, False)]


def _starts(text: str) -> list[int]:
    """Return the positions at which URLs start, except nested ones such as the target of a redirect."""
    starts: list[int] = []
    last = -1
    for match in _START.finditer(text):
        start = match.start()
        goes_on = last >= 0 and not _END.search(text, last, start)
        if not (goes_on and text[start - 1] in _INSIDE):
            starts.append(start)
        last = start
    return starts


def _cut(address: str, before: str) -> str:
    """Return the URL without the text that follows it."""
    scheme = _START.match(address)
    assert scheme
    host = scheme.end()
    # The brackets of an IPv6 address are part of the URL.
    after = address.find("]", host) + 1 if address[host : host + 1] == "[" else host
    end = _END.search(address, max(after, host))
    if end:
        address = address[: end.start()]
    if re.search(r"[,;]\"?$", before):
        # A field of a CSV row: the next separator starts the next field.
        address = re.split(r"[,;]", address)[0]
    symbol = next((n for n, c in enumerate(address) if unicodedata.category(c) == "So"), None)
    address = address[: min(symbol or len(address), 2 * MAX_LENGTH)]
    while address and (address[-1] in _AFTER or _is_unopened(address)):
        address = address[:-1]
    return address


def _is_unopened(address: str) -> bool:
    """Return whether the URL ends with a closing bracket that it did not open."""
    return address.endswith(")") and address.count(")") > address.count("(")


def _is_picture(text: str, start: int) -> bool:
    """Return whether the URL at ``start`` is that of a picture in Markdown."""
    return bool(re.search(r"!\[[^\]]*\]\($", text[max(0, start - 200) : start]))


def _without_host(text: str) -> str:
    """Remove the host at the beginning, in which brackets and full stops of any width are allowed."""
    return _HOST.sub(r"\1", text)


def _bare(text: str) -> list[Found]:
    """Return URLs without a scheme: in the columns of a spreadsheet row, or in a line of only URLs."""
    cells = [cell.strip() for cell in text.split("\t")]
    if len(cells) > 1:
        found = [cell for cell in dict.fromkeys(cells) if _is_address(cell)]
        return [Found(cell, True) for cell in found] or [Found(text, False)]
    parts = [part for part in _BETWEEN.split(text) if part]
    if len(parts) < 2 or not all(map(_is_address, parts)):
        return [Found(text, False)]
    return [Found(part, False) for part in dict.fromkeys(parts)]


def _is_address(text: str) -> bool:
    try:
        normalise_url(text)
    except ValidationError:
        return False
    return True
