"""The end of a test purchase: cancelled before the parcel arrives, or disposal by two people."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.lib import clock, fingerprint
from alliance.lib.refusals import NotAllowed, Refusal
from cases.liaison.models import Referral
from cases.models import Case, TestPurchase, TestPurchaseEvent
from cases.services.purchases import core
from cases.states import REFERRAL_UNFINISHED, UNDECIDED, PurchaseStatus, Status
from members.models import User

Kind = TestPurchaseEvent.Kind


@transaction.atomic
def propose_disposal(
    *, purchase: TestPurchase, by: User, disposal_method: str, disposal_note: str = ""
) -> TestPurchase:
    """Propose to dispose of the goods, which another person confirms. Idempotent.

    Raises :class:`Refusal` before the date until which they are kept, and while a case or an agency needs them.
    """
    purchase = core.lock(purchase, by)
    facts = {"disposal_method": disposal_method, "disposal_note": disposal_note}
    if purchase.status == PurchaseStatus.DISPOSAL_PROPOSED and core.has_facts(purchase, facts):
        return purchase
    core.check(purchase, "propose_disposal")
    if disposal_method not in TestPurchase.DisposalMethod.values:
        raise core.InvalidFact(_("Choose the method of disposal."), "disposal_method")
    _check_disposable(purchase)
    core.set_facts(
        purchase, facts | {"disposal_proposed_by": by, "disposal_proposed_at": clock.now()}
    )
    core.move(purchase, "propose_disposal")
    data = {"method": disposal_method}
    core.record(purchase, Kind.DISPOSAL_PROPOSED, by, note=disposal_note, data=data)
    return purchase


@transaction.atomic
def keep(*, purchase: TestPurchase, by: User) -> TestPurchase:
    """Reject a proposed disposal, or take one's own proposal back: the goods stay in the store. Idempotent."""
    purchase = core.lock(purchase, by)
    if purchase.status == PurchaseStatus.STORED:
        return purchase
    core.check(purchase, "keep")
    empty = {"disposal_method": "", "disposal_note": ""}
    core.set_facts(purchase, empty | {"disposal_proposed_by": None, "disposal_proposed_at": None})
    core.move(purchase, "keep")
    core.record(purchase, Kind.KEPT, by)
    return purchase


@transaction.atomic
def dispose(
    *, purchase: TestPurchase, by: User, disposed_on: date, seen: str | None = None
) -> TestPurchase:
    """Confirm that the goods were disposed of on a day. Idempotent.

    ``seen`` is the :func:`proposal_version` that the page shows, ``None`` to skip this check. Raises
    :class:`.core.PurchaseChanged` for another proposal, :class:`NotAllowed` for the person who proposed it, and
    :class:`Refusal` while a case or an agency needs the goods.
    """
    purchase = core.lock(purchase, by)
    if purchase.status == PurchaseStatus.DISPOSED and purchase.disposed_by_id == by.pk:
        return purchase
    core.check(purchase, "dispose")
    if purchase.disposal_proposed_by_id == by.pk:
        raise NotAllowed(_("You proposed the disposal, so another person must confirm it."))
    if seen is not None and seen != proposal_version(purchase):
        raise core.PurchaseChanged(purchase)
    _check_disposable(purchase)
    core.set_facts(
        purchase, {"disposed_on": disposed_on, "disposed_by": by, "disposed_at": clock.now()}
    )
    core.check_days(purchase, ("disposed_on",))
    core.move(purchase, "dispose")
    core.record(purchase, Kind.DISPOSED, by)
    return purchase


@transaction.atomic
def cancel(*, purchase: TestPurchase, by: User, cancel_reason: str) -> TestPurchase:
    """Cancel a purchase whose parcel has not arrived. Idempotent."""
    purchase = core.lock(purchase, by)
    facts = {"cancel_reason": cancel_reason}
    if purchase.status == PurchaseStatus.CANCELLED and core.has_facts(purchase, facts):
        return purchase
    core.check(purchase, "cancel")
    if not cancel_reason:
        raise core.InvalidFact(_("Enter the reason."), "cancel_reason")
    core.set_facts(purchase, facts | {"cancelled_by": by, "cancelled_at": clock.now()})
    core.move(purchase, "cancel")
    core.record(purchase, Kind.CANCELLED, by, note=cancel_reason)
    return purchase


def proposal_version(purchase: TestPurchase) -> str:
    """Return a fingerprint of the proposed disposal. Facts cannot be corrected while it is proposed."""
    return fingerprint.of(
        purchase.disposal_proposed_by_id,
        str(purchase.disposal_proposed_at),
        purchase.disposal_method,
        purchase.disposal_note,
    )


def needed_by(purchase: TestPurchase) -> Case | None:
    """Return a case that needs the goods: undecided, with an open counter-notice, or with an agency that works on it."""
    cases = Case.objects.filter(test_purchases__purchase=purchase).order_by("pk")
    statuses = (*UNDECIDED, Status.COUNTER_NOTICED)
    referred = Referral.objects.filter(status__in=REFERRAL_UNFINISHED)
    return (
        cases.filter(status__in=statuses).first()
        or cases.filter(pk__in=referred.values("case")).first()
    )


def _check_disposable(purchase: TestPurchase) -> None:
    if purchase.keep_until is not None and clock.today() <= purchase.keep_until:
        text = _("The goods are kept until %(day)s. Correct that date first if they are released.")
        raise Refusal(text % {"day": date_format(purchase.keep_until)})
    if case := needed_by(purchase):
        text = _("Case %(case)s still needs the goods. Dispose of them when it is finished.")
        raise Refusal(text % {"case": case.reference})
