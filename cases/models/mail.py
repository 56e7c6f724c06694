"""E-mail waiting to be sent: written with the change it tells of, sent later by a worker."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from cases.models.case import Case
from members.models import User


class QueuedMailQuerySet(models.QuerySet[Any]):
    def due(self) -> QueuedMailQuerySet:
        """E-mails to be sent now, by the database's clock."""
        return self.filter(sent_at=None, failed_at=None, next_attempt_at__lte=Now())


class QueuedMail(models.Model):
    """What every waiting e-mail has. Its subject and text are made when it is sent.

    ``next_attempt_at`` is both the retry time and the lease of a worker that is sending: a worker that
    dies leaves it to run out.
    """

    created_at = models.DateTimeField(_("created"), default=clock.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        abstract = True


class OutgoingMail(QueuedMail):
    """One e-mail to one person about one step of a case: a reference and a link, never evidence."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    kind = models.CharField(_("about"), max_length=30)
    event_sequence = models.PositiveIntegerField(_("step of the case"))

    class Meta(QueuedMail.Meta):
        abstract = False
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        indexes = [
            models.Index(
                fields=("next_attempt_at",),
                name="mail_waiting",
                condition=Q(sent_at=None, failed_at=None),
            ),
            # What is forgotten when it is old: see cases.background.retention.
            models.Index(
                fields=("created_at",),
                name="mail_age",
                condition=Q(sent_at__isnull=False) | Q(failed_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("user", "case", "event_sequence"), name="mail_once_per_step_and_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.user_id}"
