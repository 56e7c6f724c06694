"""The rows that the benchmarks are made with fit the tables of today."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count

from benchmarks import membership, pages
from benchmarks.fill import fill
from cases.liaison.models import Referral
from cases.models import Case, Listing
from members.models import Member

pytestmark = pytest.mark.django_db

CASES = 600
_SORTED_COUNT = re.compile(r"ORDER BY [^()]* LIMIT [0-9]+\) subquery$")


def test_the_benchmarks_fill_a_database_with_skewed_data() -> None:
    with connection.cursor() as cursor:
        fill(cursor, CASES)
    assert Case.objects.count() == CASES
    biggest = Member.objects.annotate(number=Count("cases")).order_by("-number")[0]
    assert biggest.slug == "member-1"
    assert 0.2 < biggest.number / CASES < 0.4
    assert 3 < Listing.objects.count() / CASES < 7
    busiest = Referral.objects.values("agency__slug").annotate(number=Count("pk"))
    assert busiest.order_by("-number")[0]["agency__slug"] == "agency-1"
    # The indexes and foreign keys that were taken away are there again.
    constraints = connection.introspection.get_constraints(connection.cursor(), Case._meta.db_table)
    assert {"case_of_member", "case_member_decided"} <= constraints.keys()


def test_every_list_of_the_membership_takes_few_queries() -> None:
    """Those of a big member, with less than a page of rows and with more. The benchmark has the others."""
    few, many = _queries(rights=120, people=40), _queries(rights=900, people=240, counts=True)
    assert {name: number for name, number in many.items() if number > 8} == {}
    assert {name: (few[name], number) for name, number in many.items() if number != few[name]} == {}


def _queries(*, rights: int, people: int, counts: bool = False) -> dict[str, int]:
    """Fill the database, return the number of queries of each list, and undo everything.

    With ``counts``, no count may sort its rows: that reads all of them for a page.
    """
    with transaction.atomic(), pages.test_settings():
        with connection.cursor() as cursor:
            membership.fill(cursor, rights=rights, people=people)
        found = [
            page
            for page in membership.lists()
            if page.owner == "big" and page.login != membership.ADMIN
        ]
        clients = pages.count(found)
        for page in found if counts else ():
            for sql in _sql(page, clients[page.login]):
                assert not _SORTED_COUNT.search(sql), f"{page.name}: {sql}"
        transaction.set_rollback(True)
    return {page.name: page.queries for page in found}


def _sql(page: pages.Page, browser: Any) -> list[str]:
    found: list[str] = []
    pages.watched(lambda: pages.get(browser, page), lambda sql, _rows, _took: found.append(sql))
    return found
