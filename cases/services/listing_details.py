"""Details of listings as the brand states them: title, price, units sold, and when they were seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import NotAllowed, Refusal
from cases.models import Case, Listing
from cases.models.event import Audience, EventKind
from cases.permissions import may_file_for_member
from cases.queries.listing_facts import day_problem
from cases.services import core, drafts
from cases.states import TAKES_ADDITIONS, Status
from members.models import User

MOST_UNITS = 2**31 - 1


@dataclass(frozen=True)
class Detail:
    """The details of one listing. ``price`` is for one unit, in the currency of the form.

    ``seen_on`` is the day on which the brand saw the listing.
    """

    title: str = ""
    price: Decimal | None = None
    units_sold: int | None = None
    seen_on: date | None = None


@transaction.atomic
def describe(
    *,
    case: Case,
    by: User,
    details: Mapping[int, Detail],
    currency: str,
    seen: Collection[str] | None = None,
) -> Case:
    """Set the details of listings: ``{listing id: Detail}``. ``currency`` is the ISO 4217 code of all prices.

    ``seen`` as in :func:`filing.change_draft`. After submission, a change is recorded on the timeline. Raises
    :class:`NotAllowed`, :class:`Conflict` for a case that has ended, and :class:`Refusal` for a price without
    a currency and for a day that is not possible.
    """
    case = core.lock(case)
    if not may_file_for_member(by, case):
        raise NotAllowed(_("Your role does not allow this."))
    if case.status not in TAKES_ADDITIONS:
        raise core.wrong_status(case)
    if not currency and any(detail.price is not None for detail in details.values()):
        raise Refusal(_("Choose a currency for the prices."))
    for detail in details.values():
        if problem := day_problem(detail.seen_on):
            raise Refusal(problem)
    before = drafts.details_version(case)
    listings = case.listings.filter(pk__in=details)
    changed = [one for one in listings if _set(one, details[one.pk], currency)]
    Listing.objects.bulk_update(changed, Listing.DETAILS, batch_size=300)
    drafts.check(case, before, drafts.details_version(case), seen)
    if changed and case.status != Status.DRAFT:
        core.record(
            case,
            EventKind.LISTINGS_DESCRIBED,
            by=by,
            role=Audience.MEMBER,
            audience=core.MEMBER,
            data={"listings": len(changed)},
        )
    return case


def _set(listing: Listing, detail: Detail, currency: str) -> bool:
    """Set the attributes of ``listing`` from ``detail``; return whether any changed."""
    wanted = {
        "title": detail.title,
        "price": detail.price,
        "currency": currency if detail.price is not None else "",
        "units_sold": detail.units_sold,
        "seen_on": detail.seen_on,
    }
    if {name: getattr(listing, name) for name in Listing.DETAILS} == wanted:
        return False
    for name, value in wanted.items():
        setattr(listing, name, value)
    return True
