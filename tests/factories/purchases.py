"""Test purchases, by the services in order."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from alliance.lib import clock
from cases.models import PurchaseInCase, Seller, TestPurchase, TestPurchaseFile
from cases.services.purchases import ending, files, in_cases, planning, steps
from members.models import Brand, User
from tests.factories import people
from tests.factories.cases import listing_urls
from tests.factories.directory import brand, right
from tests.factories.files import png
from tests.factories.numbers import number
from tests.factories.people import filer_of
from tests.factories.sellers import seller

STATUSES = (
    *("planned", "ordered", "received", "examined", "stored", "disposal_proposed", "disposed"),
)


def purchase(
    status: str = "planned",
    *,
    of: Brand | None = None,
    by: User | None = None,
    second: User | None = None,
    against: Seller | None = None,
    verdict: str = "fake",
    days_ago: int = 10,
    keep_until: date | None = None,
    **planned: Any,
) -> TestPurchase:
    """A test purchase in ``status``, ordered, received, examined and stored ``days_ago``.

    ``second`` confirms the disposal. Goods for disposal had to be kept until yesterday, others for three years.
    """
    of = of or brand()
    by, against = by or filer_of(of.member), against or seller()
    values = {"listing_url": listing_urls(against.marketplace, 1)[0], "seller_name": against.name}
    made = planning.plan(
        by=by, token=uuid.uuid4(), brand=of, shop=against.external_id, **values | planned
    )
    if status == "cancelled":
        return ending.cancel(purchase=made, by=by, cancel_reason="The listing is gone.")
    reached = STATUSES[1 : STATUSES.index(status) + 1]
    if keep_until is None and "disposal_proposed" in reached:
        keep_until = clock.today() - timedelta(days=1)
    day = clock.today() - timedelta(days=days_ago)
    for step in reached:
        made = _advance(
            made, step, by=by, second=second, verdict=verdict, day=day, until=keep_until
        )
    return made


def _advance(
    made: TestPurchase,
    step: str,
    *,
    by: User,
    second: User | None,
    verdict: str,
    day: date,
    until: date | None,
) -> TestPurchase:
    facts: dict[str, Any] = {"purchase": made, "by": by}
    if step == "ordered":
        return steps.order(**facts, **order_facts(ordered_on=day))
    if step == "received":
        facts |= {"received_on": day, "carrier": "Parcel & Co", "tracking_number": f"T{number()}"}
        return steps.receive(**facts, sender_address="12 Example Road", condition="Undamaged")
    if step == "examined":
        facts |= {"examined_on": day, "verdict": verdict, "examiner": "Brand laboratory"}
        return steps.examine(**facts, indicators="The label is printed.")
    if step == "stored":
        until = until or made.keep_until
        assert until
        facts |= {"stored_on": day, "keep_until": until, "seal_number": "S-1"}
        return steps.store(**facts, storage_place="Shelf 7")
    if step == "disposal_proposed":
        return ending.propose_disposal(**facts, disposal_method="destroyed")
    other = second or people.filer(made.member)
    return ending.dispose(purchase=made, by=other, disposed_on=clock.today())


def order_facts(**facts: Any) -> dict[str, Any]:
    """The facts of an order."""
    values = {
        "ordered_on": clock.today(),
        "order_number": f"NO-{number()}",
        "price": Decimal("89.90"),
        "currency": "CNY",
        "quantity": 1,
        "variant": "Size 42",
    }
    return values | facts


def purchase_file(of: TestPurchase, *, kind: str = "parcel", **upload: Any) -> TestPurchaseFile:
    """A picture of the parcel."""
    by = filer_of(of.member)
    return files.add(purchase=of, by=by, upload=png(**upload), kind=kind)


def purchase_in_case(status: str = "stored", **facts: Any) -> PurchaseInCase:
    """A test purchase with a file that supports the draft of a case, which was filed from it."""
    of = facts.pop("of", None) or right().brand
    made = purchase(status, of=of, **facts)
    purchase_file(made)
    in_cases.file_case(
        purchase=made,
        by=made.planned_by,
        token=uuid.uuid4(),
        right=of.rights.order_by("pk")[0],
        violation="counterfeit",
        jurisdiction="CN",
        goods_class=25,
        infringement_in=["product"],
        explanation="The label is printed.",
        brand=of,
    )
    return made.in_cases.get()
