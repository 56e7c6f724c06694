"""Reminders to owners of rights that expire soon: 90, 30 and 7 days before."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from alliance.lib import clock, counts
from members import roles
from members.mail import notices
from members.models import IPRight, Member, MemberNotice
from members.models.rights import REMINDER_DAYS
from members.services import reminders

# The rights that an email names. It links to the list of the others.
NAMED = 20


@transaction.atomic
def remind_next() -> bool:
    """Remind the owners of one member of its rights with a reminder due; return whether there was one.

    Each owner gets one email for all rights with the same number of days left. A right is in one email for each of
    :data:`REMINDER_DAYS`; if days were missed, only in the last one. Concurrent calls are safe.
    """
    member = reminders.lock_first_member(_due().order_by("expires_on", "pk"))
    if member is None:
        return False
    for days in sorted(REMINDER_DAYS):
        _remind(member, days)
    return True


def _remind(member: Member, days: int) -> None:
    """Queue the emails about the member's rights that have at most ``days`` left, and record the reminder."""
    found = _due_at(days).filter(member=member).order_by("expires_on", "pk")
    rights = list(found[: counts.CAP])
    if not rights:
        return
    IPRight.objects.filter(pk__in=[right.pk for right in rights]).update(reminded_days=days)
    named = [
        {"text": str(right), "expires_on": right.expires_on.isoformat()}  # type: ignore[union-attr]
        for right in rights[:NAMED]
    ]
    for owner in roles.owners_today(member):
        notices.tell(
            MemberNotice.Kind.RIGHTS_EXPIRE,
            owner,
            about=f"{member.pk}:{days}:{clock.now().isoformat()}:{owner.pk}",
            member=member,
            days=days,
            count=len(rights),
            rights=named,
        )


def _due() -> QuerySet[IPRight]:
    """Return the rights with any reminder due."""
    today = clock.today()
    due = Q()
    for days in REMINDER_DAYS:
        due |= reminders.not_reminded(days) & Q(expires_on__lte=today + timedelta(days=days))
    latest = today + timedelta(days=max(REMINDER_DAYS))
    # The range is for the index.
    return _in_use().filter(due, expires_on__range=(today, latest))


def _due_at(days: int) -> QuerySet[IPRight]:
    """Return the rights with the reminder of ``days`` due, and none of a smaller number."""
    today = clock.today()
    latest = today + timedelta(days=days)
    return _in_use().filter(reminders.not_reminded(days), expires_on__range=(today, latest))


def _in_use() -> QuerySet[IPRight]:
    """Return rights of active brands whose members use the portal."""
    active = Member.READING
    return IPRight.objects.filter(brand__is_active=True, member__status__in=active)
