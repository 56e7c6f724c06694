"""What happened to deliveries and channels: every try with its answer, every act of a person."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from cases.liaison.models.channel import Channel
from cases.liaison.models.update import Delivery

# What an attempt that did not succeed looks like; the index of a channel's failures goes by it.
FAILED = Q(error__gt="") | Q(status__gte=300)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def failed(self) -> AttemptQuerySet:
        """Those that did not succeed."""
        return self.filter(FAILED)


class Attempt(models.Model):
    """One try to send a delivery, with the answer received: a status, or in one word why there was none.

    ``excerpt`` is the beginning of the answer as the other side gave it, without control characters:
    show it as text, never as markup. A probe is a try while the breaker was open: it costs no attempt.
    ``channel`` is the delivery's, here as well so that a channel's failures are found by an index.
    """

    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, related_name="+", editable=False
    )
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField(_("when"), default=clock.now)
    is_probe = models.BooleanField(_("probe"), default=False)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    error = models.CharField(_("error"), max_length=40, blank=True)
    excerpt = models.CharField(_("answer"), max_length=500, blank=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"))

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=("channel", "-id"), name="attempt_failed_of_channel", condition=FAILED
            ),
            # What is forgotten when it is old: see cases.background.retention.
            models.Index(fields=("at", "id"), name="attempt_failed_age", condition=FAILED),
        ]
        constraints = [
            models.CheckConstraint(
                name="attempt_has_a_status_or_an_error_or_was_handed_over",
                condition=Q(status=None) | Q(error=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} · {self.status or self.error}"


class ChannelEvent(models.Model):
    """One act upon a channel, by a person or by the portal itself. Append-only, outlives the account."""

    class Kind(models.TextChoices):
        CREATED = "created", _("Channel made")
        SECRET_ROTATED = "secret_rotated", _("Secret renewed")
        TOKEN_ROTATED = "token_rotated", _("Token renewed")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")
        SENT_AGAIN = "sent_again", _("Sent again")
        REPLAYED = "replayed", _("Replayed from a number")
        STOPPED = "stopped", _("Sending again stopped")
        PASSWORD_RENEWED = "password_renewed", _("Stream password renewed")
        CHANGED = "changed", _("Changed")
        TESTED = "tested", _("Test update sent")

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    data = models.JSONField(_("data"), default=dict, blank=True)
    actor_id = models.BigIntegerField(_("user number"), null=True, blank=True)
    actor_label = models.CharField(_("who"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("channel event")
        verbose_name_plural = _("channel events")
        ordering = ("-id",)
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.channel}"
