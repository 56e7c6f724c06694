"""Throughput of channels by minute."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.liaison.models.channel import Channel


class ChannelMinute(models.Model):
    """Deliveries and failed attempts of a channel in one minute. Counted by workers, kept for a week."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="minutes")
    minute = models.DateTimeField(_("minute"))
    sent = models.PositiveIntegerField(_("sent"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)

    class Meta:
        verbose_name = _("channel throughput by minute")
        verbose_name_plural = _("channel throughput by minute")
        constraints = [
            models.UniqueConstraint(fields=("channel", "minute"), name="minute_once_per_channel"),
        ]
        indexes = [models.Index(fields=("minute",), name="minute_age")]

    def __str__(self) -> str:
        return f"{self.channel_id} · {self.minute:%H:%M}"
