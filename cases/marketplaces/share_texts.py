"""Recognises the lines of words in texts that were shared from an app or forwarded from a chat.

Besides links, such texts have lines with words, prices, emoji and codes. A line that may contain an address, or the
number or code of an item, is not one of them.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from cases.marketplaces.catalogue import apps
from cases.marketplaces.catalogue.rules import is_known

_SIGNS = "￥¥$€₤£₳₴¢₰฿₫₱₹₩₽"
_AMOUNT = r"(?<![0-9a-z%.,])\d[\d.,]{0,14}"
# What a text has beside its words, and what would look like a number or code of an item. No repetition is unlimited.
_BESIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # A code that an app looks for on the clipboard: between two signs of a currency.
        rf"[{_SIGNS}]\s?[0-9a-z]{{6,16}}\s?[{_SIGNS}]",
        # A price.
        rf"[{_SIGNS}]\s?\d[\d.,]{{0,14}}\s?[万千kw]?",
        r"\b(?:rp|rm|r\$|s\$|us\$|nt\$|hk\$|kr|zł|rub|cny|rmb|usd|eur|sgd|myr|thb|php|vnd|idr|brl)\s?\d[\d.,]{0,14}",
        rf"{_AMOUNT}\s?(?:元|块|円|원|บาท|₫|đ|€|zł|₽|руб|usd|eur|kr)",
        # Sales and opinions.
        r"(?<![0-9a-z%.,])\d{1,6}(?:\.\d{1,2})?\s?[万千kw]?\s?\+?\s?(?:人|件|条|次|个|盒|折|%|sold|vendidos|terjual|ขาย)",
        # Dates and times.
        r"\b\d{1,4}(?P<mark>[./-])\d{1,2}(?P=mark)\d{1,4}\b",
        r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?\b",
        r"\b(?:19|20)\d\d年",
    )
)
# The marks of an address: a scheme, two slashes, a host, a path, a parameter, an email.
_MARKS = re.compile(
    r"://|//|\\|@|\bwww\b|\bhttps?\b|\bh(?:xx|tt)ps?\b|\bdot\b|[\[({]\.[\])}]"
    r"|[0-9a-z][.·][a-z]{2,}|\w\.[^\W\d_]{2,}"
    r"|[.。·]\s?(?:com|cn|net|org|hk|tw|jp|kr|ru|de|uk|shop|store|top|vip|xyz)\b"
    r"|[0-9a-z_-]/[0-9a-z_-]|[?&][0-9a-z_]{1,40}=|%[0-9a-f]{2}",
    re.IGNORECASE,
)
# A number or code that may be that of an item: five digits, or a word of digits and letters.
_NUMBER = re.compile(r"\d(?:[\s_-]?\d){4}")
_TOKEN = re.compile(r"[0-9A-Za-z_-]{5,}")
# Longer lines are no words of a shared text.
_LONGEST = 1000
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_WORD = re.compile(r"[0-9A-Za-z-]+")
# Letters of the scripts that are written without spaces between words.
_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_END_OF_SENTENCE = ("!", "！", "?", "？", ":", "：", ".", "。", "…", "~", "～")


def beside_links(lines: Iterable[str]) -> set[str]:
    """Return the lines that have words only, unless no other line has a link."""
    known = set(lines)
    if len(known) < 2:  # as in nearly every cell of a sheet
        return set()
    return {line for line in known if is_words(line)} if any(map(has_link, known)) else set()


def has_link(line: str) -> bool:
    """Return whether the line has an address with a scheme, or with a host that the catalogue has."""
    return "://" in apps.prepare(line)


def is_words(line: str) -> bool:
    """Return whether the line has only words, prices, dates, emoji and the codes of apps, and nothing like an address.

    A single word without a full stop could be the ID of a shop, and is not taken for words.
    """
    if len(line) > _LONGEST or "://" in line:
        return False
    text = line if line.isascii() else unicodedata.normalize("NFKC", line)
    for pattern in _BESIDE:
        text = pattern.sub(" ", text)
    if _MARKS.search(text) or _NUMBER.search(text) or _has_code(text) or _has_known_host(text):
        return False
    words = _WORD.findall(text)
    if not words:
        return not any(character.isdigit() for character in text)
    return len(words) > 1 or bool(_WITHOUT_SPACES.search(text)) or line.endswith(_END_OF_SENTENCE)


def _has_code(text: str) -> bool:
    """Return whether a word has digits and letters, as the codes of items do."""
    return any(
        any(c.isdigit() for c in token) and any(c.isalpha() for c in token)
        for token in _TOKEN.findall(text)
    )


def _has_known_host(text: str) -> bool:
    """Return whether two words that follow each other are a host of the catalogue whose dot is missing."""
    return any(
        is_known(f"{first}.{second}")
        for first, second in itertools.pairwise(_ASCII_WORD.findall(text.lower()))
    )
