"""Normalises the identifiers of sellers: telephone, email, payment account, licence, postal address, social media.

Imports no models. Kinds are the values of ``SellerIdentifier.Kind``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import phonenumbers

from cases.marketplaces import shops

_ADDRESS_OF_ACCOUNT = re.compile(r"^(https?://)?(www\.|m\.)?")


def normalise(kind: str, value: str, countries: Iterable[str] = ()) -> str:
    """Return the normal form of an identifier, by which shops are compared. It may be empty.

    ``countries`` (ISO 3166-1 codes, the most likely first) are tried for telephone numbers without a country
    code.
    """
    value = shops.plain(value)
    if kind == "phone":
        return _phone(value, countries)
    if kind == "email":
        return re.sub(r"\s", "", value.casefold()).removeprefix("mailto:")
    if kind in ("payment", "licence"):
        return re.sub(r"[\s-]", "", value).upper()
    if kind == "social":
        return _ADDRESS_OF_ACCOUNT.sub("", value.casefold()).rstrip("/").lstrip("@")
    return shops.plain(value.casefold())


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
