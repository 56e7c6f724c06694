"""Test purchases on which a member's people have to act, as the dashboard shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject

from alliance.lib import clock
from cases.models import TestPurchase
from cases.models.test_purchase import TestPurchaseQuerySet
from cases.states import PurchaseStatus
from members.models import Member, Membership

# A parcel that has not come so long after the order is asked about.
LATE_AFTER = timedelta(days=30)
# Of each reason.
SHOWN = 5


@dataclass(frozen=True)
class Due:
    """A purchase that is due. ``reason`` is a key of :func:`reasons`, and ``day`` the day of the order or of the end."""

    member: Member
    reference: str
    seller_name: str
    reason: str
    day: date | None


def reasons() -> dict[str, tuple[TestPurchaseQuerySet, str]]:
    """Return, for each reason, the purchases that are due and the column of its day.

    ``late``: the parcel has not come. ``kept``: the goods need no longer be kept. ``confirm``: a disposal waits for
    another person.
    """
    rows, today = TestPurchase.objects.all(), clock.today()
    return {
        "late": (
            rows.filter(status=PurchaseStatus.ORDERED, ordered_on__lte=today - LATE_AFTER),
            "ordered_on",
        ),
        "kept": (rows.filter(status=PurchaseStatus.STORED, keep_until__lt=today), "keep_until"),
        "confirm": (rows.filter(status=PurchaseStatus.DISPOSAL_PROPOSED), "keep_until"),
    }


def with_due(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Annotate ``memberships`` with the due purchases of their members, for :func:`due`."""
    for reason, (rows, day) in reasons().items():
        facts = JSONObject(
            reference="reference",
            seller_name="seller_name",
            reason=Value(reason, CharField()),
            day=day,
        )
        first = rows.filter(member=OuterRef("member")).order_by(day, "id")
        first = first.values_list(facts, flat=True)[: SHOWN + 1]  # type: ignore[assignment]
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
