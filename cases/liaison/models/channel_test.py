"""Test updates of channels, with the exact response."""

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

# A test that no worker starts within this time is not sent: the operator no longer waits for it.
START_WITHIN = timedelta(minutes=5)
# Longer than any timeout of a sender. After this time the worker is considered dead.
FINISH_WITHIN = timedelta(seconds=60)


class ChannelTestQuerySet(models.QuerySet["ChannelTest"]):
    def to_start(self) -> ChannelTestQuerySet:
        """Return tests that wait for a worker."""
        return self.filter(started_at=None, finished_at=None, requested_at__gt=Now() - START_WITHIN)

    def under_way(self) -> ChannelTestQuerySet:
        """Return tests that have not finished and may still do so."""
        waiting = Q(started_at=None, requested_at__gt=Now() - START_WITHIN)
        begun = Q(started_at__gt=Now() - FINISH_WITHIN)
        return self.filter(waiting | begun, finished_at=None)


class ChannelTest(models.Model):
    """A test update requested by an operator: what was sent, and the response as received.

    ``sent`` contains the signature of a webhook but no secret. ``finished_at`` is empty until a worker has
    finished the test.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a worker")
        RUNNING = "running", _("Waiting for the response")
        ARRIVED = "arrived", _("Delivered")
        FAILED = "failed", _("Failed")
        LOST = "lost", _("Not finished")
        MISSED = "missed", _("Not started")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="tests")
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(_("requested"), default=clock.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    arrived = models.BooleanField(_("arrived"), default=False)
    sent = models.TextField(_("content sent"), blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    answer = models.TextField(_("response"), blank=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)

    objects = ChannelTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("test update")
        verbose_name_plural = _("test updates")
        ordering = ("-requested_at",)
        indexes = [
            models.Index(fields=("channel", "-requested_at"), name="test_of_channel"),
            models.Index(fields=("requested_at",), name="test_age"),
            models.Index(
                fields=("requested_at",),
                name="test_to_start",
                condition=Q(started_at=None, finished_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} · {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> State:
        """The current state."""
        if self.finished_at:
            return self.State.ARRIVED if self.arrived else self.State.FAILED
        if self.started_at:
            late = clock.now() - self.started_at > FINISH_WITHIN
            return self.State.LOST if late else self.State.RUNNING
        late = clock.now() - self.requested_at > START_WITHIN
        return self.State.MISSED if late else self.State.WAITING

    @property
    def is_under_way(self) -> bool:
        """Whether the test may still finish."""
        return self.state in (self.State.WAITING, self.State.RUNNING)
