"""Reminders of authorisations that end soon, to the agent and the member's owners: 30 and 7 days before."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from members import roles
from members.mail import notices
from members.models import Authorisation, Member, MemberNotice, User
from members.models.authorisation import REMINDER_DAYS
from members.services import reminders


@transaction.atomic
def remind_next() -> bool:
    """Remind the agents and the owners of one member of authorisations; return whether a reminder was due.

    Each authorisation is in one email for each of :data:`REMINDER_DAYS`; if days were missed, only in the last one.
    Concurrent calls are safe: the member's row is locked, as for changes of its people.
    """
    member = reminders.lock_first_member(_due().order_by("valid_until", "pk"))
    if member is None:
        return False
    for days in sorted(REMINDER_DAYS):
        due = _due_at(days).filter(member=member).select_related("agent")
        for authorisation in list(due.order_by("valid_until", "pk")):
            _remind(authorisation, member, days)
    return True


def _remind(authorisation: Authorisation, member: Member, days: int) -> None:
    agent = authorisation.agent
    assert agent is not None
    authorisation.reminded_days = days
    authorisation.save(update_fields=["reminded_days"])
    readers: list[User] = [agent, *roles.owners_today(member)]
    for reader in readers:
        notices.tell(
            MemberNotice.Kind.AGENT_ENDS,
            reader,
            about=f"{authorisation.pk}:{days}:{reader.pk}",
            member=member,
            authorisation=authorisation.pk,
            agent=agent.name,
            is_agent=reader == agent,
            ends=authorisation.valid_until.isoformat(),
        )


def _due() -> QuerySet[Authorisation]:
    """Return the authorisations with any reminder due."""
    due = [_due_at(days).values("pk") for days in REMINDER_DAYS]
    return Authorisation.objects.filter(Q(pk__in=due[0]) | Q(pk__in=due[1]))


def _due_at(days: int) -> QuerySet[Authorisation]:
    """Return the authorisations with the reminder of ``days`` due, and none of a smaller number."""
    found = Authorisation.objects.of_agents().ending(within=days)
    return found.filter(reminders.not_reminded(days))
