"""Territories of rights: ISO 3166-1 codes. A regional right is stored as the codes of the region's member states.

The designations of an international registration (Madrid) are the codes of WIPO Standard ST.3, which are those of
ISO 3166-1 except for the regions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django_countries import countries

from alliance.lib import text

# Input codes of regions, which are expanded before they are stored.
UNION, BENELUX, OAPI = "EU", "BX", "OA"
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
REGIONS: dict[str, list[str]] = {
    UNION: MEMBER_STATES,
    BENELUX: ["BE", "NL", "LU"],
    # The African Intellectual Property Organization.
    OAPI: [
        "BJ",
        "BF",
        "CM",
        "CF",
        "KM",
        "CG",
        "CI",
        "GA",
        "GN",
        "GQ",
        "GW",
        "ML",
        "MR",
        "NE",
        "SN",
        "TD",
        "TG",
    ],
}
NAMES: dict[str, str | Promise] = {
    UNION: gettext_lazy("European Union: all member states"),
    BENELUX: gettext_lazy("Benelux"),
    OAPI: gettext_lazy("OAPI: all member states"),
}
# Other codes in use: WIPO's code for EUIPO, and those of the European Commission.
ALIASES = {"EM": UNION, "UK": "GB", "EL": "GR"}
# Other names in use, in lower case.
_OTHER_NAMES = {
    "european union": UNION,
    "欧盟": UNION,
    "benelux": BENELUX,
    "比荷卢": BENELUX,
    "oapi": OAPI,
    "united states": "US",
    "usa": "US",
    "great britain": "GB",
    "korea": "KR",
    "中国大陆": "CN",
    "hong kong": "HK",
    "香港": "HK",
    "macao": "MO",
    "macau": "MO",
    "澳门": "MO",
    "taiwan": "TW",
    "台湾": "TW",
    # As many registers and organisations write them: a right in one of them is not one in mainland China.
    "hong kong, china": "HK",
    "hong kong sar": "HK",
    "hong kong sar, china": "HK",
    "china, hong kong sar": "HK",
    "中国香港": "HK",
    "macao, china": "MO",
    "macau, china": "MO",
    "macao sar": "MO",
    "macao sar, china": "MO",
    "china, macao sar": "MO",
    "中国澳门": "MO",
    "taiwan, china": "TW",
    "中国台湾": "TW",
}
# “AU-EM-JP”, as databases write the designations, and “AU EM JP”.
_CODES = re.compile(r"[A-Za-z]{2}(?:[\s\-/·]+[A-Za-z]{2})+")
_SEPARATORS = re.compile(r"[,，、;；\r\n]+")
# A name has at most this many separators, as in “Hong Kong, China”.
_PARTS = 3


def choices() -> list[tuple[str, str]]:
    """Return form choices: the regions, then all countries and regions."""
    regions = [(code, str(NAMES[code])) for code in REGIONS]
    return [
        *regions,
        *((country.code, f"{country.name} ({country.code})") for country in countries),
    ]


def parse(given: str) -> tuple[list[str], list[str]]:
    """Return the codes in a text of codes and names, and the parts that are no country or region.

    Names may be in any language of the portal. The parts are separated by commas or line breaks, and codes also by
    blanks or hyphens. Regions are expanded.
    """
    parts = [part.strip() for part in _SEPARATORS.split(given) if part.strip()]
    codes: list[str] = []
    unknown: list[str] = []
    while parts:
        for count in range(min(_PARTS, len(parts)), 0, -1):
            if found := _codes_of(", ".join(parts[:count])):
                codes += found
                break
        else:
            count = 1
            unknown.append(parts[0])
        parts = parts[count:]
    return expanded(codes), unknown


def expanded(codes: Iterable[str]) -> list[str]:
    """Return unique ``codes`` in upper case, with the regions expanded."""
    every: list[str] = []
    for code in codes:
        code = code.strip().upper()
        code = ALIASES.get(code, code)
        every += REGIONS.get(code, [code])
    return list(dict.fromkeys(every))


def shortened(codes: Iterable[str]) -> list[str]:
    """Return ``codes`` with the code of each complete region instead of its member states."""
    left = list(codes)
    for region, states in REGIONS.items():
        if set(states) <= set(left):
            left = [region, *(code for code in left if code not in states)]
    return left


def words(codes: Iterable[str]) -> str:
    """Return the names of the countries and regions. All member states of a region become the region."""
    return text.join(
        str(NAMES.get(code) or countries.name(code) or code) for code in shortened(codes)
    )


def _codes_of(part: str) -> list[str]:
    """Return the codes that a part of a text stands for; none if it is unknown."""
    if code := _code_of(part):
        return [code]
    if _CODES.fullmatch(part):
        found = [_code_of(code) for code in re.split(r"[^A-Za-z]+", part)]
        return found if all(found) else []
    return []


def _code_of(part: str) -> str:
    code = part.upper()
    code = ALIASES.get(code, code)
    if code in REGIONS or code in countries:
        return code
    # “Japan (JP)”, as the choices are written.
    if match := re.fullmatch(r".+\((\w\w)\)", part):
        return _code_of(match[1])
    return _by_name().get(part.casefold(), "")


@cache
def _by_name() -> dict[str, str]:
    """Return the codes by name in lower case, in every language of the portal."""
    found = dict(_OTHER_NAMES)
    for language, _label in settings.LANGUAGES:
        with translation.override(language):
            for country in countries:
                found.setdefault(country.name.casefold(), country.code)
    return found
