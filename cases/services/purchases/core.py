"""Shared by all steps of test purchases: locking, checks of facts, events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.lib import clock, fingerprint
from alliance.lib.refusals import Conflict, Refusal
from cases.models import TestPurchase, TestPurchaseEvent
from cases.models.test_purchase import FACTS
from cases.queries.listing_facts import day_problem
from cases.states import PURCHASE_TRANSITIONS, Verdict
from members import roles
from members.models import Member, User

# A later year is a typing error.
LATEST_YEAR = 2199
# Facts without which a step is not recorded.
REQUIRED = {
    "order": ("ordered_on", "order_number", "price", "currency", "quantity"),
    "receive": ("received_on",),
    "examine": ("examined_on", "verdict", "examiner"),
    "store": ("stored_on", "storage_place", "keep_until"),
}
# Each day with the one that it cannot precede.
_NOT_BEFORE = {
    "received_on": "ordered_on",
    "examined_on": "received_on",
    "stored_on": "received_on",
    "disposed_on": "stored_on",
    "keep_until": "examined_on",
}


class InvalidFact(Refusal):
    """A fact is missing or wrong. ``field`` is its name."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class PurchaseChanged(Conflict):
    """The facts have changed since the form was opened. ``purchase`` is its current state."""

    def __init__(self, purchase: TestPurchase) -> None:
        text = _("Someone else has changed this test purchase since you opened the form.")
        super().__init__(text)
        self.purchase = purchase


def version(purchase: TestPurchase, step: str) -> str:
    """Return a fingerprint of the facts of ``step``, with which forms detect changes."""
    return fingerprint.of([str(getattr(purchase, name)) for name in FACTS[step]])


def lock(purchase: TestPurchase, by: User) -> TestPurchase:
    """Lock the purchase and return its current state. Raises :class:`NotAllowed` without the role."""
    rows = TestPurchase.objects.select_for_update(no_key=True, of=("self",))
    stored = rows.select_related("brand__member", "member", "marketplace", "seller").get(
        pk=purchase.pk
    )
    check_role(by, stored.member_id)
    return stored


def record(
    purchase: TestPurchase,
    kind: TestPurchaseEvent.Kind,
    by: User,
    *,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Save the locked ``purchase`` with its next version and add an event to its history."""
    purchase.version += 1
    purchase.save()
    TestPurchaseEvent.objects.create(
        purchase=purchase,
        sequence=purchase.version,
        kind=kind,
        note=note,
        data=data or {},
        actor_id=by.pk,
        actor_label=by.name,
        at=clock.now(),
    )


def check_role(by: User, member_id: int) -> Member:
    """Return the member. Raises :class:`NotAllowed` unless ``by`` is one of its owners or filers."""
    text = _("Your role does not allow changing the test purchases of this member.")
    return roles.require_filer(by, member_id, text)


def check(purchase: TestPurchase, verb: str) -> None:
    """Raise :class:`Conflict` if the status does not allow ``verb``."""
    if purchase.status not in PURCHASE_TRANSITIONS[verb][0]:
        raise wrong_status(purchase)


def wrong_status(purchase: TestPurchase) -> Conflict:
    """Return the refusal of a step that the status of ``purchase`` does not allow."""
    text = _("The test purchase is now “%(status)s”, so this can no longer be done.")
    return Conflict(text % {"status": purchase.get_status_display()})


def move(purchase: TestPurchase, verb: str) -> None:
    """Set the status that ``verb`` leads to. The caller calls :func:`check` before, and :func:`record` after."""
    purchase.status = PURCHASE_TRANSITIONS[verb][1]


def set_facts(purchase: TestPurchase, facts: dict[str, Any]) -> None:
    """Set the ``facts`` of the locked purchase, by the names of their columns. :func:`record` saves them."""
    for name, value in facts.items():
        setattr(purchase, name, value)


def has_facts(purchase: TestPurchase, facts: dict[str, Any]) -> bool:
    """Return whether the purchase has exactly these facts, as after a double click."""
    return all(getattr(purchase, name) == value for name, value in facts.items())


def check_facts(purchase: TestPurchase, step: str, facts: dict[str, Any]) -> None:
    """Raise :class:`InvalidFact` if ``facts``, which are set already, do not complete the ``step``."""
    for name in REQUIRED.get(step, ()):
        if getattr(purchase, name) in (None, ""):
            raise InvalidFact(_("This field is required."), name)
    if purchase.verdict == Verdict.FAKE and not purchase.indicators:
        raise InvalidFact(_("Describe what gives the goods away."), "indicators")
    check_days(purchase, [name for name in facts if isinstance(facts[name], date)])


def check_days(purchase: TestPurchase, names: Iterable[str]) -> None:
    """Raise :class:`InvalidFact` for a changed day that is impossible, or that makes another one impossible."""
    for name in names:
        day = getattr(purchase, name)
        if day.year > LATEST_YEAR:
            raise InvalidFact(_("Check the year."), name)
        latest = date.max if name == "keep_until" else None
        if problem := day_problem(day, latest=latest):
            raise InvalidFact(problem, name)
        for later, earlier in _NOT_BEFORE.items():
            first, second = getattr(purchase, earlier), getattr(purchase, later)
            if name in (later, earlier) and first and second and second < first:
                raise InvalidFact(_out_of_order(later, earlier, first), name)


def _out_of_order(later: str, earlier: str, first: date) -> str:
    names = {
        name: TestPurchase._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        for name in (later, earlier)
    }
    return _("“%(later)s” cannot be before “%(earlier)s” (%(day)s).") % {
        "later": names[later],
        "earlier": names[earlier],
        "day": date_format(first),
    }
