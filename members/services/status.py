"""Suspension, reinstatement and departure of members, by moderators and admins.

Only the status changes: roles, drafts, cases and referrals stay as they are, and the rules that read the status do the
rest. ``Member.READING`` are the statuses with access, ``Member.WRITING`` those in which people may file and change
things. Undecided cases are decided, because a complaint stays a valid notice, and referrals go on.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.lib import visible
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from members import roles
from members.mail import notices
from members.models import Member, MemberNotice, StatusChange, User

Kind, Status = StatusChange.Kind, Member.Status
# From which statuses each change is possible, the status after it, and the email to the member's people.
CHANGES = {
    Kind.SUSPENDED: ((Status.ACTIVE,), Status.SUSPENDED, MemberNotice.Kind.MEMBER_SUSPENDED),
    Kind.REINSTATED: ((Status.SUSPENDED,), Status.ACTIVE, MemberNotice.Kind.MEMBER_REINSTATED),
    Kind.LEFT: ((Status.ACTIVE, Status.SUSPENDED), Status.LEFT, MemberNotice.Kind.MEMBER_LEFT),
}


@transaction.atomic
def change(*, member: Member, by: User, kind: str, reason: str) -> Member:
    """Suspend or reinstate the member, or end its membership, from today on. Idempotent.

    Everybody with access is notified of the ``reason``. Raises :class:`Refusal` without a reason,
    :class:`NotAllowed`, and :class:`Conflict` if the member's status does not allow the change; it says who changed it.
    """
    kind, reason = Kind(kind), reason.strip()
    stored = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if not roles.may_review(by) or not roles.is_impartial(by, stored.pk):
        raise NotAllowed(_("Your role does not allow this."))
    if visible.is_blank(reason):
        raise Refusal(_("Enter the reason."))
    allowed, status, notice = CHANGES[kind]
    latest = stored.status_changes.select_related("made_by").first()
    if stored.status not in allowed:
        repeated = latest is not None and (latest.kind, latest.reason, latest.made_by) == (
            kind,
            reason,
            by,
        )
        if repeated:
            return stored
        raise _conflict(stored, latest)
    made = StatusChange.objects.create(member=stored, kind=kind, reason=reason, made_by=by)
    _tell(stored, made, notice)
    stored.status = status
    stored.suspended_on = made.day if kind == Kind.SUSPENDED else None
    if kind == Kind.LEFT:
        stored.left_on = made.day
        stored.invitations.open().update(withdrawn_at=made.made_at)
    stored.save(update_fields=["status", "suspended_on", "left_on"])
    return stored


def possible(member: Member) -> list[StatusChange.Kind]:
    """Return the changes that the member's status allows."""
    return [
        kind for kind, (allowed, _status, _notice) in CHANGES.items() if member.status in allowed
    ]


def _conflict(stored: Member, latest: StatusChange | None) -> Conflict:
    if latest is None:
        text = _("The status of this member is “%(status)s”. This change is not possible.")
        return Conflict(text % {"status": stored.get_status_display()})
    facts = {
        "name": latest.made_by.name,
        "change": latest.get_kind_display(),
        "day": date_format(latest.day),
    }
    text = _("%(name)s has changed the status of this member: %(change)s, %(day)s.")
    return Conflict(text % facts)


def _tell(stored: Member, made: StatusChange, notice: MemberNotice.Kind) -> None:
    """Queue an email to everybody who has access before the change."""
    in_force = stored.memberships.in_force().filter(user__is_active=True)
    for role in in_force.select_related("user"):
        notices.tell(
            notice,
            role.user,
            about=f"{made.pk}:{role.user_id}",
            member=stored,
            reason=made.reason,
            day=made.day.isoformat(),
        )
