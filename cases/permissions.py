"""Who may do what, as predicates (``rules``). *What is seen* is the business of :mod:`cases.visibility`.

A permission is asked after the object was fetched through it: to strangers it does not
exist (404); to colleagues without the role it answers 403.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from rules.permissions import add_perm
from rules.predicates import predicate

from cases.models import Case
from members.models import Membership, User

Person = User | AnonymousUser

if TYPE_CHECKING:
    from cases.liaison.models import Operation, Referral


@predicate
def is_moderator(user: Person) -> bool:
    return bool(user.is_authenticated and user.is_moderator)


@predicate
def reads_all(user: Person) -> bool:
    """Moderators and admins read every submitted case; only moderators decide."""
    return bool(user.is_authenticated and (user.is_moderator or user.is_staff))


@predicate
def is_admin(user: Person) -> bool:
    return bool(user.is_authenticated and user.is_staff)


@predicate
def is_officer(user: Person) -> bool:
    return bool(
        user.is_authenticated
        and hasattr(user, "officer")
        and user.officer.is_active
        and user.officer.agency.is_active
    )


@predicate
def files_somewhere(user: User) -> bool:
    """Holds a role under which cases may be filed, at some member."""
    return Membership.objects.may_file().filter(user=user).exists()


@predicate
def is_brand_staff(user: User) -> bool:
    return Membership.objects.in_force().filter(user=user).exists()


@predicate
def files_for_member(user: Person, case: Case | None) -> bool:
    """Holds a filing role at the case's own member."""
    if case is None or not user.is_authenticated:
        return False
    return Membership.objects.may_file().filter(user=user, member_id=case.member_id).exists()


@predicate
def is_impartial(user: Person, case: Case | None) -> bool:
    """Holds no role at the case's member: nobody decides what their own side has filed."""
    if case is None or not user.is_authenticated:
        return False
    known: dict[int, bool] = getattr(case, "is_own_side_of", {})
    if user.pk in known:
        return not known[user.pk]
    at_member = Membership.objects.in_force().filter(user=user, member_id=case.member_id)
    return not at_member.exists()


@predicate
def did_not_uphold(user: Person, case: Case | None) -> bool:
    """Did not make the decision that stands: nobody decides on an objection to their own decision."""
    if case is None or not user.is_authenticated:
        return False
    if hasattr(case, "standing"):  # the page of the case brings it along
        return case.standing is None or case.standing.decided_by_id != user.pk
    return not case.decisions.filter(superseded_at=None, decided_by=user).exists()


@predicate
def is_impartial_to_operation(user: Person, operation: Operation | None) -> bool:
    """The same for an operation: holds no role at a member with a case in it."""
    if operation is None or not user.is_authenticated:
        return False
    members = Membership.objects.in_force().filter(user=user).values("member")
    return not operation.cases.filter(member__in=members).exists()


@predicate
def officer_of_referral(user: User, referral: Referral | None) -> bool:
    return (
        referral is not None
        and bool(is_officer(user))
        and referral.agency_id == user.officer.agency_id
    )


@predicate
def verifies(user: User, operation: Operation | None) -> bool:
    """Four eyes: whoever referred one of the operation's cases, or reported it, cannot verify it.

    Nor can whoever holds a role at a member with a case in it.
    """
    if operation is None or not is_moderator(user) or operation.reported_by_id == user.pk:
        return False
    referred = operation.agency.referrals.filter(case__in=operation.cases.all(), referred_by=user)
    return not referred.exists() and bool(is_impartial_to_operation(user, operation))


add_perm("cases.file", files_somewhere)
add_perm("cases.work_at_desk", is_brand_staff)
add_perm("cases.submit_case", files_for_member)
add_perm("cases.answer_case", files_for_member)
add_perm("cases.withdraw_case", files_for_member)
add_perm("cases.read_triage", reads_all)
add_perm("cases.triage", is_moderator)
add_perm("cases.work_on_case", is_moderator & is_impartial)
add_perm("cases.answer_counter_notice", files_for_member)
add_perm("cases.decide_counter_notice", is_moderator & is_impartial & did_not_uphold)
add_perm("liaison.read_channels", reads_all)
# Pause and resume, send again, replay, test. Secrets are the admins' business alone.
add_perm("liaison.operate_channels", reads_all)
add_perm("liaison.manage_channels", is_admin)
add_perm("liaison.work_queue", is_officer)
add_perm("liaison.answer_referral", officer_of_referral)
add_perm("liaison.verify_operation", verifies)
add_perm("liaison.retract_operation", is_moderator & is_impartial_to_operation)
