"""Which rows a person may see, one function for each model. Access is denied by default.

Views fetch objects through these functions, so an object that a person may not see gives a 404.
:mod:`cases.permissions` checks what a person may do with it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from cases.liaison.models import (
    Agency,
    Channel,
    Disclosed,
    Escalation,
    GuideAgency,
    Operation,
    ProductAgency,
    Referral,
)
from cases.liaison.models.channel import ChannelQuerySet
from cases.liaison.models.due_times import EscalationQuerySet
from cases.liaison.models.referral import ReferralQuerySet
from cases.models import (
    BulkJob,
    Case,
    CaseEvent,
    CustodyEntry,
    Evidence,
    HeldDecision,
    Macro,
    OutgoingMail,
    PurchaseInCase,
    SavedView,
    Team,
    TestPurchase,
    ViewSubscription,
)
from cases.models.case import CaseQuerySet
from cases.models.event import Audience
from cases.models.held_decision import HeldDecisionQuerySet
from cases.models.mail import MENTIONED, WATCHED
from cases.models.team import MacroQuerySet
from cases.models.test_purchase import TestPurchaseQuerySet
from cases.states import REFERRAL_LIVE, ReferralStatus, Status
from members import visibility as of_members
from members.models import BrandGuide, DisclosedTo, Document, Membership, Product, User
from members.models.notification import NotificationQuerySet
from members.models.product import ProductQuerySet

Person = User | AnonymousUser


def cases(user: Person) -> CaseQuerySet:
    """Return the cases that ``user`` may see.

    Brand staff see all cases of the members at which they have a role today. Moderators and admins see all
    submitted cases. Officers see the cases with a live referral to their agency.
    """
    if not user.is_authenticated or not user.is_active:
        return Case.objects.none()
    mine = Q(member__in=Membership.objects.members_of(user))
    if user.is_moderator or user.is_staff:
        return Case.objects.submitted() | Case.objects.filter(mine)
    referred = referrals(user).filter(status__in=REFERRAL_LIVE)
    return Case.objects.filter(mine | Q(pk__in=referred.values("case")))


def submitted_cases(user: Person) -> CaseQuerySet:
    """Return all submitted cases for moderators and admins, and none for other users."""
    if user.is_authenticated and user.is_active and (user.is_moderator or user.is_staff):
        return Case.objects.submitted()
    return Case.objects.none()


def bulk_jobs(user: Person) -> QuerySet[BulkJob]:
    """Return the bulk actions of ``user``."""
    if not user.is_authenticated or not user.is_active:
        return BulkJob.objects.none()
    return BulkJob.objects.filter(person=user)


def saved_views(user: Person) -> QuerySet[SavedView]:
    """Return the saved views that a moderator or an admin may see: their own, and those shared with everyone."""
    if user.is_authenticated and user.is_active and (user.is_moderator or user.is_staff):
        return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True))
    return SavedView.objects.none()


def view_subscriptions(user: Person) -> QuerySet[ViewSubscription]:
    """Return the subscriptions of ``user`` to views that they may see."""
    if not user.is_authenticated:
        return ViewSubscription.objects.none()
    return ViewSubscription.objects.filter(user=user, view__in=saved_views(user))


def events(user: Person, *, case: Case | None = None) -> QuerySet[CaseEvent]:
    """Return the timeline entries that ``user`` may see.

    Moderators and admins see all entries of submitted cases. Other users see the entries for their audience:
    brand staff those of their members' cases, officers those of their agency's referrals, even if it declined
    them. While a referral is live, officers also see the entries of the case that belong to no referral. ``case``
    limits the result to one timeline, and makes the query cheaper.
    """
    entries = CaseEvent.objects.all() if case is None else CaseEvent.objects.filter(case=case)
    if not user.is_authenticated or not user.is_active:
        return entries.none()
    if user.is_moderator or user.is_staff:
        return entries.exclude(case__submitted_at=None)
    members = Membership.objects.members_of(user)
    referred = referrals(user) if case is None else referrals(user).filter(case=case)
    for_member = Q(audience__contains=[Audience.MEMBER], case__member__in=members)
    live = referred.filter(status__in=REFERRAL_LIVE)
    for_agency = Q(audience__contains=[Audience.LIAISON]) & (
        Q(referral_id__in=referred.values("pk")) | Q(referral_id=None, case__in=live.values("case"))
    )
    return entries.filter(for_member | for_agency)


def held_decisions(user: Person) -> HeldDecisionQuerySet:
    """Return all held decisions for moderators and admins, and none for other users."""
    if user.is_authenticated and user.is_active and (user.is_moderator or user.is_staff):
        return HeldDecision.objects.all()
    return HeldDecision.objects.none()


def evidence(user: Person) -> QuerySet[Evidence]:
    """Return the evidence files that ``user`` may download.

    An agency that may see evidence has access while its referral is live, but not after it declines. The files
    of a discarded draft are not available to anyone.
    """
    if not user.is_authenticated or not user.is_active:
        return Evidence.objects.none()
    kept = Evidence.objects.exclude(case__status=Status.WITHDRAWN, case__submitted_at=None)
    if user.is_moderator or user.is_staff:
        return kept.filter(case__in=cases(user).values("pk"))
    members = Membership.objects.members_of(user)
    live = referrals(user).filter(status__in=REFERRAL_LIVE).disclosing(Disclosed.EVIDENCE)
    return kept.filter(Q(case__member__in=members) | Q(case__in=live.values("case")))


def test_purchases(user: Person) -> TestPurchaseQuerySet:
    """Return the test purchases that ``user`` may see.

    Brand staff see those of the members at which they have a role today. Moderators and admins see those that support
    a submitted case. Nobody else sees any: an agency gets the files as evidence of a case.
    """
    if not user.is_authenticated or not user.is_active:
        return TestPurchase.objects.none()
    mine = Q(member__in=Membership.objects.members_of(user))
    if user.is_moderator or user.is_staff:
        supporting = PurchaseInCase.objects.filter(case__submitted_at__isnull=False)
        return TestPurchase.objects.filter(mine | Q(pk__in=supporting.values("purchase")))
    return TestPurchase.objects.filter(mine)


def custody(user: Person) -> QuerySet[CustodyEntry]:
    """Return the custody entries of the files that ``user`` may download, for moderators and admins only."""
    if not user.is_authenticated or not (user.is_moderator or user.is_staff):
        return CustodyEntry.objects.none()
    return CustodyEntry.objects.filter(evidence_id__in=evidence(user).values("pk"))


def webhooks(user: Person) -> ChannelQuerySet:
    """Return the webhooks of the members of which ``user`` is an owner today, without deleted ones."""
    if not user.is_authenticated or not user.is_active:
        return Channel.objects.none()
    owned = Membership.objects.in_force().filter(user=user, role=Membership.Role.OWNER)
    return Channel.objects.of_members().filter(member__in=owned.values("member"))


def notifications(user: Person) -> NotificationQuerySet:
    """Return the notifications of ``user`` about cases, without those of members at which the user no longer has a role.

    Those of moderators are visible while the user is one, and has no role at the case's member.
    """
    if not user.is_authenticated or not user.is_active:
        return OutgoingMail.objects.none()
    roles = Membership.objects.in_force().filter(user=user, member=OuterRef("case__member"))
    # With COALESCE, PostgreSQL checks row by row, in the order of an index. It would turn EXISTS alone into a join,
    # and might begin with all cases of the members.
    has_role = Q(Coalesce(Exists(roles), Value(False)))
    for_moderators = Q(kind=MENTIONED) | Q(kind__startswith=WATCHED)
    if user.is_moderator:
        may_see = (for_moderators & ~has_role) | (~for_moderators & has_role)
    else:
        may_see = ~for_moderators & has_role
    return OutgoingMail.objects.filter(may_see, user=user)


def referrals(user: Person) -> ReferralQuerySet:
    """Return all referrals for moderators and admins, and those of their agency for officers.

    Officers do not see withdrawn referrals.
    """
    if not user.is_authenticated or not user.is_active:
        return Referral.objects.none()
    if user.is_moderator or user.is_staff:
        return Referral.objects.all()
    return Referral.objects.filter(
        agency__officers__user=user, agency__officers__is_active=True, agency__is_active=True
    ).exclude(status=ReferralStatus.WITHDRAWN)


def operations(user: Person) -> QuerySet[Operation]:
    """Return all operations for moderators and admins, and those of their agency for officers."""
    if not user.is_authenticated or not user.is_active:
        return Operation.objects.none()
    if user.is_moderator or user.is_staff:
        return Operation.objects.all()
    return Operation.objects.filter(
        agency__officers__user=user, agency__officers__is_active=True, agency__is_active=True
    )


def escalations(user: Person) -> EscalationQuerySet:
    """Return the overdue steps of agencies for moderators and admins, and none for other users."""
    if user.is_authenticated and user.is_active and (user.is_moderator or user.is_staff):
        return Escalation.objects.all()
    return Escalation.objects.none()


def teams(user: Person) -> QuerySet[Team]:
    """Return the teams of a moderator, all teams for admins, and none for other users."""
    if not user.is_authenticated or not user.is_active:
        return Team.objects.none()
    if user.is_staff:
        return Team.objects.all()
    return Team.objects.filter(places__user=user) if user.is_moderator else Team.objects.none()


def macros(user: Person) -> MacroQuerySet:
    """Return the macros of everyone and those of the user's :func:`teams`, for moderators and admins only."""
    if not user.is_authenticated or not (user.is_moderator or user.is_staff):
        return Macro.objects.none()
    return Macro.objects.filter(Q(team=None) | Q(team__in=teams(user).values("pk")))


def macros_to_use(user: Person) -> MacroQuerySet:
    """Return the macros that ``user`` may use: of :func:`macros`, an admin only reads those of other teams."""
    if not user.is_authenticated or not user.is_moderator:
        return Macro.objects.none()
    return macros(user).filter(Q(team=None) | Q(team__places__user=user))


def disclosed_products(agencies: QuerySet[Agency]) -> ProductQuerySet:
    """Return the products that their brands disclose to one of ``agencies``; none without the brand's choice.

    A product follows its own setting, or that of its brand's guide. Retired products are not disclosed. Whether an
    agency knows of the brand at all, because of a case that was referred to it, is for the caller: :func:`products`
    and the pages of a referral.
    """
    return Product.objects.filter(_disclosed(agencies))


def disclosed_guides(agencies: QuerySet[Agency]) -> QuerySet[BrandGuide]:
    """Return the guides that their brands disclose to one of ``agencies``."""
    chosen = GuideAgency.objects.filter(guide=OuterRef("pk"))
    return BrandGuide.objects.filter(_disclosed_to(agencies, chosen))


def _disclosed(agencies: QuerySet[Agency]) -> Q:
    """Return the condition that a product is disclosed to one of ``agencies``."""
    own = _disclosed_to(agencies, ProductAgency.objects.filter(product=OuterRef("pk")))
    guides = disclosed_guides(agencies).filter(brand=OuterRef("brand"))
    follows = Q(Exists(guides), disclosed_to=DisclosedTo.BRAND)
    return Q(own | follows, is_active=True)


def _disclosed_to(agencies: QuerySet[Agency], chosen: QuerySet[Any]) -> Q:
    """Return the condition that a product or a guide is disclosed to one of ``agencies``. ``chosen`` are its own choices."""
    countries = ArraySubquery(agencies.order_by().values("country"))
    return (
        Q(Exists(agencies), disclosed_to=DisclosedTo.ALL)
        | Q(disclosed_to=DisclosedTo.COUNTRIES, disclosed_countries__overlap=countries)
        | Q(Exists(chosen.filter(agency__in=agencies)), disclosed_to=DisclosedTo.AGENCIES)
    )


def products(user: Person) -> ProductQuerySet:
    """Return the products that ``user`` may see.

    Brand staff, moderators and admins see those of :func:`members.visibility.products`. Officers see those disclosed
    to their agency, of brands that the agency knows from a live referral.
    """
    if not user.is_authenticated or not user.is_active or user.is_moderator or user.is_staff:
        return of_members.products(user)
    agencies = Agency.objects.filter(officers__user=user, officers__is_active=True, is_active=True)
    live = referrals(user).filter(status__in=REFERRAL_LIVE, case__brand=OuterRef("brand"))
    # With COALESCE, PostgreSQL checks row by row, as in notifications().
    known = Coalesce(Exists(live.disclosing(Disclosed.MEMBER)), Value(False))
    mine = Q(member__in=Membership.objects.members_of(user))
    return Product.objects.filter(mine | Q(known, _disclosed(agencies)))


def documents(user: Person) -> QuerySet[Document]:
    """Return the documents that ``user`` may download: with the pictures of the products that they see."""
    return of_members.documents(user, products(user))
