"""A member's people: roles, which its owners change."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from members import roles
from members.mail import notices
from members.models import Authorisation, Member, MemberNotice, Membership, User


def lock(member: Member, *, by: User, ends_access: bool = False) -> Member:
    """Lock the member until the transaction ends, for its owner ``by``. Raises :class:`NotAllowed`.

    The lock makes changes of its people one after the other. Owners of a suspended member can only end access
    (``ends_access``); anything else raises :class:`Refusal`.
    """
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if not roles.is_owner(by, locked):
        raise NotAllowed(_("Only owners can change who has access."))
    if not (ends_access or roles.may_write(locked)):
        raise Refusal(_("The member is suspended. Its owners can end access, but not give it."))
    return locked


@transaction.atomic
def change_role(*, membership: Membership, by: User, role: str) -> Membership:
    """Change the role of a person. Idempotent.

    Raises :class:`Refusal` for the last owner and for an agent as an owner, and :class:`Conflict` if the person no longer has access.
    """
    lock(membership.member, by=by)
    found = current(membership)
    if found is None:
        raise Conflict(_("This person no longer has access."))
    if found.role == role:
        return found
    if found.is_agent and role == Membership.Role.OWNER:
        raise Refusal(agent_as_owner())
    found.role = Membership.Role(role).value
    _require_owner(found, [found])
    found.save(update_fields=["role"])
    notify(found, MemberNotice.Kind.ROLE_CHANGED, by, role=found.role)
    return found


@transaction.atomic
def remove(*, membership: Membership, by: User) -> None:
    """End the access of a person to the member at once. Idempotent. Raises :class:`Refusal` for the last owner.

    Cases that the person filed stay with the member, and so do an agent's authorisations.
    """
    lock(membership.member, by=by, ends_access=True)
    found = current(membership)
    if found is None:
        return
    _require_owner(found, [])
    notify(found, MemberNotice.Kind.ROLE_ENDED, by)
    end_authorisations(found, by=by)
    found.delete()


def end_authorisations(role: Membership, *, by: User) -> None:
    """End the agent's authorisations at the member that are not over. The member is locked."""
    rows = Authorisation.objects.filter(agent=role.user_id, member=role.member_id, ended_at=None)
    rows.filter(valid_until__gte=clock.today()).update(ended_by=by, ended_at=clock.now())


def agent_as_owner() -> str:
    """Return the refusal for an agent with the role of an owner."""
    return _("An agent cannot be an owner: owners belong to the member.")


def current(membership: Membership) -> Membership | None:
    """Return the role as it is now, or ``None`` if it was removed."""
    return Membership.objects.filter(pk=membership.pk).select_related("user", "member").first()


def _require_owner(changed: Membership, replaced_by: list[Membership]) -> None:
    if roles.left_without_owner(replaced=[changed.pk], by=replaced_by):
        raise Refusal(_("A member needs an owner. Make another person an owner first."))


def notify(membership: Membership, kind: MemberNotice.Kind, by: User, **data: Any) -> None:
    """Queue an email to the person, unless they made the change themselves."""
    if membership.user_id == by.pk:
        return
    notices.tell(
        kind,
        membership.user,
        about=f"{membership.pk}:{clock.now().isoformat()}",
        member=membership.member,
        by=by.name,
        **data,
    )
