"""Normalises the identifiers of sellers: telephone, email, payment account, licence, postal address, social media.

Imports no models. Kinds are the values of ``SellerIdentifier.Kind``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import phonenumbers

from cases.marketplaces import shops
from cases.marketplaces.contact_words import SERVICES

# m.me is a site, not the mobile pages of one.
_START_OF_URL = re.compile(r"^(https?://)?(www\.|m\.(?!me(/|$)))?")
# Before a mobile number, which is the name of an account with or without it.
_CODE_OF_CHINA = re.compile(r"^(\+|00)?86(?=1[3-9]\d{9}$)", re.ASCII)


def normalise(kind: str, value: str, countries: Iterable[str] = ()) -> str:
    """Return the normal form of an identifier, by which shops are compared. It may be empty.

    ``countries`` (ISO 3166-1 codes, the most likely first) are tried for telephone numbers without a country
    code.
    """
    value = shops.plain(value)
    if kind == "phone":
        return _phone(value, countries)
    if kind == "email":
        return _email(value)
    if kind == "payment":
        return _payment(value)
    if kind == "licence":
        return _without_gaps(value)
    if kind == "social":
        return _social(value)
    return shops.plain(value.casefold())


def _email(value: str) -> str:
    return re.sub(r"\s", "", value.casefold()).removeprefix("mailto:")


def _payment(value: str) -> str:
    """Return an email address as such, and another account without gaps and without the code of China."""
    return _email(value) if "@" in value else _CODE_OF_CHINA.sub("", _without_gaps(value))


def _without_gaps(value: str) -> str:
    return re.sub(r"[\s-]", "", value).upper()


def _social(value: str) -> str:
    """Return an account as ``service: account`` if its URL has it, otherwise the URL or what was written."""
    account = _START_OF_URL.sub("", value.casefold()).rstrip("/").lstrip("@")
    for service in SERVICES:
        if service.profile and (match := service.profile.fullmatch(account)):
            return f"{service.name}: {match['id']}"
    return account


def _phone(value: str, countries: Iterable[str]) -> str:
    """Return a number in E.164 with its extension, or only its digits if it is not possible in any country."""
    value = value.removeprefix("tel:")
    if value.startswith("00"):
        value = f"+{value[2:]}"
    possible = ""
    for country in (None,) if value.startswith("+") else countries:
        try:
            number = phonenumbers.parse(value, country)
        except phonenumbers.NumberParseException:
            continue
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if number.extension:
            written += f";ext={number.extension}"
        if phonenumbers.is_valid_number(number):
            return written
        if phonenumbers.is_possible_number(number):
            possible = possible or written
    return possible or re.sub(r"[^\d+]", "", value)
