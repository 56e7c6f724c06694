"""Whether the rights that cases cite can still be cited and for how long, and which rights wait for their member."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.lib import counts
from cases.models import Case
from cases.states import OPEN
from members.models import IPRight, Member, Membership

# The rights that expire soon, as the dashboard shows them.
SHOWN = 5


def problem(case: Case) -> str:
    """Return why the right of an open case can no longer be cited, for its readers; ``""`` if it can.

    Drafts are checked by :mod:`cases.queries.readiness`.
    """
    if case.status not in OPEN:
        return ""
    right = case.right
    if right.expires_on is not None and right.has_expired:
        return _("The cited right expired on %(day)s.") % {"day": date_format(right.expires_on)}
    if right.verified_at is None:
        return _("The cited right is no longer verified.")
    return ""


def with_expiring(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Annotate ``memberships`` with ``expiring_rights`` of their members, for :func:`expiring`."""
    rights = IPRight.objects.filter(member=OuterRef("member")).expiring()
    facts = JSONObject(
        id="pk", title="title", office="office", number="number", expires_on="expires_on"
    )
    first = rights.order_by("expires_on", "pk").values_list(facts, flat=True)[: SHOWN + 1]
    return memberships.annotate(expiring_rights=ArraySubquery(first))


def expiring(memberships: Iterable[Any]) -> list[IPRight]:
    """Return the rights that expire first, at most one more than :data:`SHOWN`. Makes no query.

    ``memberships`` come from :func:`with_expiring`, with their members.
    """
    found = [
        IPRight(
            **facts | {"expires_on": date.fromisoformat(facts["expires_on"])}, member=one.member
        )
        for one in memberships
        for facts in one.expiring_rights
    ]
    return sorted(found, key=lambda right: (right.expires_on, right.pk))[: SHOWN + 1]


class WaitingRights(NamedTuple):
    """How many rights of a ``member`` have a ``state`` in which the member must act. ``number`` is capped."""

    member: Member
    state: IPRight.Status
    number: int


def with_waiting(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Annotate ``memberships`` with the numbers of their members' rights, for :func:`waiting`."""
    rights = IPRight.objects.filter(member=OuterRef("member"))
    return memberships.annotate(
        returned_rights=counts.capped(rights.returned()),
        incomplete_rights=counts.capped(rights.incomplete()),
    )


def waiting(memberships: Iterable[Any]) -> list[WaitingRights]:
    """Return the returned and incomplete rights of the members for which the roles may act. Makes no query.

    ``memberships`` come from :func:`with_waiting`, with their members.
    """
    found = [
        WaitingRights(one.member, state, number)
        for one in memberships
        if one.may_file
        for state, number in (
            (IPRight.Status.RETURNED, one.returned_rights),
            (IPRight.Status.INCOMPLETE, one.incomplete_rights),
        )
        if number
    ]
    return found[:SHOWN]
