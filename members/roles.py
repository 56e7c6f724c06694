"""Rules for roles: superusers grant staff roles, and every member keeps an owner."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from alliance.lib import clock
from alliance.lib.refusals import NotAllowed
from members.models import Member, Membership, User


def may_grant_staff_roles(user: User) -> bool:
    """Return whether ``user`` may appoint officers, moderators and admins: superusers only."""
    return user.is_active and user.is_superuser


def may_write(member: Member) -> bool:
    """Return whether people and tokens of ``member`` may file and change things today: active members only.

    People of a suspended member may log in and read; those of a former one have no access
    (:meth:`MembershipQuerySet.in_force`). ``Membership.objects.may_file`` applies this rule to roles.
    """
    return member.may_write


def require_filer(user: User, member_id: int, refusal: str) -> Member:
    """Return the member if ``user`` may file and change things for it today.

    Raises :class:`NotAllowed` with the sentence ``refusal`` otherwise.
    """
    roles = Membership.objects.may_file().filter(user=user, member=member_id)
    role = roles.select_related("member").first()
    if role is None:
        raise NotAllowed(refusal)
    return role.member


def is_owner_today(role: Membership) -> bool:
    """Return whether ``role`` (saved or not) makes an active user an owner today."""
    today = clock.today()
    return (
        role.role == Membership.Role.OWNER
        and not role.is_agent
        and role.user.is_active
        and role.valid_from <= today
        and (role.valid_until is None or role.valid_until >= today)
    )


def is_owner(user: User, member: Member) -> bool:
    """Return whether ``user`` is an owner of ``member`` today."""
    owned = Membership.objects.in_force().filter(role=Membership.Role.OWNER, member=member)
    return user.is_active and owned.filter(user=user).exists()


def owners_today(member: Member) -> QuerySet[User]:
    """Return the active users who are owners of ``member`` today."""
    owned = Membership.objects.in_force().filter(role=Membership.Role.OWNER, member=member)
    return User.objects.filter(pk__in=owned.values("user"), is_active=True).order_by("pk")


def may_review(user: User) -> bool:
    """Return whether ``user`` may verify or return rights: moderators, and admins in the admin."""
    return user.is_active and (user.is_moderator or user.is_staff)


def is_impartial(user: User, member_id: int) -> bool:
    """Return whether ``user`` has no role at the member today. Moderators have none as a rule: one short query."""
    roles = Membership.objects.filter(user=user, member=member_id)
    return not (roles.exists() and roles.in_force().exists())


def left_without_owner(*, replaced: Iterable[int], by: Iterable[Membership] = ()) -> list[Member]:
    """Return the members that would lose their last active owner.

    ``replaced`` are the primary keys of the roles that change or are deleted, and ``by`` are the roles that replace
    them (saved or not). A role that ends in the future counts. The members' rows are locked until the transaction
    ends, so that two owners cannot be deleted at the same time.
    """
    keys = list(replaced)
    owners = Membership.objects.in_force().filter(role=Membership.Role.OWNER, user__is_active=True)
    affected = owners.filter(pk__in=keys).values("member")
    members = Member.objects.select_for_update(no_key=True).filter(pk__in=affected)
    locked = list(members.order_by("pk"))
    if not locked:
        return []
    others = owners.exclude(pk__in=keys).filter(member__in=locked)
    kept = set(others.values_list("member_id", flat=True))
    kept |= {role.member_id for role in by if is_owner_today(role)}
    return [member for member in locked if member.pk not in kept]
