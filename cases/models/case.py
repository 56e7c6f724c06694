"""The case: a complaint of one brand, based on one right, against one seller."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import FilteredRelation, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock, ids, leased, text
from alliance.lib.constraints import together
from alliance.lib.history import tracked
from cases.models.complaint import Complaint
from cases.models.seller import Seller
from cases.states import (
    OPEN,
    OUTCOMES,
    WAITS_FOR,
    ListingPart,
    Outcome,
    Priority,
    Role,
    Status,
)
from members.models import Brand, IPRight, Member, Membership, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cases.models.decision import Decision


def _outcome_fits_the_status() -> Q:
    """Return the condition that ``outcome`` is one that :data:`OUTCOMES` allows for ``status``."""
    condition = ~Q(status__in=[status.value for status in OUTCOMES]) & Q(outcome="")
    for status, outcomes in OUTCOMES.items():
        condition |= Q(status=status.value, outcome__in=[outcome.value for outcome in outcomes])
    return condition


# The states of a decision that is held (:class:`cases.models.HeldDecision`). A case has at most one.
HELD = (leased.WAITING, "second")

_SUBMITTED = ~Q(status=Status.DRAFT) & ~Q(submitted_at=None)


class CaseQuerySet(models.QuerySet["Case"]):
    def submitted(self) -> CaseQuerySet:
        """Return submitted cases: no drafts and no discarded drafts."""
        return self.filter(_SUBMITTED)

    def at_members_of(self, user: User) -> CaseQuerySet:
        """Return all cases of members at which ``user`` has a role today."""
        members = Membership.objects.members_of(user)
        return self.filter(member__in=members)

    def of_member_staff(self, user: User) -> CaseQuerySet:
        """Return the cases of :meth:`at_members_of` without discarded drafts."""
        return self.at_members_of(user).without_discarded()

    def without_discarded(self) -> CaseQuerySet:
        """Return all cases except discarded drafts."""
        return self.exclude(status=Status.WITHDRAWN, submitted_at=None)

    def upheld(self) -> CaseQuerySet:
        """Return cases whose current decision is against the seller."""
        return self.filter(outcome=Outcome.UPHELD)

    def with_decision(self) -> CaseQuerySet:
        """Join the decision in force and its reasons, for :attr:`Case.joined_decision`."""
        in_force = FilteredRelation("decisions", condition=Q(decisions__superseded_at=None))
        joined: Any = self.annotate(decision_in_force=in_force)
        rows: CaseQuerySet = joined.select_related(
            "decision_in_force__reason", "decision_in_force__left_up_reason"
        )
        return rows

    def one_or_none(self) -> Case | None:
        """Return the case that a filter by a unique value leaves, or ``None``."""
        # Planning the many joins of a case takes three times longer with the order that `first` adds.
        return next(iter(self[:1]), None)

    def awaiting_member(self) -> CaseQuerySet:
        """Return cases on which the member has to act: drafts, questions, counter-notices to answer."""
        needing = self.filter(
            status__in=(Status.DRAFT, Status.INFORMATION_REQUESTED, Status.COUNTER_NOTICED)
        )
        # A case has at most one open counter-notice, so the join duplicates no row.
        open_to_answer = Q(
            counter_notices__status="open",
            counter_notices__answered_at=None,
            counter_notices__answer_due_at__gt=clock.now(),
        )
        return needing.filter(~Q(status=Status.COUNTER_NOTICED) | open_to_answer)

    def awaiting_answer(self) -> CaseQuerySet:
        """Return cases whose member has not answered a request for information."""
        return self.filter(status=Status.INFORMATION_REQUESTED)

    def awaiting_triage(self) -> CaseQuerySet:
        """Return cases that can be claimed now: submitted, or with an expired lease and no held decision."""
        free = self.filter(
            Q(status=Status.SUBMITTED) | Q(status=Status.IN_REVIEW, lease_until__lt=clock.now())
        )
        return free.exclude(held_decisions__state__in=HELD)


@tracked(exclude=("updated_at",))
class Case(Complaint):
    """A takedown case. Only ``cases.services`` changes ``status``, ``version`` and the dependent fields.

    ``outcome`` is that of the current decision, whatever the status. ``version`` is the number of the case's last
    event: each service that records an event increments it under the row lock. Times are in UTC. Art. 16(2) of
    Regulation (EU) 2022/2065 requires ``explanation`` and the good-faith statement.
    """

    reference = models.CharField(
        _("reference"), max_length=14, unique=True, default=ids.case_reference, editable=False
    )
    # One for each opened form, so that a double click on "save" creates one case.
    draft_token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # The earlier case of the same brand that this one files again.
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refilings",
        verbose_name=_("earlier case"),
    )
    member = models.ForeignKey(Member, models.PROTECT, related_name="cases")
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="cases", verbose_name=_("brand"))
    right = models.ForeignKey(
        IPRight, models.PROTECT, related_name="cases", verbose_name=_("IP right")
    )
    seller = models.ForeignKey(
        Seller,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("seller"),
    )
    # The shop as the draft names it. Other members must not see it before the case is submitted.
    seller_name = models.CharField(_("shop name in the draft"), max_length=200, blank=True)
    shop_url = models.URLField(_("shop URL in the draft"), max_length=1000, blank=True)
    status = models.CharField(
        _("status"), max_length=22, choices=Status.choices, default=Status.DRAFT
    )
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True, default=""
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assignee")
    )
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created on"), default=clock.now)
    # When something changed that the member sees. Services set it; steps that the member does not see leave it as it is.
    updated_at = models.DateTimeField(default=clock.now, db_default=Now(), editable=False)
    good_faith_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    good_faith_at = models.DateTimeField(_("good faith confirmed on"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted on"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    # While information is requested: when it was requested, the deadline, and when the member was reminded.
    asked_at = models.DateTimeField(_("information requested on"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("member’s answer due"), null=True, blank=True)
    answer_reminded_at = models.DateTimeField(_("member reminded on"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(
                fields=("due_at", "id"),
                name="case_triage",
                condition=Q(status__in=("submitted", "in_review")),
            ),
            models.Index(fields=("member", "-created_at", "-id"), name="case_of_member"),
            models.Index(fields=("member", "updated_at", "id"), name="case_updated_of_member"),
            models.Index(fields=("member", "status"), name="case_member_status"),
            # For subscriptions to saved views, which count what has changed since the last look.
            models.Index(
                fields=("updated_at",),
                name="case_updated",
                condition=Q(submitted_at__isnull=False),
            ),
            models.Index(fields=("status", "-submitted_at", "-id"), name="case_by_status"),
            models.Index(fields=("-submitted_at", "-id"), name="case_recent"),
            models.Index(
                fields=("answer_due_at", "id"),
                name="case_awaits_answer",
                condition=Q(status="information_requested"),
            ),
            models.Index(
                fields=("-decided_at", "-id"),
                name="case_decided",
                condition=Q(decided_at__isnull=False),
            ),
            # For an index-only scan by the figures of the dashboard.
            models.Index(
                fields=("member", "-decided_at"),
                include=("outcome",),
                name="case_member_decided",
                condition=Q(decided_at__isnull=False),
            ),
            # For the latest case that each member has filed, which the roster shows.
            models.Index(
                fields=("member", "-submitted_at"),
                name="case_member_filed",
                condition=Q(submitted_at__isnull=False),
            ),
            # For the search of drafts by the shop name entered in them.
            models.Index(
                fields=("member",),
                name="case_draft_shop",
                condition=~Q(seller_name=""),
            ),
            models.Index(fields=("seller", "-submitted_at", "-id"), name="case_of_seller"),
            # For an index-only scan that counts the members with cases against a seller.
            models.Index(
                fields=("seller", "member"),
                name="case_seller_members",
                condition=Q(submitted_at__isnull=False)
                & ~Q(status="withdrawn")
                & ~Q(outcome__in=("rejected", "reinstated")),
            ),
            models.Index(
                fields=("assignee", "lease_until"),
                name="case_held",
                condition=Q(assignee__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_assignee_and_lease_go_together",
                condition=together("assignee", "lease_until"),
            ),
            models.CheckConstraint(
                name="case_good_faith_by_and_at_go_together",
                condition=together("good_faith_by", "good_faith_at"),
            ),
            models.CheckConstraint(
                name="case_submitted_is_complete",
                condition=Q(status__in=("draft", "withdrawn"))
                | Q(
                    seller__isnull=False,
                    submitted_at__isnull=False,
                    due_at__isnull=False,
                    good_faith_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="case_answer_is_due_while_requested",
                condition=Q(
                    status="information_requested",
                    asked_at__isnull=False,
                    answer_due_at__isnull=False,
                )
                | (
                    ~Q(status="information_requested")
                    & Q(asked_at=None, answer_due_at=None, answer_reminded_at=None)
                ),
            ),
            models.CheckConstraint(
                name="case_outcome_fits_the_status", condition=_outcome_fits_the_status()
            ),
            models.CheckConstraint(
                name="case_infringement_in_known_parts",
                condition=Q(infringement_in__contained_by=ListingPart.values),
            ),
            models.CheckConstraint(
                name="case_held_only_in_review",
                condition=Q(assignee=None) | Q(status="in_review"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the URL of the case's page for the member. Moderators and officers have their own pages."""
        return reverse("desk:case", args=[self.reference])

    @property
    def is_upheld(self) -> bool:
        """Whether the current decision is against the seller."""
        return self.outcome == Outcome.UPHELD

    @property
    def is_open(self) -> bool:
        """Whether the case prevents its listings from being filed again."""
        return self.status in OPEN

    @property
    def is_unanswered(self) -> bool:
        """Whether the member's deadline to answer the moderators has passed."""
        return self.answer_due_at is not None and self.answer_due_at <= clock.now()

    @property
    def waits_for(self) -> Role | None:
        """The role that must act next, or ``None``."""
        return WAITS_FOR.get(Status(self.status))

    @property
    def shop_name(self) -> str:
        """The shop name for the case's own member: in a draft, the name entered there."""
        return self.seller_name or (self.seller.name if self.seller else "")

    @property
    def shop_address(self) -> str:
        """The shop URL for the case's own member: in a draft, the URL entered there."""
        if self.seller_name:
            return self.shop_url
        return self.seller.shop_url if self.seller else ""

    @property
    def infringing_parts(self) -> str:
        """The parts of the listings that infringe, as a list in words."""
        return text.join(part.label for part in ListingPart if part in self.infringement_in)

    @property
    def joined_decision(self) -> Decision | None:
        """The decision in force, as loaded by :meth:`CaseQuerySet.with_decision`."""
        # Django sets no attribute if there is no row.
        decision: Decision | None = getattr(self, "decision_in_force", None)
        return decision

    def is_claimed_by(self, user: User | AnonymousUser) -> bool:
        """Whether ``user`` has claimed the case and the lease has not expired."""
        return (
            self.assignee_id is not None
            and self.assignee_id == user.pk
            and self.lease_until is not None
            and self.lease_until > clock.now()
        )

    @property
    def is_claimed(self) -> bool:
        """Whether the case is claimed and the lease has not expired."""
        return self.lease_until is not None and self.lease_until > clock.now()
