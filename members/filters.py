"""The filters of the public directory."""

from __future__ import annotations

import unicodedata
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, Exists, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_countries import countries

from alliance.lib.two_scripts import CHINESE_SPEAKING
from members import stats
from members.models import Brand, Member

MAX_WORDS = 6
# Latin letters that Unicode does not take apart into a plain letter and a mark, and the plain ones.
_WHOLE, _PLAIN = "ØøŁłĐđ", "OoLlDd"


class SortKey(Func):
    """A name as a directory sorts it, É with e and eBay with Ebay, the same in every database.

    One made with the plain C collation would put accented names and small first letters last.
    """

    template = (
        "lower(regexp_replace(normalize(translate(%(expressions)s), NFKD), "
        "'[\\u0300-\\u036f]', '', 'g') COLLATE \"C\")"
    )
    output_field = CharField()

    def __init__(self, name: str) -> None:
        super().__init__(name, Value(_WHOLE), Value(_PLAIN))


class ChineseSortKey(Func):
    """A Chinese name by pinyin: GB 18030 has the common characters in that order. In hexadecimal, as a text."""

    template = "encode(convert_to(%(expressions)s, 'GB18030'), 'hex') COLLATE \"C\""
    output_field = CharField()


def directory_order() -> Func | Case:
    """Return what the directory is sorted by: the names that the reader sees.

    In Chinese the members with a Chinese name come first, by pinyin.
    """
    latin = SortKey("name")
    if not (get_language() or "").startswith("zh"):
        return latin
    shown_in_chinese = Q(country__in=CHINESE_SPEAKING) & ~Q(name_local="")
    return Case(
        When(shown_in_chinese, then=Concat(Value("0"), ChineseSortKey("name_local"))),
        default=Concat(Value("1"), latin),
        output_field=CharField(),
    )


def name_matches(text: str) -> Q:
    """Return the condition that every word of ``text`` is in a member's name or a brand's, in any script.

    Full-width letters count as ordinary ones. A word may be a single Chinese character.
    """
    condition = Q()
    for word in unicodedata.normalize("NFKC", text).split()[:MAX_WORDS]:
        brands = Brand.objects.filter(
            Q(name__icontains=word) | Q(name_local__icontains=word),
            member=OuterRef("pk"),
            is_active=True,
        )
        condition &= Q(name__icontains=word) | Q(name_local__icontains=word) | Q(Exists(brands))
    return condition


class MemberFilter(django_filters.FilterSet):
    """Words, country and industry. What it offers and how many members each choice has, it counts itself.

    A country or an industry that exists but has no members here gives an empty list; one that does
    not exist is an error on its field, and filters nothing.
    """

    q = django_filters.CharFilter(
        label=gettext_lazy("Name or brand"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    country = django_filters.ChoiceFilter(
        label=gettext_lazy("Country or region"),
        empty_label=gettext_lazy("All countries and regions"),
    )
    industry = django_filters.ChoiceFilter(
        label=gettext_lazy("Industry"),
        field_name="industries__slug",
        empty_label=gettext_lazy("All industries"),
    )

    class Meta:
        model = Member
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Member]) -> None:
        super().__init__(data, queryset)
        country, industry = self._asked("country"), self._asked("industry")
        found = queryset.filter(name_matches(self._asked_words()))
        if country not in countries:
            country = ""
        self._industries = stats.by_industry(found.filter(country=country) if country else found)
        if industry not in {share.key for share in self._industries}:
            industry = ""
        self._countries = stats.by_country(
            found.filter(industries__slug=industry) if industry else found
        )
        if country and country not in {share.key for share in self._countries}:
            none_here = stats.Share(country, stats.country_name(country), 0)
            self._countries = stats.sort_by_name([*self._countries, none_here])
        self.country, self._industry = country, industry
        self.filters["country"].extra["choices"] = _choices(self._countries)
        self.filters["industry"].extra["choices"] = _choices(
            [share for share in self._industries if share.members or share.key == industry]
        )

    def search(self, queryset: QuerySet[Member], _name: str, value: str) -> QuerySet[Member]:
        return queryset.filter(name_matches(value))

    @property
    def countries(self) -> list[stats.Share]:
        """Countries of the members found by the other filters, by name."""
        return self._countries

    @property
    def total(self) -> int:
        """How many members all filters together leave; known from the counts by country."""
        return sum(share.members for share in self._countries if self.country in ("", share.key))

    @property
    def chosen(self) -> list[dict[str, str]]:
        """The filters in force: ``label``, ``value``, and the address ``without`` it."""
        names = {share.key: share.name for share in (*self._countries, *self._industries)}
        chosen = [
            ("q", _("Name or brand"), self._asked_words()),
            ("country", _("Country or region"), names.get(self.country, "")),
            ("industry", _("Industry"), names.get(self._industry, "")),
        ]
        return [
            {"label": label, "value": value, "without": f"?{self.query_without(name, 'cursor')}"}
            for name, label, value in chosen
            if value
        ]

    def query_without(self, *names: str) -> str:
        """Return the address's parameters but for ``names``."""
        kept = self.data.copy()
        for name in names:
            kept.pop(name, None)
        return str(kept.urlencode())

    def _asked(self, name: str) -> str:
        return (self.data.get(name) or "").strip()

    def _asked_words(self) -> str:
        """The words to search for; none if the form will refuse them."""
        try:
            words: str = self.filters["q"].field.clean(self._asked("q"))
        except ValidationError:
            return ""
        return words


def _choices(shares: list[stats.Share]) -> list[tuple[str, str]]:
    # Translators: a choice of a filter and how many members it has.
    return [
        (s.key, _("%(name)s (%(number)d)") % {"name": s.name, "number": s.members}) for s in shares
    ]
