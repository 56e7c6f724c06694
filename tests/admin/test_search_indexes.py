"""Admin searches use an index, whatever the number of rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory

from cases.liaison.models import Notice
from cases.models import CustodyEntry, Seller, Strike
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "term"),
    [
        (CustodyEntry, "AP-2222-3333"),
        (Notice, "duty@agency.example"),
        (Strike, "820011"),
        (Seller, "820011"),
        (Seller, "Northern Kit"),
    ],
)
def test_search_uses_no_sequential_scan(
    personas: Personas, rf: RequestFactory, model: Any, term: str
) -> None:
    request = rf.get("/")
    request.user = personas.admin
    searched = admin.site._registry[model]
    found, _ = searched.get_search_results(request, model.objects.order_by(), term)
    with connection.cursor() as cursor:
        # PostgreSQL scans small tables sequentially unless that is disabled.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")
        sql, values = found.values("pk").query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan" not in plan, plan
    assert "Index Cond" in plan, plan


def test_sellers_are_found_by_name_and_id(personas: Personas, rf: RequestFactory) -> None:
    shop = factories.seller(name="Northern Kit")
    request = rf.get("/")
    request.user = personas.admin
    searched = admin.site._registry[Seller]
    for term in ("northern", "NORTHERN KIT", shop.external_id, f" {shop.external_id} "):
        found, _ = searched.get_search_results(request, Seller.objects.all(), term)
        assert shop in found, term
    found, _ = searched.get_search_results(request, Seller.objects.all(), "no such shop")
    assert not found.exists()


def test_strike_is_found_by_seller_id_and_case_reference(
    personas: Personas, rf: RequestFactory
) -> None:
    strike = Strike.objects.get(case=factories.upheld_case())
    request = rf.get("/")
    request.user = personas.admin
    searched = admin.site._registry[Strike]
    for term in (strike.seller.external_id, strike.case.reference.lower()):
        found, _ = searched.get_search_results(request, Strike.objects.all(), term)
        assert list(found) == [strike]
