"""Test purchases on which a member's people have to act, as the dashboard shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from alliance.lib import clock
from cases.models import TestPurchase
from cases.states import PurchaseStatus
from members.models import Member, Membership

# A parcel that has not come so long after the order is asked about.
LATE_AFTER = timedelta(days=30)
# The due purchases that the dashboard shows.
SHOWN = 5


@dataclass(frozen=True)
class Due:
    """A purchase that is due. ``reason`` is a key of :func:`reasons`, and ``day`` the day of the order or of the end."""

    member: Member
    reference: str
    seller_name: str
    reason: str
    day: date


def reasons() -> dict[str, tuple[Q, str]]:
    """Return, for each reason, the condition that a purchase is due and the column of its day.

    ``late``: the parcel has not come. ``kept``: the goods need no longer be kept. ``confirm``: a disposal waits for
    another person.
    """
    today = clock.today()
    return {
        "late": (
            Q(status=PurchaseStatus.ORDERED, ordered_on__lte=today - LATE_AFTER),
            "ordered_on",
        ),
        "kept": (Q(status=PurchaseStatus.STORED, keep_until__lt=today), "keep_until"),
        "confirm": (Q(status=PurchaseStatus.DISPOSAL_PROPOSED), "keep_until"),
    }


def is_due() -> Q:
    """Return the condition that a purchase is due for any reason."""
    condition = Q()
    for one, _day in reasons().values():
        condition |= one
    return condition


def with_due(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Annotate ``memberships`` with the due purchases of their members, for :func:`due`."""
    for reason, (condition, day) in reasons().items():
        facts = JSONObject(
            reference="reference",
            seller_name="seller_name",
            reason=Value(reason, CharField()),
            day=day,
        )
        rows = TestPurchase.objects.filter(condition, member=OuterRef("member"))
        first = rows.order_by(day, "id").values_list(facts, flat=True)[: SHOWN + 1]
        memberships = memberships.annotate(**{f"due_{reason}": ArraySubquery(first)})
    return memberships


def due(memberships: Iterable[Any]) -> list[Due]:
    """Return the due purchases, those that are due longest first, at most one more than :data:`SHOWN`. Makes no query.

    ``memberships`` come from :func:`with_due`, with their members.
    """
    found = [
        Due(**facts | {"day": date.fromisoformat(facts["day"])}, member=role.member)
        for role in memberships
        for reason in reasons()
        for facts in getattr(role, f"due_{reason}")
    ]
    return sorted(found, key=lambda one: (one.day, one.reference))[: SHOWN + 1]
