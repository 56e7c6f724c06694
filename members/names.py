"""Names of organisations in a normal form, in which the names of the same organisation are equal.

The fields of this module keep the normal forms beside the names. ``update()`` and SQL do not change them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alliance.lib import domains, visible
from alliance.lib.computed import ComputedField

# Legal forms at the end of a name, as :func:`key` writes words. Some countries put them first.
_FORMS = frozenset(
    [
        "ab",
        "ag",
        "aps",
        "as",
        "asa",
        "bhd",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "cv",
        "de",
        "doo",
        "gmbh",
        "group",
        "holding",
        "holdings",
        "inc",
        "incorporated",
        "jsc",
        "kft",
        "kg",
        "kgaa",
        "kk",
        "limitada",
        "limited",
        "llc",
        "llp",
        "lp",
        "ltd",
        "ltda",
        "nv",
        "oao",
        "ohg",
        "oo",
        "ooo",
        "oy",
        "oyj",
        "pao",
        "plc",
        "pte",
        "pty",
        "pvt",
        "private",
        "sa",
        "sab",
        "sae",
        "sapi",
        "sarl",
        "sas",
        "sasu",
        "sdn",
        "se",
        "sl",
        "slu",
        "snc",
        "spa",
        "sp",
        "spzoo",
        "srl",
        "sro",
        "sti",
        "tbk",
        "ug",
        "vof",
        "zao",
        "zrt",
        *("ао", "зао", "оао", "ооо", "пао", "тов", "тоо"),
        *(unicodedata.normalize("NFKD", "จำกัด"), "มหาชน"),
        *("ذمم", "شمم", "شمع"),
    ]
)
_FIRST = frozenset(
    [
        *("pt", "ooo", "oao", "pao", "zao", "cv"),
        *("ао", "зао", "оао", "ооо", "пао", "тов", "тоо"),
        *("บริษัท", "شركة"),
    ]
)
# Legal forms that are written in full, as :func:`key` writes words.
_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "limited liability company",
        "limited liability partnership",
        "public limited company",
        "public company limited",
        "joint stock company",
        "gesellschaft mit beschrankter haftung",
        "aktiengesellschaft",
        "societe anonyme",
        "societe par actions simplifiee",
        "societe a responsabilite limitee",
        "sociedad anonima",
        "sociedad limitada",
        "societa per azioni",
        "societa a responsabilita limitata",
        "sociedade anonima",
        "naamloze vennootschap",
        "besloten vennootschap",
        "anonim sirketi",
        "limited sirketi",
        "a s",
        "общество с ограниченнои ответственностью",
        "публичное акционерное общество",
        "акционерное общество",
        "cong ty tnhh",
        "cong ty co phan",
    )
)
_BETWEEN = frozenset(("and", "z", "und", "y", "et"))
# Chinese in simplified characters, because Japanese and traditional ones are converted first.
_ENDINGS = (
    *("股份有限公司", "有限责任公司", "有限公司", "股份公司", "控股", "集团", "公司", "株式会社"),
    *("有限会社", "合同会社", "주식회사", "유한회사"),
)
_BEGINNINGS = ("株式会社", "有限会社", "合同会社", "주식회사", "유한회사")
# Filler characters: letters of Unicode that have no glyph.
_FILLERS = re.compile("[\u034f\u115f\u1160\u200c\u200d\u2800\u3164\uffa0\ufe00-\ufe0f]")
_MARKS = re.compile("[\u0300-\u036f]")
# The short forms that Japanese and Korean names have in brackets.
_BRACKETED = re.compile(r"\((?:株|有|同|주|유)\)")
_SHORTEST_NUMBER = 5
# Letters that Unicode does not decompose, and their replacements.
UNDECOMPOSED, REPLACEMENTS = "ØøŁłĐđς", "OoLlDdσ"
_TO_PLAIN = str.maketrans(UNDECOMPOSED, REPLACEMENTS)


@cache
def _converter() -> Any:
    import opencc  # takes a moment to load its dictionaries

    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """Return ``text`` with traditional Chinese characters replaced by simplified ones."""
    if text.isascii():
        return text
    converted: str = _converter().convert(text)
    return converted


def search_key(text: str) -> str:
    """Return ``text`` for searches: lower case, no accents, ordinary letters for full-width ones, simplified Chinese."""
    plain = unicodedata.normalize("NFKD", simplified(text).translate(_TO_PLAIN))
    lower = unicodedata.normalize("NFC", _MARKS.sub("", plain)).lower()
    return lower.replace("ς", "σ")  # Python lowers a final Σ to ς


def key(name: str) -> str:
    """Return the normal form of a name: letters and digits only, without accents and the legal form.

    ``Alder Works Co., Ltd.`` and ``ALDER-WORKS LIMITED`` are equal, and so are a name in traditional and in simplified
    Chinese. A name that consists of a legal form only keeps it. Returns ``""`` for a name without letters and digits.
    """
    text = unicodedata.normalize("NFKC", _FILLERS.sub("", visible.cleaned(name)))
    text = _BRACKETED.sub(" ", simplified(text)).casefold()
    text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    text = re.sub(r"[.'’`´·・]", "", text.replace("&", " and "))
    words = "".join(map(_letter, text)).split()
    return _without_ending("".join(_without_forms(words)))


def _letter(character: str) -> str:
    """Return a letter, digit or vowel sign as it is, ``""`` for other marks, such as tones, and else a blank."""
    if character.isalnum():
        return character
    if unicodedata.category(character).startswith("M"):
        return "" if unicodedata.combining(character) else character
    return " "


def _without_forms(words: list[str]) -> list[str]:
    left, before = list(words), None
    while before != left:
        before = list(left)
        for phrase in _PHRASES:
            if len(left) > len(phrase) and tuple(left[-len(phrase) :]) == phrase:
                del left[-len(phrase) :]
            if len(left) > len(phrase) and tuple(left[: len(phrase)]) == phrase:
                del left[: len(phrase)]
        while len(left) > 1 and (left[-1] in _FORMS or left[-1] in _BETWEEN):
            left.pop()
        while len(left) > 1 and left[0] in _FIRST:
            left.pop(0)
    return left


def _without_ending(text: str) -> str:
    before = None
    while before != text:
        before = text
        for ending in _ENDINGS:
            if text != ending:
                text = text.removesuffix(ending)
        for beginning in _BEGINNINGS:
            if text != beginning:
                text = text.removeprefix(beginning)
    return text


def keys(names: Iterable[str]) -> list[str]:
    """Return the different normal forms of ``names``, sorted."""
    return sorted({found for name in names if (found := key(name))})


def number_key(number: str) -> str:
    """Return a registration number in capital letters and digits; ``""`` if it is too short to identify anything."""
    text = unicodedata.normalize("NFKC", number).upper()
    found = "".join(character for character in text if character.isalnum())
    return found if len(found) >= _SHORTEST_NUMBER else ""


class NameKeysField(ComputedField, ArrayField):
    """The normal forms of ``name`` and ``name_local``, see :func:`keys`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"base_field": models.TextField(), "editable": False, "default": list}
        super().__init__(*args, **kwargs)

    def compute(self, row: Any) -> list[str]:
        return keys((row.name, row.name_local))


class DomainField(ComputedField, models.CharField):
    """The registrable domain of ``website``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"max_length": 253, "editable": False, "default": ""})

    def compute(self, row: Any) -> str:
        return domains.registrable(row.website)[:253]


class NumberKeyField(ComputedField, models.CharField):
    """The normal form of ``registration_number``, see :func:`number_key`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"max_length": 120, "editable": False, "default": ""})

    def compute(self, row: Any) -> str:
        return number_key(row.registration_number)[:120]


class SearchTextField(ComputedField, models.TextField):
    """``name`` and ``name_local`` as the directory searches them, one a line: see :func:`search_key`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"editable": False, "default": ""})

    def compute(self, row: Any) -> str:
        return "\n".join(search_key(visible.cleaned(name)) for name in (row.name, row.name_local))
