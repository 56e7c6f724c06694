"""How the active directory divides by country and by industry: what the public pages count.

Everything takes the members to count as a queryset, so that a page may count a selection of them.
Each function costs one query, however many members there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django_countries import countries

from alliance.lib.countries import sort_key
from members.models import Industry, Member


@dataclass(frozen=True)
class Share:
    """Members of one country or industry. ``key`` is what the directory's filter takes."""

    key: str
    name: str
    members: int


def by_country(members: QuerySet[Member]) -> list[Share]:
    """Return the countries and regions that occur among ``members``, by their name in this language."""
    counted = members.order_by().values_list("country").annotate(members=Count("pk"))
    return sort_by_name(
        [Share(code, country_name(code), number) for code, number in counted if code]
    )


def by_industry(members: QuerySet[Member]) -> list[Share]:
    """Return every industry, in the order the alliance gave them, with how many of ``members`` are in it.

    Industries without members are there too, with 0: a chosen one must keep its name.
    """
    chosen = Q(members__in=members.order_by().values("pk"))
    # Ordered again, because a query that counts groups forgets the model's own order.
    industries = Industry.objects.annotate(number=Count("members", filter=chosen)).order_by(
        "position", "name"
    )
    return [Share(industry.slug, str(industry), industry.number) for industry in industries]


def country_name(code: str) -> str:
    """Return the name of an ISO 3166-1 alpha-2 code in this language, or the code if it is none."""
    return str(countries.name(code)) or code


def sort_by_name(shares: list[Share]) -> list[Share]:
    """Sort countries and regions as lists in the active language do."""
    return sorted(shares, key=lambda share: sort_key(share.key, share.name))
