"""Delivery attempts with the responses received, and the events of channels."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from cases.liaison.models.channel import Channel
from cases.liaison.models.update import Delivery

# The condition for a failed attempt, also of its index.
FAILED = Q(error__gt="") | Q(status__gte=300)


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def failed(self) -> AttemptQuerySet:
        """Return failed attempts."""
        return self.filter(FAILED)


class Attempt(models.Model):
    """One attempt to send a delivery, with the HTTP status of the response or the name of the error.

    ``excerpt`` is the beginning of the response without control characters; it is untrusted and must be
    escaped. A probe is an attempt while the circuit breaker was half-open; it does not count towards the
    limit of attempts. ``channel`` repeats the delivery's channel, for the index of a channel's failures.
    """

    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, related_name="+", editable=False
    )
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempt_log")
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
            # For the deletion of old rows in cases.background.retention.
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
    """One event of a channel, caused by a person or by the portal. Append-only.

    It has no foreign key to the person, so that it outlives the account.
    """

    class Kind(models.TextChoices):
        CREATED = "created", _("Channel created")
        SECRET_ROTATED = "secret_rotated", _("Secret rotated")
        TOKEN_ROTATED = "token_rotated", _("Token rotated")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")
        RESENT = "resent", _("Resent")
        REPLAYED = "replayed", _("Replayed from a number")
        STOPPED = "stopped", _("Resend stopped")
        PASSWORD_RENEWED = "password_renewed", _("Stream password rotated")
        CHANGED = "changed", _("Changed")
        TESTED = "tested", _("Test update sent")
        SWITCHED_ON = "switched_on", _("Switched on")
        SWITCHED_OFF = "switched_off", _("Switched off")
        DELETED = "deleted", _("Deleted")

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
