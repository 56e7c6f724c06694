"""Resend orders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.liaison.models.channel import Channel


class Resend(models.Model):
    """A resend order: a replay of all updates from a number on, or a resend of all dead letters.

    Workers carry it out in slices (:mod:`cases.liaison.delivery.resend`). A slice and its progress are one
    transaction. ``next_seq`` is the first number of the next slice of a replay, ``next_dead_at`` the time at
    which the next slice of dead letters begins, and ``done`` the number of deliveries made due. Deliveries
    that an open replay has not reached are not sent, so that each case keeps its order. A channel has at most
    one open order.
    """

    class Kind(models.TextChoices):
        REPLAY = "replay", _("From a number")
        DEAD = "dead", _("Dead letters")

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="resends")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    from_seq = models.PositiveBigIntegerField(_("from number"), null=True)
    last_seq = models.PositiveBigIntegerField(_("up to number"), null=True)
    next_seq = models.PositiveBigIntegerField(_("next number"), null=True)
    next_dead_at = models.DateTimeField(null=True, editable=False)
    requested_at = models.DateTimeField(_("requested"), db_default=Now())
    actor_id = models.BigIntegerField(_("user number"), null=True, blank=True)
    actor_label = models.CharField(_("who"), max_length=300, blank=True)
    done = models.PositiveBigIntegerField(_("queued"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    is_stopped = models.BooleanField(_("stopped"), default=False)

    class Meta:
        verbose_name = _("resend order")
        verbose_name_plural = _("resend orders")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("channel",), condition=Q(finished_at=None), name="resend_one_at_a_time"
            ),
            models.CheckConstraint(
                name="resend_from_a_number_or_of_the_dead",
                condition=Q(
                    kind="replay",
                    from_seq__isnull=False,
                    last_seq__isnull=False,
                    next_seq__isnull=False,
                )
                | Q(kind="dead", from_seq=None, last_seq=None, next_seq=None),
            ),
            models.CheckConstraint(
                name="resend_stopped_is_finished",
                condition=Q(is_stopped=False) | Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} · {self.get_kind_display()}"

    @property
    def total(self) -> int | None:
        """The number of updates of a replay; ``None`` for dead letters, which are not counted."""
        if self.from_seq is None or self.last_seq is None:
            return None
        return self.last_seq - self.from_seq + 1
