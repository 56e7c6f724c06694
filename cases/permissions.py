"""Who may do what, as predicates of ``rules``. :mod:`cases.visibility` decides which objects a person sees.

Views fetch the object first and then check the permission. A user who may not see the object gets a 404, a
colleague without the role a 403.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from rules.permissions import add_perm
from rules.predicates import predicate

from cases.models import Case, HeldDecision, Macro
from members import roles
from members.models import Membership, User

Person = User | AnonymousUser

if TYPE_CHECKING:
    from cases.liaison.models import Operation, Referral


@predicate
def is_moderator(user: Person) -> bool:
    return bool(user.is_authenticated and user.is_moderator)


@predicate
def may_read_all(user: Person) -> bool:
    """The user is a moderator or an admin, who can read every submitted case."""
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
def may_file_somewhere(user: User) -> bool:
    """The user has a role at a member that allows filing cases."""
    return Membership.objects.may_file().filter(user=user).exists()


@predicate
def is_brand_staff(user: User) -> bool:
    return Membership.objects.in_force().filter(user=user).exists()


@predicate
def may_file_for_member(user: Person, case: Case | None) -> bool:
    """The user has a role at the case's member that allows filing cases."""
    if case is None or not user.is_authenticated:
        return False
    return Membership.objects.may_file().filter(user=user, member_id=case.member_id).exists()


@predicate
def is_impartial(user: Person, case: Case | None) -> bool:
    """The user has no role at the case's member, so is not a party to the case."""
    if case is None or not user.is_authenticated:
        return False
    known: dict[int, bool] = getattr(case, "is_party_by_user", {})  # set by the page of the case
    if user.pk in known:
        return not known[user.pk]
    return roles.is_impartial(user, case.member_id)


@predicate
def did_not_uphold(user: Person, case: Case | None) -> bool:
    """The user did not make the current decision, which the counter-notice disputes."""
    if case is None or not user.is_authenticated:
        return False
    if hasattr(case, "decision_in_force"):  # annotated by the page of the case
        return case.decision_in_force is None or case.decision_in_force.decided_by_id != user.pk
    return not case.decisions.filter(superseded_at=None, decided_by=user).exists()


@predicate
def did_not_make(user: Person, held: HeldDecision | None) -> bool:
    """The user made neither the held decision nor one that it overrides, so is another person."""
    while held is not None:
        if held.by_id == user.pk:
            return False
        held = held.replaces
    return True


@predicate
def is_impartial_to_operation(user: Person, operation: Operation | None) -> bool:
    """The user has no role at a member with a case in the operation."""
    if operation is None or not user.is_authenticated:
        return False
    members = Membership.objects.members_of(user)
    return not operation.cases.filter(member__in=members).exists()


@predicate
def officer_of_referral(user: User, referral: Referral | None) -> bool:
    return (
        referral is not None
        and bool(is_officer(user))
        and referral.agency_id == user.officer.agency_id
    )


@predicate
def may_verify(user: User, operation: Operation | None) -> bool:
    """The user is a second person: a moderator who neither reported the operation nor referred its cases.

    A moderator with a role at a member with a case in the operation cannot verify it either.
    """
    if operation is None or not is_moderator(user) or operation.reported_by_id == user.pk:
        return False
    referred = operation.cases.filter(
        referrals__agency=operation.agency_id, referrals__referred_by=user
    )
    return not referred.exists() and bool(is_impartial_to_operation(user, operation))


@predicate
def is_in_a_team(user: Person) -> bool:
    """The user is a moderator of a team, which has macros."""
    return is_moderator(user) and user.team_places.exists()  # type: ignore[union-attr]  # logged in


@predicate
def is_in_team_of(user: Person, macro: Macro | None) -> bool:
    """The user is a moderator of the team to which the macro belongs."""
    return (
        macro is not None
        and macro.team_id is not None
        and is_moderator(user)
        and user.team_places.filter(team=macro.team_id).exists()  # type: ignore[union-attr]  # logged in
    )


add_perm("cases.file", may_file_somewhere)
add_perm("cases.work_at_desk", is_brand_staff)
add_perm("cases.submit_case", may_file_for_member)
add_perm("cases.answer_case", may_file_for_member)
add_perm("cases.reopen_case", may_file_for_member)
add_perm("cases.withdraw_case", may_file_for_member)
add_perm("cases.read_triage", may_read_all)
add_perm("cases.triage", is_moderator)
add_perm("cases.work_on_case", is_moderator & is_impartial)
add_perm("cases.add_macros", is_in_a_team)
add_perm("cases.change_macros", is_in_team_of)
add_perm("cases.answer_counter_notice", may_file_for_member)
add_perm("cases.decide_counter_notice", is_moderator & is_impartial & did_not_uphold)
add_perm("cases.confirm_decision", is_moderator & did_not_make)
add_perm("liaison.read_channels", may_read_all)
# Pause, resume, resend, replay and test. Only admins manage secrets.
add_perm("liaison.operate_channels", may_read_all)
add_perm("liaison.manage_channels", is_admin)
add_perm("liaison.work_queue", is_officer)
add_perm("liaison.answer_referral", officer_of_referral)
add_perm("liaison.verify_operation", may_verify)
add_perm("liaison.retract_operation", is_moderator & is_impartial_to_operation)
