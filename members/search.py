"""The search of names in the directory, and sort keys of names, which PostgreSQL computes."""

from __future__ import annotations

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from alliance.lib import visible
from members.models import Brand
from members.names import REPLACEMENTS, UNDECOMPOSED, search_key

MAX_WORDS = 6


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
        super().__init__(name, Value(UNDECOMPOSED), Value(REPLACEMENTS))


class ChineseSortKey(Func):
    """The sort key of a Chinese name, by pinyin: its GB 18030 encoding in hexadecimal.

    GB 18030 sorts the common characters by pinyin.
    """

    template = "encode(convert_to(%(expressions)s, 'GB18030'), 'hex') COLLATE \"C\""
    output_field = CharField()


def name_matches(text: str) -> Q:
    """Return the condition that each word of ``text`` is part of the member's name or of a public brand, in any script.

    Case, accents, the width of letters, invisible characters and the difference between traditional and simplified Chinese do
    not matter. A word may be a single Chinese
    character. Only the first :data:`MAX_WORDS` words count.
    """
    condition = Q()
    for word in search_key(visible.cleaned(text)).split()[:MAX_WORDS]:
        brands = Brand.objects.public().filter(_contains(word), member=OuterRef("pk"))
        condition &= _contains(word) | Q(Exists(brands))
    return condition


def _contains(word: str) -> Q:
    # Unlike LIKE, the function has no wildcards.
    return Q(GreaterThan(StrIndex(F("search_text"), Value(word)), 0))
