"""Counts inside other queries, and counts that stop counting."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils import formats

CAP = 1000


class Number(Subquery):
    """How many rows a query has, as a value of another one; the query may refer to it by ``OuterRef``."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def capped(rows: QuerySet[Any]) -> Number:
    """Return the number of ``rows``, counted no further than one beyond :data:`CAP`."""
    return Number(rows.order_by().values("pk")[: CAP + 1])


def words(count: int, cap: int | None = None) -> str:
    """Return a capped count as shown: “1,000+” for whatever is beyond the cap."""
    cap = CAP if cap is None else cap
    number = formats.number_format(min(count, cap), force_grouping=True)
    return f"{number}+" if count > cap else number
