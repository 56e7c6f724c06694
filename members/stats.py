"""Numbers of members by country, industry and year of joining, for the public pages.

The functions count the members of a queryset, with one query each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.db.models import Count, Q, QuerySet
from django_countries import countries

from alliance.lib.countries import sort_key
from members.models import Industry, Member


class Place(Protocol):
    """A country or region, or a number about it, with its code as ``key``."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


P = TypeVar("P", bound=Place)


@dataclass(frozen=True)
class Share:
    """The number of members of a country, industry or year. ``key`` is the value of the directory's filter."""

    key: str
    name: str
    members: int


def by_country(members: QuerySet[Member]) -> list[Share]:
    """Return the countries and regions of ``members``, sorted by name in the active language."""
    counted = members.order_by().values_list("country").annotate(members=Count("pk"))
    return sort_by_name(
        [Share(code, country_name(code), number) for code, number in counted if code]
    )


def by_industry(members: QuerySet[Member]) -> list[Share]:
    """Return every industry in the order of ``position``, with the number of its ``members``.

    Industries without members are included with 0, so that a selected one keeps its name.
    """
    chosen = Q(members__in=members.order_by().values("pk"))
    # Grouping discards the model's order.
    industries = Industry.objects.annotate(number=Count("members", filter=chosen)).order_by(
        "position", "name"
    )
    return [Share(industry.slug, str(industry), industry.number) for industry in industries]


def by_country_and_year(members: QuerySet[Member]) -> dict[tuple[str, str], int]:
    """Return the numbers of ``members`` by country or region and year of joining."""
    counted = members.order_by().values_list("country", "joined_on__year").annotate(n=Count("pk"))
    return {(str(country), str(year or "")): number for country, year, number in counted}


def country_name(code: str) -> str:
    """Return the name of an ISO 3166-1 alpha-2 code in the active language, or an unknown code itself."""
    return str(countries.name(code)) or code


def sort_by_name(places: Iterable[P]) -> list[P]:
    """Sort countries and regions by the rules of the active language."""
    return sorted(places, key=lambda place: sort_key(place.key, place.name))
