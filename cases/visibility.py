"""Which rows a person may see, one function for each noun. Default deny.

A view fetches through one of these: what is not in the answer does not exist for the person (404). What a
person may *do* with a row they see is the business of :mod:`cases.permissions`.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from cases.liaison.models import Disclosed, Escalation, Operation, Referral
from cases.liaison.models.due_times import EscalationQuerySet
from cases.liaison.models.referral import ReferralQuerySet
from cases.models import Case, CaseEvent, Evidence
from cases.models.case import CaseQuerySet
from cases.models.event import Audience
from cases.states import REFERRAL_LIVE, ReferralStatus, Status
from members.models import Membership, User

Person = User | AnonymousUser


def cases(user: Person) -> CaseQuerySet:
    """Return the cases that ``user`` may know of.

    Brand staff: all cases of members at which they hold a role today. Moderators and admins: all that were
    submitted. Officers: those that their agency works on; of a case that it declined it keeps what it was sent.
    """
    if not user.is_authenticated or not user.is_active:
        return Case.objects.none()
    mine = Q(member__in=Membership.objects.in_force().filter(user=user).values("member"))
    if user.is_moderator or user.is_staff:
        return Case.objects.submitted() | Case.objects.filter(mine)
    referred = referrals(user).filter(status__in=REFERRAL_LIVE)
    return Case.objects.filter(mine | Q(pk__in=referred.values("case")))


def submitted_cases(user: Person) -> CaseQuerySet:
    """Return the cases that moderators and admins work with: all that were submitted; none to anybody else."""
    if user.is_authenticated and user.is_active and (user.is_moderator or user.is_staff):
        return Case.objects.submitted()
    return Case.objects.none()


def events(user: Person, *, case: Case | None = None) -> QuerySet[CaseEvent]:
    """Return the timeline entries that ``user`` may read: by audience, and for officers by their agency's referral.

    An agency that declined keeps what passed between it and the moderators, and sees nothing later. With a
    ``case`` those of its timeline: the agency's other referrals are then not looked at.
    """
    entries = CaseEvent.objects.all() if case is None else CaseEvent.objects.filter(case=case)
    if not user.is_authenticated or not user.is_active:
        return entries.none()
    if user.is_moderator or user.is_staff:
        return entries.exclude(case__submitted_at=None)
    members = Membership.objects.in_force().filter(user=user).values("member")
    referred = referrals(user) if case is None else referrals(user).filter(case=case)
    for_member = Q(audience__contains=[Audience.MEMBER], case__member__in=members)
    live = referred.filter(status__in=REFERRAL_LIVE)
    for_agency = Q(audience__contains=[Audience.LIAISON]) & (
        Q(referral_id__in=referred.values("pk")) | Q(referral_id=None, case__in=live.values("case"))
    )
    return entries.filter(for_member | for_agency)


def evidence(user: Person) -> QuerySet[Evidence]:
    """Return the files that ``user`` may be given: those of the cases they may read.

    An agency that may see evidence is given files while it works on the case, not after it declined. Files of
    a discarded draft are given to nobody.
    """
    if not user.is_authenticated or not user.is_active:
        return Evidence.objects.none()
    kept = Evidence.objects.exclude(case__status=Status.WITHDRAWN, case__submitted_at=None)
    if user.is_moderator or user.is_staff:
        return kept.filter(case__in=cases(user).values("pk"))
    members = Membership.objects.in_force().filter(user=user).values("member")
    live = referrals(user).filter(status__in=REFERRAL_LIVE).disclosing(Disclosed.EVIDENCE)
    return kept.filter(Q(case__member__in=members) | Q(case__in=live.values("case")))


def referrals(user: Person) -> ReferralQuerySet:
    """Return the referrals to an officer's own agency that were not withdrawn; all, to moderators and admins."""
    if not user.is_authenticated or not user.is_active:
        return Referral.objects.none()
    if user.is_moderator or user.is_staff:
        return Referral.objects.all()
    return Referral.objects.filter(
        agency__officers__user=user, agency__officers__is_active=True, agency__is_active=True
    ).exclude(status=ReferralStatus.WITHDRAWN)


def operations(user: Person) -> QuerySet[Operation]:
    """Return the operations of an officer's own agency; all, to moderators and admins."""
    if not user.is_authenticated or not user.is_active:
        return Operation.objects.none()
    if user.is_moderator or user.is_staff:
        return Operation.objects.all()
    return Operation.objects.filter(agency__officers__user=user, agency__officers__is_active=True)


def escalations(user: Person) -> EscalationQuerySet:
    """Return the overdue steps of agencies: all, to moderators and admins; none to anybody else."""
    if user.is_authenticated and user.is_active and (user.is_moderator or user.is_staff):
        return Escalation.objects.all()
    return Escalation.objects.none()
