"""Filters of the public directory."""

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
# Latin letters that Unicode does not decompose, and their replacements.
_UNDECOMPOSED, _REPLACEMENTS = "ØøŁłĐđ", "OoLlDd"


class SortKey(Func):
    """The sort key of a name: É sorts as e and eBay as Ebay, with every database collation.

    The plain C collation would sort accented names and lower-case names last.
    """

    template = (
        "lower(regexp_replace(normalize(translate(%(expressions)s), NFKD), "
        "'[\\u0300-\\u036f]', '', 'g') COLLATE \"C\")"
    )
    output_field = CharField()

    def __init__(self, name: str) -> None:
        super().__init__(name, Value(_UNDECOMPOSED), Value(_REPLACEMENTS))


class ChineseSortKey(Func):
    """The sort key of a Chinese name, by pinyin: its GB 18030 encoding in hexadecimal.

    GB 18030 sorts the common characters by pinyin.
    """

    template = "encode(convert_to(%(expressions)s, 'GB18030'), 'hex') COLLATE \"C\""
    output_field = CharField()


def directory_order() -> Func | Case:
    """Return the sort expression of the directory: the names that are shown in the active language.

    In Chinese, members with a Chinese name come first, sorted by pinyin.
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
    """Return the condition that each word of ``text`` is part of the member's name or of a brand, in any script.

    Full-width letters match ordinary ones. A word may be a single Chinese character.
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
    """Filters by words, country and industry. Each choice shows the number of its members.

    A country or industry without members gives an empty list. An unknown one is an error of its field and is ignored.
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
        country, industry = self._value("country"), self._value("industry")
        found = queryset.filter(name_matches(self._valid_words()))
        if country not in countries:
            country = ""
        self._industries = stats.by_industry(found.filter(country=country) if country else found)
        if industry not in {share.key for share in self._industries}:
            industry = ""
        self._countries = stats.by_country(
            found.filter(industries__slug=industry) if industry else found
        )
        if country and country not in {share.key for share in self._countries}:
            empty = stats.Share(country, stats.country_name(country), 0)
            self._countries = stats.sort_by_name([*self._countries, empty])
        self.country, self._industry = country, industry
        self.filters["country"].extra["choices"] = _choices(self._countries)
        self.filters["industry"].extra["choices"] = _choices(
            [share for share in self._industries if share.members or share.key == industry]
        )

    def search(self, queryset: QuerySet[Member], _name: str, value: str) -> QuerySet[Member]:
        return queryset.filter(name_matches(value))

    @property
    def countries(self) -> list[stats.Share]:
        """Countries of the members that match the other filters, by name."""
        return self._countries

    @property
    def total(self) -> int:
        """The number of members that match all filters, from the counts by country."""
        return sum(share.members for share in self._countries if self.country in ("", share.key))

    @property
    def chosen(self) -> list[dict[str, str]]:
        """The active filters: ``label``, ``value`` and the query string ``without`` the filter."""
        names = {share.key: share.name for share in (*self._countries, *self._industries)}
        chosen = [
            ("q", _("Name or brand"), self._valid_words()),
            ("country", _("Country or region"), names.get(self.country, "")),
            ("industry", _("Industry"), names.get(self._industry, "")),
        ]
        return [
            {"label": label, "value": value, "without": f"?{self.query_without(name, 'cursor')}"}
            for name, label, value in chosen
            if value
        ]

    def query_without(self, *names: str) -> str:
        """Return the query string without the parameters ``names``."""
        parameters = self.data.copy()
        for name in names:
            parameters.pop(name, None)
        return str(parameters.urlencode())

    def _value(self, name: str) -> str:
        return (self.data.get(name) or "").strip()

    def _valid_words(self) -> str:
        """Return the search words, or ``""`` if the form rejects them."""
        try:
            words: str = self.filters["q"].field.clean(self._value("q"))
        except ValidationError:
            return ""
        return words


def _choices(shares: list[stats.Share]) -> list[tuple[str, str]]:
    # Translators: a choice of a filter and the number of its members.
    return [
        (s.key, _("%(name)s (%(number)d)") % {"name": s.name, "number": s.members}) for s in shares
    ]
