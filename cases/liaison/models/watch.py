"""What operators watch: a channel's rate by the minute, and test updates with their exact answer."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from members.models import User

from .queue import Channel


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


class ChannelTest(models.Model):
    """A test update that somebody asked for: what was sent, and the answer as it came.

    No secret is in ``sent``: signatures are there, the key they were made with is not. Empty
    ``finished_at``: a worker has not come to it yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="tests")
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked for"), default=clock.now)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    arrived = models.BooleanField(_("arrived"), default=False)
    sent = models.TextField(_("what was sent"), blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    answer = models.TextField(_("the answer"), blank=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)

    class Meta:
        verbose_name = _("test update")
        verbose_name_plural = _("test updates")
        ordering = ("-asked_at",)
        indexes = [models.Index(fields=("channel", "-asked_at"), name="test_of_channel")]

    def __str__(self) -> str:
        return f"{self.channel} · {self.asked_at:%Y-%m-%d %H:%M}"
