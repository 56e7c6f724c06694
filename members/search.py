"""Search and sort keys of names, which PostgreSQL computes."""

from __future__ import annotations

import re
import unicodedata

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from alliance.lib import visible
from members.models import Brand

MAX_WORDS = 6
# Letters that Unicode does not decompose, and their replacements.
_UNDECOMPOSED, _REPLACEMENTS = "ØøŁłĐđς", "OoLlDdσ"
_TO_PLAIN = str.maketrans(_UNDECOMPOSED, _REPLACEMENTS)
_ACCENTS = re.compile("[\u0300-\u036f]")


class SortKey(Func):
    """The sort key of a name: É sorts as e and eBay as Ebay, with every database collation.

    The plain C collation would sort accented names and lower-case names last.
    """

    template = (
        "lower(regexp_replace(normalize(translate(%(expressions)s), NFKD), "
        "'[\\u0300-\\u036f]', '', 'g') COLLATE \"C\")"
    )
    output_field = CharField()

    def __init__(self, name: str | Combinable) -> None:
        super().__init__(name, Value(_UNDECOMPOSED), Value(_REPLACEMENTS))


class SearchKey(SortKey):
    """A name as :func:`search_key` returns it. Letters of all scripts are in lower case."""

    template = (
        "lower(normalize(regexp_replace(normalize(translate(%(expressions)s), NFKD), "
        "'[\\u0300-\\u036f]', '', 'g'), NFC))"
    )


class ChineseSortKey(Func):
    """The sort key of a Chinese name, by pinyin: its GB 18030 encoding in hexadecimal.

    GB 18030 sorts the common characters by pinyin.
    """

    template = "encode(convert_to(%(expressions)s, 'GB18030'), 'hex') COLLATE \"C\""
    output_field = CharField()


def search_key(text: str) -> str:
    """Return ``text`` in lower case, without accents, and with ordinary letters for full-width ones."""
    plain = unicodedata.normalize("NFKD", text.translate(_TO_PLAIN))
    lower = unicodedata.normalize("NFC", _ACCENTS.sub("", plain)).lower()
    return lower.replace("ς", "σ")  # Python lowers a final Σ to ς


def name_matches(text: str) -> Q:
    """Return the condition that each word of ``text`` is part of the member's name or of a public brand, in any script.

    Case, accents, the width of letters and invisible characters do not matter. A word may be a single Chinese
    character. Only the first :data:`MAX_WORDS` words count.
    """
    condition = Q()
    for word in search_key(visible.cleaned(text)).split()[:MAX_WORDS]:
        brands = Brand.objects.public().filter(_either_name_contains(word), member=OuterRef("pk"))
        condition &= _either_name_contains(word) | Q(Exists(brands))
    return condition


def _either_name_contains(word: str) -> Q:
    return _contains("name", word) | _contains("name_local", word)


def _contains(field: str, word: str) -> Q:
    # Unlike LIKE, the function has no wildcards.
    return Q(GreaterThan(StrIndex(SearchKey(F(field)), Value(word)), 0))
