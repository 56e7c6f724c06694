"""Finds contact details and accounts in the lines of text of a picture, as sellers write them in English and Chinese.

What looks like a price, a date, an order number or a barcode is left out: a person confirms what is found here, and
would otherwise have to reject a list of numbers. Imports no models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher

from alliance.lib.domains import SUFFIXES
from cases.marketplaces import shops
from cases.marketplaces.contact_words import (
    BANK,
    CALL,
    CARD_LABEL,
    COUNTED,
    NOT_A_CONTACT,
    PAYMENT,
    SERVICES,
)
from cases.marketplaces.identifiers import normalise
from members import gtin

# The most contacts of a picture, and the longest line that is searched and kept.
MOST = 40
LONGEST = 300


class Contact(NamedTuple):
    """``kind`` is a value of ``SellerIdentifier.Kind``, ``value`` normalised. ``text`` is the line in which it was read, or its beginning."""

    kind: str
    value: str
    text: str
    confidence: float


class _Found(NamedTuple):
    start: int
    end: int
    kind: str
    value: str


_ASCII = re.ASCII | re.IGNORECASE
_SITES = "|".join(re.escape(site) for service in SERVICES for site in service.sites)
_LABELS = "|".join([CALL, PAYMENT, CARD_LABEL, *(one.label for one in SERVICES if one.label)])
_EMAIL = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64}) ?@ ?((?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24})", _ASCII
)
_URL = re.compile(
    rf"(?<![\w.@-])(?:https?://)?(?:www\.|m\.)?((?:{_SITES})/[^\s\"<>，。；、（）()]+)",
    _ASCII,
)
# Not a part of a longer row of digits, such as two telephone numbers beside each other.
_CARD = re.compile(r"(?<![\d.,-])(?<!\d )\d(?:[ -]?\d){15,18}(?![ .,-]?\d)", re.ASCII)
_IN_FOURS = re.compile(r"\d{4}([ -])\d{4}(?:\1\d{1,4}){2,3}", re.ASCII)
_MOBILE_OF_CHINA = re.compile(
    r"(?<![\d.,+])(?:(?:\+|00)86[ -]?)?1[ -]?[3-9](?:[ -]?\d){9}(?![\d,.]?\d)", re.ASCII
)
_NORTH_AMERICAN = re.compile(r"\d{3}[-. ]\d{3}[-. ]\d{4}", re.ASCII)
_SERVICE_OF_CHINA = re.compile(r"[48]00-\d{3,4}-\d{3,4}", re.ASCII)
_DATE = re.compile(
    r"(?<!\d)(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?!\d)"
    r"(?:[ T]?\d{1,2}:\d{2}(?::\d{2})?)?",
    re.ASCII,
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
# A line that ends with a label, whose value is in the next line.
_ONLY_LABEL = re.compile(rf"^\W*(?:{_LABELS})\W*$", re.IGNORECASE)


def find(lines: Iterable[tuple[str, float]], countries: Sequence[str] = ()) -> list[Contact]:
    """Return the contacts in ``lines``, each a text and its confidence from 0 to 1, without repetitions.

    ``countries`` (ISO 3166-1 codes, the most likely first) are tried for telephone numbers without a country code.
    Returns at most :data:`MOST`.
    """
    found: dict[tuple[str, str], Contact] = {}
    for text, confidence in _joined(lines):
        likely = list(dict.fromkeys([*countries, "CN"] if _HAN.search(text) else countries))
        for one in _in_line(text, likely):
            value = normalise(one.kind, one.value, likely)[:200]
            if value and len(found) < MOST:
                contact = Contact(one.kind, value, text[:LONGEST], confidence)
                found.setdefault((one.kind, value), contact)
    return list(found.values())


def _joined(lines: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """Yield plain lines. A line that consists of a label is joined with the next one."""
    label = ""
    for raw, confidence in lines:
        text = shops.plain(raw)[:LONGEST]
        if _ONLY_LABEL.match(text):
            label = text
            continue
        yield (f"{label} {text}" if label else text), confidence
        label = ""


def _in_line(text: str, countries: list[str]) -> list[_Found]:
    found: list[_Found] = []
    rest = text
    for search in (_urls, _emails, _dates, _cards, _phones, _accounts):
        for one in search(rest, countries):
            rest = rest[: one.start] + " " * (one.end - one.start) + rest[one.end :]
            if one.kind:
                found.append(one)
    return found


def _urls(text: str, countries: list[str]) -> list[_Found]:
    """Return URLs of social media. Others are left out: a screenshot shows the address of the listing itself."""
    found = []
    for match in _URL.finditer(text):
        url = match[1].rstrip(".,;:!?'*|~_-…")
        if number := re.search(r"(?:wa\.me/|[?&]phone=)\+?(\d{7,15})", url):
            found.append(_Found(match.start(), match.end(), "phone", f"+{number[1]}"))
        else:
            found.append(_Found(match.start(), match.end(), "social", url))
    return found


def _emails(text: str, countries: list[str]) -> list[_Found]:
    found = []
    for match in _EMAIL.finditer(text):
        host = SUFFIXES(match[2].lower())
        # icon@2x.png is not an address. Names of examples are, in tests and in the demo.
        if host.domain and (host.suffix or match[2].lower().endswith((".example", ".test"))):
            kind = "payment" if _is_labelled(text, match.start(), PAYMENT) else "email"
            found.append(_Found(*match.span(), kind, f"{match[1]}@{match[2]}".lower()))
    return found


def _dates(text: str, countries: list[str]) -> list[_Found]:
    return [_Found(*match.span(), "", "") for match in _DATE.finditer(text)]


def _cards(text: str, countries: list[str]) -> list[_Found]:
    """Return the numbers of bank cards: with a valid check digit, of a known issuer, and written as one."""
    found = []
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        is_card = (
            _has_check_digit(digits)
            and re.match(r"62|4|5[1-5]|2[2-7]|35|9", digits)
            and len(set(digits)) > 1
            and (re.search(BANK, text, re.IGNORECASE) or _IN_FOURS.fullmatch(match[0]))
            and not _is_labelled(text, match.start(), NOT_A_CONTACT)
        )
        # Other long numbers are taken out as well, so that no telephone number is read in them.
        found.append(_Found(*match.span(), "payment" if is_card else "", digits))
    return found


def _has_check_digit(digits: str) -> bool:
    """Return whether the last digit is that of the Luhn algorithm (ISO/IEC 7812-1, annex B)."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + at % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _phones(text: str, countries: list[str]) -> list[_Found]:
    found: dict[tuple[int, int], _Found] = {}
    for start, end, country in _phone_candidates(text, countries):
        if any(start < known[1] and end > known[0] for known in found):
            continue
        if not _is_phone(text, start, end, country):
            continue
        raw = text[start:end]
        kind = "payment" if _is_labelled(text, start, PAYMENT) else "phone"
        number = phonenumbers.parse(raw, country or None)
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        found[start, end] = _Found(start, end, kind, written)
    return sorted(found.values())


def _phone_candidates(text: str, countries: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the places of valid numbers, each with the country for which it is valid, or ``""`` for a number with its code."""
    if "CN" in countries:
        # Digits apart from each other, which no other rule joins.
        for match in _MOBILE_OF_CHINA.finditer(text):
            yield (*match.span(), "CN")
    for country in ("", *countries):
        for found in PhoneNumberMatcher(text, country or None, leniency=Leniency.VALID):
            yield found.start, found.end, country


def _is_phone(text: str, start: int, end: int, country: str) -> bool:
    """Return whether a number that could be a telephone number is written as one, or has a label that says so."""
    raw, after = text[start:end], text[end : end + 6]
    if re.match(COUNTED, after, re.IGNORECASE) or re.search(r"[¥￥$€£]\s?$", text[:start]):
        return False
    if _is_labelled(text, start, CALL) or _is_labelled(text, start, PAYMENT):
        return True
    if _is_labelled(text, start, NOT_A_CONTACT):
        return False
    if not country or raw.startswith(("0", "(")):
        return True
    digits = re.sub(r"\D", "", raw)
    if country == "CN":
        return bool(_MOBILE_OF_CHINA.fullmatch(raw) or _SERVICE_OF_CHINA.fullmatch(raw)) or (
            len(digits) == 13 and digits.startswith("861") and not _is_gtin(digits)
        )
    return bool(_NORTH_AMERICAN.fullmatch(raw))


def _is_gtin(digits: str) -> bool:
    return gtin.check_digit(digits[:-1]) == digits[-1]


def _accounts(text: str, countries: list[str]) -> list[_Found]:
    """Return the IDs of messaging services that follow the name of the service."""
    found: list[_Found] = []
    for service, pattern in ((one.name, pattern) for one in SERVICES for pattern in one.accounts):
        for match in pattern.finditer(text):
            account = match["id"].strip("-_.")
            if account and not any(
                match.start("id") < one.end and match.end() > one.start for one in found
            ):
                found.append(_Found(match.start(), match.end(), "social", f"{service}: {account}"))
    return found


def _is_labelled(text: str, start: int, words: str) -> bool:
    """Return whether one of ``words`` (a regular expression) stands shortly before ``start``, without digits between."""
    return bool(re.search(rf"(?:{words})[^\d@+]{{0,12}}[+(]?$", text[:start], re.IGNORECASE))
