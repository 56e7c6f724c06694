"""Queued email about cases."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.lib.mail.queued import FINISHED, WAITING, QueuedMail
from cases.models.case import Case
from members.models import User


class OutgoingMail(QueuedMail):
    """An email to one person about one event of a case. It contains a reference and a link, never evidence."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    kind = models.CharField(_("about"), max_length=30)
    event_sequence = models.PositiveIntegerField(_("event number"))

    class Meta(QueuedMail.Meta):
        abstract = False
        verbose_name = _("outgoing email")
        verbose_name_plural = _("outgoing emails")
        indexes = [
            models.Index(
                fields=("next_attempt_at",),
                name="mail_waiting",
                condition=WAITING,
            ),
            # For cases.background.retention, which deletes old rows.
            models.Index(
                fields=("created_at",),
                name="mail_age",
                condition=FINISHED,
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("user", "case", "event_sequence"), name="mail_once_per_step_and_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.user_id}"
