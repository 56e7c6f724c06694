"""What each channel sent and failed to send, by minute."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.liaison.models.channel import Channel


class LaneMinute(models.Model):
    """How much went through a channel in one minute. Raised by the workers; kept for a week."""

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="minutes")
    minute = models.DateTimeField(_("minute"))
    sent = models.PositiveIntegerField(_("sent"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)

    class Meta:
        verbose_name = _("minute of a channel")
        verbose_name_plural = _("minutes of channels")
        constraints = [
            models.UniqueConstraint(fields=("channel", "minute"), name="minute_once_per_channel"),
        ]
        indexes = [models.Index(fields=("minute",), name="minute_age")]

    def __str__(self) -> str:
        return f"{self.channel_id} · {self.minute:%H:%M}"
