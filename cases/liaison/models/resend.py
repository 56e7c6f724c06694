"""An order to resend updates of a channel."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.liaison.models.channel import Channel


class Resend(models.Model):
    """An order to send again: all of a channel from a number on, or what had been given up by then.

    Carried out by the lane's workers in slices (``liaison.resend``): each slice and how far it went are one
    transaction. ``next_seq`` is the first number that is still to be put back, ``next_dead_at`` where
    the next slice of the given-up begins; ``done`` is how many are due again. Until a replay has passed a
    number nothing from there on is sent, so that each case keeps its order. A channel has one open at most.
    """

    class What(models.TextChoices):
        REPLAY = "replay", _("From a number")
        DEAD = "dead", _("What was given up")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="resends")
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    from_seq = models.PositiveBigIntegerField(_("from number"), null=True)
    last_seq = models.PositiveBigIntegerField(_("up to number"), null=True)
    next_seq = models.PositiveBigIntegerField(_("next number"), null=True)
    next_dead_at = models.DateTimeField(null=True, editable=False)
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    actor_id = models.BigIntegerField(_("user number"), null=True, blank=True)
    actor_label = models.CharField(_("who"), max_length=300, blank=True)
    done = models.PositiveBigIntegerField(_("due again"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    is_stopped = models.BooleanField(_("stopped"), default=False)

    class Meta:
        verbose_name = _("order to send again")
        verbose_name_plural = _("orders to send again")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("channel",), condition=Q(finished_at=None), name="resend_one_at_a_time"
            ),
            models.CheckConstraint(
                name="resend_from_a_number_or_of_the_dead",
                condition=Q(
                    what="replay",
                    from_seq__isnull=False,
                    last_seq__isnull=False,
                    next_seq__isnull=False,
                )
                | Q(what="dead", from_seq=None, last_seq=None, next_seq=None),
            ),
            models.CheckConstraint(
                name="resend_stopped_is_finished",
                condition=Q(is_stopped=False) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} · {self.get_what_display()}"

    @property
    def total(self) -> int | None:
        """How many it is for; ``None`` for what was given up, which nobody counts."""
        if self.from_seq is None or self.last_seq is None:
            return None
        return self.last_seq - self.from_seq + 1
