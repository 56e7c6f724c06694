"""Two people act on one test purchase at the same moment."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from cases.models import TestPurchase
from cases.services.purchases import ending, files, in_cases, planning
from tests import factories
from tests.concurrency import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_people_confirm_a_disposal() -> None:
    purchase = factories.purchase("disposal_proposed")
    one, two = (factories.filer(purchase.member) for _ in range(2))
    today = clock.today()
    results = run_concurrently(
        lambda: ending.dispose(purchase=purchase, by=one, disposed_on=today),
        lambda: ending.dispose(purchase=purchase, by=two, disposed_on=today),
    )
    assert len([result for result in results if isinstance(result, Refusal)]) == 1
    assert purchase.events.filter(kind="disposed").count() == 1


def test_confirmed_and_rejected() -> None:
    purchase = factories.purchase("disposal_proposed")
    other = factories.filer(purchase.member)
    run_concurrently(
        lambda: ending.dispose(purchase=purchase, by=other, disposed_on=clock.today()),
        lambda: ending.keep(purchase=purchase, by=purchase.planned_by),
    )
    purchase.refresh_from_db()
    kinds = set(purchase.events.values_list("kind", flat=True))
    assert (purchase.status, kinds & {"kept", "disposed"}) in (
        ("disposed", {"disposed"}),
        ("stored", {"kept"}),
    )


def test_double_clicks() -> None:
    """A form that is sent twice plans one purchase, stores one file and files one case."""
    right = factories.right()
    brand, shop = right.brand, factories.seller()
    by = factories.filer(brand.member)
    url = factories.listing_urls(shop.marketplace, 1)[0]
    facts: dict[str, Any] = {"by": by, "token": uuid.uuid4(), "brand": brand, "listing_url": url}
    facts |= {"shop": shop.external_id, "seller_name": "Shop"}
    first, second = run_concurrently(*[lambda: planning.plan(**facts)] * 2)
    assert first == second
    purchase = TestPurchase.objects.get()
    assert purchase.events.count() == 1
    add = {"purchase": purchase, "by": by, "kind": "parcel"}
    one, two = run_concurrently(*[lambda: files.add(**add, upload=factories.png(seed=7))] * 2)
    assert one == two
    case = {"purchase": purchase, "by": by, "token": uuid.uuid4(), "right": right, "brand": brand}
    case |= {"violation": "counterfeit", "jurisdiction": "CN", "goods_class": 25}
    results = run_concurrently(*[lambda: in_cases.file_case(**case, explanation="x")] * 2)
    assert results[0] == results[1]
    assert results[0].evidence.count() == 1
    assert purchase.in_cases.count() == 1
