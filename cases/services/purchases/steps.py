"""Order, arrival, examination and storage of a test purchase, and their correction."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import Conflict
from cases.models import TestPurchase, TestPurchaseEvent
from cases.models.test_purchase import FACTS
from cases.services.purchases import core
from cases.states import PURCHASE_TRANSITIONS, PurchaseStatus
from members.models import User

# Fakes are kept for more than three years in the evidence stores of test-purchase programmes. In China the limitation
# period of infringement of an exclusive trademark right is also three years (Civil Code, art. 188).
KEEP_YEARS = 3


def order(
    *,
    purchase: TestPurchase,
    by: User,
    ordered_on: date,
    order_number: str,
    price: Decimal,
    currency: str,
    quantity: int,
    variant: str = "",
    deliver_to: str = "",
) -> TestPurchase:
    """Record the order. ``price`` is the total paid in ``currency`` (ISO 4217). Idempotent."""
    facts = {"ordered_on": ordered_on, "order_number": order_number, "price": price}
    facts |= {"currency": currency, "quantity": quantity}
    return _do(purchase, "order", by, facts | {"variant": variant, "deliver_to": deliver_to})


def receive(
    *,
    purchase: TestPurchase,
    by: User,
    received_on: date,
    carrier: str = "",
    tracking_number: str = "",
    sender_address: str = "",
    condition: str = "",
) -> TestPurchase:
    """Record the arrival of the parcel. Idempotent."""
    facts = {"received_on": received_on, "carrier": carrier, "tracking_number": tracking_number}
    facts |= {"sender_address": sender_address, "condition": condition}
    return _do(purchase, "receive", by, facts)


def examine(
    *,
    purchase: TestPurchase,
    by: User,
    examined_on: date,
    verdict: str,
    indicators: str = "",
    examiner: str,
) -> TestPurchase:
    """Record the brand's examination, from which the goods are kept for :data:`KEEP_YEARS`. Idempotent.

    A verdict that the goods are fake needs ``indicators``.
    """
    facts = {"examined_on": examined_on, "verdict": verdict, "indicators": indicators}
    return _do(purchase, "examine", by, facts | {"examiner": examiner})


def store(
    *,
    purchase: TestPurchase,
    by: User,
    stored_on: date,
    storage_place: str,
    seal_number: str = "",
    keep_until: date,
) -> TestPurchase:
    """Record where the goods are kept, and until when. Idempotent."""
    facts = {"stored_on": stored_on, "storage_place": storage_place, "seal_number": seal_number}
    return _do(purchase, "store", by, facts | {"keep_until": keep_until})


@transaction.atomic
def correct(
    *, purchase: TestPurchase, by: User, step: str, seen: str | None = None, **facts: Any
) -> bool:
    """Correct facts of a recorded ``step`` (a key of :data:`FACTS`); return whether anything changed.

    ``seen`` is the :func:`.core.version` that the form shows, ``None`` to skip this check. The event has the old and the new
    values. The day until which the goods are kept follows the day of the examination, unless somebody has chosen another.
    Raises :class:`.core.PurchaseChanged`, :class:`.core.InvalidFact`, :class:`Conflict` and :class:`NotAllowed`.
    """
    purchase = core.lock(purchase, by)
    if core.has_facts(purchase, facts):
        return False
    if purchase.has_ended or not purchase.has_done(step):
        raise core.wrong_status(purchase)
    if purchase.status == PurchaseStatus.DISPOSAL_PROPOSED:
        # The second person confirms what the page shows.
        raise Conflict(_("A disposal is proposed. Reject it before you correct anything."))
    if seen is not None and seen != core.version(purchase, step):
        raise core.PurchaseChanged(purchase)
    assert set(facts) <= set(FACTS[step])
    facts |= _computed(purchase, facts)
    before = {name: getattr(purchase, name) for name in facts}
    core.set_facts(purchase, facts)
    core.check_facts(purchase, step, facts)
    changed = {
        name: [str(value if value is not None else ""), str(getattr(purchase, name))]
        for name, value in before.items()
        if value != getattr(purchase, name)
    }
    core.record(
        purchase, TestPurchaseEvent.Kind.CORRECTED, by, data={"step": step, "changed": changed}
    )
    return True


def _computed(purchase: TestPurchase, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that follow from corrected ones, for the ``purchase`` as it was before."""
    before, after = purchase.examined_on, facts.get("examined_on")
    if before and after and purchase.keep_until == kept_for(before):
        return {"keep_until": kept_for(after)}
    return {}


def kept_for(day: date) -> date:
    """Return the day :data:`KEEP_YEARS` after ``day``."""
    try:
        return day.replace(year=day.year + KEEP_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year + KEEP_YEARS, month=3, day=1)


@transaction.atomic
def _do(purchase: TestPurchase, verb: str, by: User, facts: dict[str, Any]) -> TestPurchase:
    purchase = core.lock(purchase, by)
    target = PURCHASE_TRANSITIONS[verb][1]
    if purchase.status == target and core.has_facts(purchase, facts):
        return purchase
    core.check(purchase, verb)
    core.set_facts(purchase, facts)
    core.check_facts(purchase, verb, facts)
    if verb == "examine":
        purchase.keep_until = kept_for(facts["examined_on"])
    core.move(purchase, verb)
    core.record(purchase, TestPurchaseEvent.Kind(target.value), by)
    return purchase
