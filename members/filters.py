"""Filters and sort order of the public directory."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django_countries import countries

from alliance.lib import clock
from alliance.lib.two_scripts import CHINESE_SPEAKING
from members import stats
from members.models import Member
from members.search import ChineseSortKey, SortKey, name_matches

MAX_LENGTH = 100
FIRST_YEAR = 1900
NEWEST, BY_COUNTRY = "newest", "country"
SORTS = (
    (NEWEST, gettext_lazy("Newest members first")),
    (BY_COUNTRY, gettext_lazy("Country or region")),
)


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


def country_order() -> Coalesce:
    """Return the sort expression of countries: their place in a list of all, in the active language."""
    shares = [stats.Share(code, str(name), 0) for code, name in countries]
    codes = [share.key for share in stats.sort_by_name(shares)]
    place = Func(
        Value(codes, output_field=ArrayField(CharField())),
        F("country"),
        function="array_position",
        template="%(function)s(%(expressions)s::varchar)",
        output_field=IntegerField(),
    )
    return Coalesce(place, len(codes) + 1)


class MemberFilter(django_filters.FilterSet):
    """Filters by words, country, industry and year of joining. Each choice shows the number of its members.

    The numbers count the members that match all other filters. A country, industry or year without members gives an
    empty list. An unknown one is an error of its field and is ignored.
    """

    q = django_filters.CharFilter(
        label=gettext_lazy("Name or brand"),
        method="search",
        max_length=MAX_LENGTH,
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
    joined = django_filters.ChoiceFilter(
        label=gettext_lazy("Year joined"),
        field_name="joined_on__year",
        empty_label=gettext_lazy("All years"),
    )
    sort = django_filters.ChoiceFilter(
        label=gettext_lazy("Sort by"),
        method="do_not_filter",
        choices=SORTS,
        empty_label=pgettext_lazy("organisation", "Name"),
    )

    class Meta:
        model = Member
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[Member]) -> None:
        super().__init__(data, queryset)
        found = queryset.filter(name_matches(self._valid_words()))
        country, industry = self._value("country"), self._value("industry")
        self._year = year if _is_year(year := self._value("joined")) else ""
        self.country = country if country in countries else ""
        self._industries = stats.by_industry(found.filter(**self._chosen("country", "joined")))
        known = {share.key for share in self._industries}
        self._industry = industry if industry in known else ""
        self._count_places(found)
        self.filters["country"].extra["choices"] = _choices(self.countries)
        self.filters["industry"].extra["choices"] = _choices(
            [share for share in self._industries if share.members or share.key == self._industry]
        )
        self.filters["joined"].extra["choices"] = _choices(self._years)

    def _count_places(self, found: QuerySet[Member]) -> None:
        """Set ``countries``, by name, and ``_years``, the latest first. A chosen one may have no members."""
        countries, years = Counter({self.country: 0}), Counter({self._year: 0})
        places = stats.by_country_and_year(found.filter(**self._chosen("industry")))
        for (country, year), number in places.items():
            if self._year in ("", year):
                countries[country] += number
            if self.country in ("", country):
                years[year] += number
        self.countries = stats.sort_by_name(
            [stats.Share(key, stats.country_name(key), n) for key, n in countries.items() if key]
        )
        self._years = [
            stats.Share(key, key, n) for key, n in sorted(years.items(), reverse=True) if key
        ]

    def search(self, queryset: QuerySet[Member], _name: str, value: str) -> QuerySet[Member]:
        return queryset.filter(name_matches(value))

    def do_not_filter(self, queryset: QuerySet[Member], _name: str, _value: str) -> Any:
        return queryset

    def ordered(self) -> tuple[QuerySet[Member], tuple[str, ...]]:
        """Return the members that match, and the fields of their order, for ``keyset.paginate``."""
        rows = self.qs.annotate(sort_name=directory_order())
        sort = self._value("sort")
        if sort == NEWEST:
            return rows, ("-joined_on", "sort_name", "pk")
        if sort == BY_COUNTRY:
            return rows.annotate(country_place=country_order()), (
                "country_place",
                "sort_name",
                "pk",
            )
        return rows, ("sort_name", "pk")

    @property
    def total(self) -> int:
        """The number of members that match all filters, from the counts by country."""
        return sum(share.members for share in self.countries if self.country in ("", share.key))

    @property
    def chosen(self) -> list[dict[str, str]]:
        """The active filters: ``label``, ``value`` and the query string ``without`` the filter."""
        names = {share.key: share.name for share in (*self.countries, *self._industries)}
        chosen = [
            ("q", _("Name or brand"), self._valid_words()),
            ("country", _("Country or region"), names.get(self.country, "")),
            ("industry", _("Industry"), names.get(self._industry, "")),
            ("joined", _("Year joined"), self._year),
        ]
        return [
            {"label": label, "value": value, "without": f"?{self.query_without(name, 'cursor')}"}
            for name, label, value in chosen
            if value
        ]

    @property
    def ignored(self) -> list[str]:
        """The labels of the filters that are ignored, because their values are invalid."""
        return [str(self.form[name].label) for name in self.form.errors if name in self.filters]

    def query_without(self, *names: str) -> str:
        """Return the query string without the parameters ``names``."""
        parameters = self.data.copy()
        for name in names:
            parameters.pop(name, None)
        return str(parameters.urlencode())

    def _chosen(self, *names: str) -> dict[str, str]:
        """Return the valid choices of the filters ``names``, as arguments of ``filter``."""
        valid = {
            "country": {"country": self.country},
            "industry": {"industries__slug": getattr(self, "_industry", "")},
            "joined": {"joined_on__year": self._year},
        }
        return {field: value for name in names for field, value in valid[name].items() if value}

    def _value(self, name: str) -> str:
        return (self.data.get(name) or "").strip()

    def _valid_words(self) -> str:
        """Return the search words, or ``""`` if the form rejects them."""
        try:
            words: str = self.filters["q"].field.clean(self._value("q"))
        except ValidationError:
            return ""
        return words


def _is_year(text: str) -> bool:
    return bool(re.fullmatch("[0-9]{4}", text)) and FIRST_YEAR <= int(text) <= clock.today().year


def _choices(shares: list[stats.Share]) -> list[tuple[str, str]]:
    # Translators: a choice of a filter and the number of its members.
    return [
        (s.key, _("%(name)s (%(number)d)") % {"name": s.name, "number": s.members}) for s in shares
    ]
