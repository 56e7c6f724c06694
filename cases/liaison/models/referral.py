"""The referral of a case to an agency."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models import Case as Choice
from django.db.models import DateTimeField, F, Q, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock, ids
from alliance.lib.history import tracked
from cases.liaison.models.agency import Agency
from cases.models.case import Case
from cases.states import (
    REFERRAL_ENDED,
    REFERRAL_IN_HAND,
    REFERRAL_UNANSWERED,
    REFERRAL_UNFINISHED,
    ReferralStatus,
)
from members.models import User

# Sorts referrals without a due time last.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
# When the agency's next step is or was due; NEVER if no step is awaited.
URGENCY = Choice(
    When(
        status=ReferralStatus.OFFERED,
        then=Least(Choice(When(read_at=None, then=F("read_by"))), F("acknowledge_by")),
    ),
    When(status=ReferralStatus.ACKNOWLEDGED, then=Coalesce(F("accept_by"), Value(NEVER))),
    default=Value(NEVER),
    output_field=DateTimeField(),
)


class ReferralQuerySet(models.QuerySet["Referral"]):
    def with_urgency(self) -> ReferralQuerySet:
        """Add ``urgency``, for sorting by :data:`URGENCY`."""
        return self.annotate(urgency=URGENCY)

    def disclosing(self, what: str) -> ReferralQuerySet:
        """Return referrals whose agency may see ``what``, one of :class:`Disclosed`."""
        return self.filter(agency__discloses__contains=[what])


@tracked(exclude=("update_sequence", "seller_sent"))
class Referral(models.Model):
    """A case referred to an agency. Delivery, reading, acknowledgement and acceptance are recorded separately.

    ``update_sequence`` counts the updates of this referral without gaps. A gap would reveal updates of the
    case that only another agency may see. ``seller_sent`` is the seller's name and ID as sent in the offer,
    folded for searching; empty if they were withheld.
    """

    reference = models.CharField(
        _("reference"), max_length=14, unique=True, default=ids.referral_reference, editable=False
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="referrals", verbose_name=_("agency")
    )
    status = models.CharField(
        _("status"),
        max_length=15,
        choices=ReferralStatus.choices,
        default=ReferralStatus.OFFERED,
    )
    update_sequence = models.PositiveIntegerField(_("updates so far"), default=0, editable=False)
    seller_sent = models.TextField(default="", editable=False)
    note = models.TextField(_("note to the agency"), blank=True, max_length=5000)
    referred_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    referred_at = models.DateTimeField(_("referred"), default=clock.now)
    rule = models.ForeignKey(
        "liaison.ReferralRule",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="referrals",
        verbose_name=_("proposed by"),
    )
    deliver_by = models.DateTimeField(_("delivery due"), null=True, blank=True)
    read_by = models.DateTimeField(_("reading due"), null=True, blank=True)
    acknowledge_by = models.DateTimeField(_("acknowledgement due"))
    accept_by = models.DateTimeField(_("acceptance due"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    answered_at = models.DateTimeField(_("accepted or declined"), null=True, blank=True)
    concluded_at = models.DateTimeField(_("concluded"), null=True, blank=True)
    file_number = models.CharField(_("agency’s file number"), max_length=60, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [
            models.Index(
                fields=("agency", "status", "acknowledge_by", "id"), name="referral_queue"
            ),
            models.Index(fields=("agency", "-referred_at", "-id"), name="referral_of_agency"),
            # The agency's list of referrals by urgency, and its search by file number.
            *(
                models.Index(
                    F("agency"),
                    URGENCY.asc(),
                    F("referred_at").desc(),
                    F("id").desc(),
                    name=name,
                    condition=Q(status__in=statuses),
                )
                for name, statuses in (
                    ("referral_new_by_urgency", (ReferralStatus.OFFERED,)),
                    ("referral_in_hand_by_urgency", REFERRAL_IN_HAND),
                )
            ),
            models.Index(
                fields=("agency", "file_number"),
                include=("id", "status"),
                name="referral_file_number",
                condition=~Q(file_number=""),
            ),
            models.Index(
                fields=("agency",),
                include=("id", "status", "seller_sent"),
                name="referral_ended_seller",
                condition=Q(status__in=REFERRAL_ENDED),
            ),
            # For the sweep of overdue steps.
            models.Index(
                fields=("deliver_by",),
                name="referral_to_deliver",
                condition=Q(delivered_at=None, status__in=REFERRAL_UNFINISHED),
            ),
            *(
                models.Index(
                    fields=(due,),
                    name=name,
                    condition=Q(status__in=REFERRAL_UNANSWERED, **{done: None}),
                )
                for due, done, name in (
                    ("read_by", "read_at", "referral_to_read"),
                    ("acknowledge_by", "acknowledged_at", "referral_to_acknowledge"),
                    ("accept_by", "answered_at", "referral_to_accept"),
                )
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("case", "agency"),
                condition=~Q(status__in=REFERRAL_ENDED),
                name="one_live_referral_per_case_and_agency",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
