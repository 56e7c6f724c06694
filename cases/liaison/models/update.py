"""The outbox: an update, its payload frozen at commit, and its delivery to each channel."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from cases.liaison.models.channel import Channel
from cases.liaison.models.referral import Referral
from cases.liaison.models.resend import Resend


class Update(models.Model):
    """One update of one case for one agency: frozen when the change was committed.

    Append-only: a trigger refuses update and delete, so that what is sent again is what was sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="updates")
    sequence = models.PositiveIntegerField(_("number within the referral"))
    kind = models.CharField(_("what"), max_length=30)
    case_version = models.PositiveIntegerField(_("version of the case"))
    payload = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("created"), default=clock.now)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        constraints = [
            models.UniqueConstraint(fields=("referral", "sequence"), name="update_sequence_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        """What has not been sent, parked deliveries included."""
        return self.filter(sent_at=None)

    def dead(self) -> DeliveryQuerySet:
        """What was given up; the later deliveries of the same case wait behind it."""
        return self.filter(sent_at=None, dead_at__isnull=False)

    def timely(self) -> DeliveryQuerySet:
        """What is due by its time alone: it may wait behind another of its case."""
        return self.filter(sent_at=None, dead_at=None, next_attempt_at__lte=Now())

    def heads(self) -> DeliveryQuerySet:
        """The first unsent delivery of each case, unless it was given up.

        Within a case numbers have the order of its updates: only those before it are looked at.
        """
        earlier = self.model._default_manager.filter(
            channel=OuterRef("channel"),
            update__referral=OuterRef("update__referral"),
            update__sequence__lt=OuterRef("update__sequence"),
            sent_at=None,
            seq__lt=OuterRef("seq"),
        )
        return self.filter(~Exists(earlier), seq__isnull=False, sent_at=None, dead_at=None)

    def due(self) -> DeliveryQuerySet:
        """What a webhook or e-mail lane may send now: the first unsent of each case, if it is its time.

        Nothing from the number on that a replay has not come to yet: an earlier one of the case may follow.
        """
        held = Resend.objects.filter(
            channel=OuterRef("channel"), finished_at=None, next_seq__lte=OuterRef("seq")
        )
        return self.heads().filter(~Exists(held), next_attempt_at__lte=Now())


class Delivery(models.Model):
    """An update on its way through a channel.

    The row waits as long as ``sent_at`` is empty. ``seq`` is the channel's number for it, given by
    the relay; rows without one are found by that, never by an id cursor: ids commit out of order.
    ``due_again_at`` is when it was ordered again after it had been sent; one that never was waits from the
    moment its update was made.
    Sent and acknowledged are two facts: ``acknowledged_at`` is what the agency's system said itself.
    ``refused_since`` is when the other side, being there, first answered this delivery with an error.
    ``put_aside`` says that ``next_attempt_at`` is no time of its own: it waits behind another of its case.
    """

    update = models.ForeignKey(Update, models.PROTECT, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries")
    seq = models.PositiveBigIntegerField(_("number in the channel"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    due_again_at = models.DateTimeField(_("ordered again"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    put_aside = models.BooleanField(_("put aside"), db_default=False, editable=False)
    refused_since = models.DateTimeField(_("refused since"), null=True, editable=False)
    dead_at = models.DateTimeField(_("given up"), null=True)
    dead_reason = models.CharField(_("why given up"), max_length=300, blank=True, default="")

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


SCHEMA_VERSION = 1
