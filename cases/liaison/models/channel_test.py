"""What operators watch: a channel's rate by the minute, and test updates with their exact answer."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from cases.liaison.models.channel import Channel
from members.models import User

# A test that no worker came to within this time is not sent any more: nobody looks at the answer.
START_WITHIN = timedelta(minutes=5)
# Longer than any answer is waited for: the worker that began it is no more.
FINISH_WITHIN = timedelta(seconds=60)


class ChannelTestQuerySet(models.QuerySet["ChannelTest"]):
    def to_start(self) -> ChannelTestQuerySet:
        """Those that wait for a worker."""
        return self.filter(started_at=None, finished_at=None, asked_at__gt=Now() - START_WITHIN)

    def under_way(self) -> ChannelTestQuerySet:
        """Those whose answer is still to come."""
        waiting = Q(started_at=None, asked_at__gt=Now() - START_WITHIN)
        begun = Q(started_at__gt=Now() - FINISH_WITHIN)
        return self.filter(waiting | begun, finished_at=None)


class ChannelTest(models.Model):
    """A test update that somebody asked for: what was sent, and the answer as it came.

    No secret is in ``sent``: signatures are there, the key they were made with is not. Empty
    ``finished_at``: a worker has not come to it yet.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a worker")
        RUNNING = "running", _("Waiting for the answer")
        ARRIVED = "arrived", _("Arrived")
        FAILED = "failed", _("Failed")
        LOST = "lost", _("The worker did not finish")
        MISSED = "missed", _("No worker took it up")

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

    objects = ChannelTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("test update")
        verbose_name_plural = _("test updates")
        ordering = ("-asked_at",)
        indexes = [
            models.Index(fields=("channel", "-asked_at"), name="test_of_channel"),
            models.Index(fields=("asked_at",), name="test_age"),
            models.Index(
                fields=("asked_at",),
                name="test_to_start",
                condition=Q(started_at=None, finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} · {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> State:
        """How far it has come, at this moment."""
        if self.finished_at:
            return self.State.ARRIVED if self.arrived else self.State.FAILED
        if self.started_at:
            late = clock.now() - self.started_at > FINISH_WITHIN
            return self.State.LOST if late else self.State.RUNNING
        late = clock.now() - self.asked_at > START_WITHIN
        return self.State.MISSED if late else self.State.WAITING

    @property
    def is_under_way(self) -> bool:
        """Whether the answer is still to come."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
