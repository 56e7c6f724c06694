"""Where rights hold: ISO 3166-1 codes, and the European Union as the codes of its member states."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django_countries import countries

# The code that stands for all member states; it is written out before it is kept.
UNION = "EU"
MEMBER_STATES = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
]


def choices() -> list[tuple[str, str]]:
    """Return every country and region by its code, the European Union first."""
    union = (UNION, _("European Union: all member states"))
    return [union, *((country.code, f"{country.name} ({country.code})") for country in countries)]


def expanded(codes: Iterable[str]) -> list[str]:
    """Return ``codes`` in capitals, each once, the European Union written out."""
    every: list[str] = []
    for code in codes:
        code = code.strip().upper()
        every += MEMBER_STATES if code == UNION else [code]
    return list(dict.fromkeys(every))


def words(codes: Iterable[str]) -> str:
    """Return the names of the countries and regions, the European Union as one if all its states are there."""
    left = list(codes)
    names = []
    if set(MEMBER_STATES) <= set(left):
        names.append(_("European Union: all member states"))
        left = [code for code in left if code not in MEMBER_STATES]
    names += [countries.name(code) or code for code in left]
    return ", ".join(names)
