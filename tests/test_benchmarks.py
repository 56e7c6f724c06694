"""The rows that the benchmarks are made with fit the tables of today."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Count

from benchmarks.fill import fill
from cases.liaison.models import Referral
from cases.models import Case, Listing
from members.models import Member

pytestmark = pytest.mark.django_db

CASES = 600


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
