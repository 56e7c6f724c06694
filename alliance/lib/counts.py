"""Counts as subqueries, and counts with an upper limit."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils import formats

CAP = 1000


class Number(Subquery):
    """A subquery that returns the number of rows of a query. The query may use ``OuterRef``."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    # Django does not run a query of which it knows that it has no rows.
    empty_result_set_value = 0


def capped(rows: QuerySet[Any], cap: int | None = None) -> Number:
    """Return the number of ``rows`` as a subquery that stops at ``cap`` + 1; ``cap`` is :data:`CAP` by default."""
    cap = CAP if cap is None else cap
    return Number(rows.order_by().values("pk")[: cap + 1])


def count(rows: QuerySet[Any], cap: int = CAP) -> int:
    """Return the number of ``rows``, at most ``cap`` + 1. They are not sorted, which would read all of them."""
    return rows.order_by()[: cap + 1].count()


def words(count: int, cap: int | None = None) -> str:
    """Format a capped count in the active language: “1,000+” above ``cap``, which is :data:`CAP` by default."""
    cap = CAP if cap is None else cap
    number = formats.number_format(min(count, cap), force_grouping=True)
    return f"{number}+" if count > cap else number
