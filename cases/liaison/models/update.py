"""The outbox: updates with their payload, and their deliveries to channels."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from cases.liaison.models.channel import Channel, OrderedBy
from cases.liaison.models.referral import Referral
from cases.liaison.models.resend import Resend
from cases.models.case import Case


class Update(models.Model):
    """One update on a case, for the agency of a referral or for the case's member.

    Its payload is fixed when the change is committed. An update for an agency has a ``referral``, one for the member a
    ``case``. ``sequence`` counts the updates of the referral, or those of the case for its member.

    A trigger refuses UPDATE and DELETE, so a resent update is identical to the first one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="updates")
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, related_name="updates", db_index=False
    )
    sequence = models.PositiveIntegerField(_("number within the referral or the case"))
    kind = models.CharField(_("what"), max_length=30)
    case_version = models.PositiveIntegerField(_("version of the case"))
    payload = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("created"), default=clock.now)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints = [
            models.UniqueConstraint(fields=("referral", "sequence"), name="update_sequence_once"),
            models.UniqueConstraint(
                fields=("case", "sequence"),
                condition=Q(case__isnull=False),
                name="update_sequence_once_per_case",
            ),
            models.CheckConstraint(
                name="update_of_a_referral_or_a_case",
                condition=Q(referral__isnull=False, case=None)
                | Q(referral=None, case__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"

    @property
    def ordering_key(self) -> int:
        """The id of the referral or of the case. Updates with the same key are sent in order."""
        key = self.referral_id or self.case_id
        assert key
        return key


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        """Return unsent deliveries, including dead letters."""
        return self.filter(sent_at=None)

    def dead(self) -> DeliveryQuerySet:
        """Return dead letters. Later deliveries of the same case wait behind them."""
        return self.filter(sent_at=None, dead_at__isnull=False)

    def due_by_time(self) -> DeliveryQuerySet:
        """Return deliveries whose time has come. An earlier delivery of their case may still block them."""
        return self.filter(sent_at=None, dead_at=None, next_attempt_at__lte=Now())

    def heads(self, ordered_by: OrderedBy) -> DeliveryQuerySet:
        """Return the first unsent delivery of each case, unless it is a dead letter.

        The deliveries are those of one channel, and ``ordered_by`` is that of the channel. Within a case, numbers have the
        order of its updates.
        """
        earlier = self.model._default_manager.filter(
            channel=OuterRef("channel"),
            update__sequence__lt=OuterRef("update__sequence"),
            sent_at=None,
            seq__lt=OuterRef("seq"),
            **{f"update__{ordered_by}": OuterRef(f"update__{ordered_by}")},
        )
        return self.filter(~Exists(earlier), seq__isnull=False, sent_at=None, dead_at=None)

    def due(self, ordered_by: OrderedBy) -> DeliveryQuerySet:
        """Return what a webhook or email channel may send now: the first unsent delivery of each case, if due.

        Deliveries that an open replay has not reached are excluded: the replay may make an earlier one of
        their case due.
        """
        held = Resend.objects.filter(
            channel=OuterRef("channel"), finished_at=None, next_seq__lte=OuterRef("seq")
        )
        return self.heads(ordered_by).filter(~Exists(held), next_attempt_at__lte=Now())


class Delivery(models.Model):
    """The delivery of an update to a channel. It waits while ``sent_at`` is empty.

    ``seq`` is its number in the channel, assigned by a worker (:mod:`cases.liaison.delivery.numbering`).
    ``due_again_at`` is when a sent delivery was first ordered to be resent; one that was never sent has waited
    since its update was created. ``acknowledged_at`` is when the agency's system acknowledged it.
    ``refused_since`` is when the receiver first answered this delivery with an error of its own.
    ``is_deferred`` marks a delivery that waits behind another one of its case; its ``next_attempt_at`` is then
    only the time of the next check.
    """

    update = models.ForeignKey(Update, models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries")
    seq = models.PositiveBigIntegerField(_("number in the channel"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    due_again_at = models.DateTimeField(_("queued again"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    is_deferred = models.BooleanField(_("deferred"), db_default=False, editable=False)
    refused_since = models.DateTimeField(_("refused since"), null=True, editable=False)
    dead_at = models.DateTimeField(_("failed on"), null=True)
    dead_reason = models.CharField(
        _("reason for the failure"), max_length=300, blank=True, default=""
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=("channel", "id"), name="delivery_unnumbered", condition=Q(seq=None)
            ),
            models.Index(
                fields=("channel", "seq"), name="delivery_unsent", condition=Q(sent_at=None)
            ),
            models.Index(
                fields=("channel", "next_attempt_at"),
                name="delivery_due",
                condition=Q(sent_at=None, dead_at=None),
            ),
            models.Index(
                fields=("channel", "dead_at"),
                name="delivery_dead",
                condition=Q(sent_at=None, dead_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=("update", "channel"), name="delivery_once_per_channel"),
            models.UniqueConstraint(fields=("channel", "seq"), name="delivery_number_once"),
            models.CheckConstraint(
                name="delivery_sent_has_a_number",
                condition=Q(sent_at=None) | Q(seq__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_dead_with_a_reason_and_not_sent",
                condition=Q(dead_at=None, dead_reason="")
                | (Q(dead_at__isnull=False, sent_at=None) & ~Q(dead_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}/{self.seq}"
