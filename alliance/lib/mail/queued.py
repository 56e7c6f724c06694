"""Queued email: written in the transaction of the change that it reports, sent later by a worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock

# The time a worker has to send one email. After that another worker may claim it.
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 12
FIRST_RETRY = timedelta(minutes=1)

# Emails that are queued, and those that were sent or will not be sent.
WAITING = Q(sent_at=None, failed_at=None)
FINISHED = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)


class QueuedMailQuerySet(models.QuerySet[Any]):
    def due(self) -> QueuedMailQuerySet:
        """Return the emails to send now, by the database's clock."""
        return self.filter(WAITING, next_attempt_at__lte=Now())

    def claim_next(self) -> Any:
        """Lease the email that has been due the longest, and return it; ``None`` if no email is due."""
        with transaction.atomic():
            due = self.due().select_for_update(skip_locked=True, no_key=True, of=("self",))
            mail = due.order_by("next_attempt_at").first()
            if mail is not None:
                mail.record(attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE)
                mail.attempts += 1
        return mail

    def finished_before(self, moment: Any) -> QueuedMailQuerySet:
        """Return the emails written before ``moment`` that were sent or will not be sent, the oldest first."""
        return self.filter(FINISHED, created_at__lt=moment).order_by("created_at")

    def delete_finished(self, *, before: Any, at_most: int) -> int:
        """Delete up to ``at_most`` emails of :meth:`finished_before`; return how many."""
        with transaction.atomic():
            old = self.finished_before(before).select_for_update(skip_locked=True)
            batch = list(old.values_list("pk", flat=True)[:at_most])
            return int(self.filter(pk__in=batch).delete()[0])


class QueuedMail(models.Model):
    """Base class of queued emails. Subject and text are composed when the email is sent.

    ``next_attempt_at`` is both the time of the next attempt and the lease of the worker that is sending:
    if the worker dies, the lease expires.
    """

    created_at = models.DateTimeField(_("created on"), default=clock.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed on"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        abstract = True

    def record(self, **changes: Any) -> None:
        """Update columns of this row, and no others."""
        type(self)._default_manager.filter(pk=self.pk).update(**changes)

    def record_sent(self) -> None:
        """Record that the mail server has accepted the email."""
        self.record(sent_at=Now(), last_error="")

    def record_skipped(self, reason: str) -> None:
        """Record that the email is no longer needed, and why."""
        self.record(failed_at=Now(), last_error=reason)

    def record_failure(self, error: str) -> None:
        """Record a failed attempt. The email is retried with exponential backoff up to :data:`MAX_ATTEMPTS`."""
        wait = FIRST_RETRY * 2 ** min(self.attempts - 1, 9)
        failed = {"failed_at": Now()} if self.attempts >= MAX_ATTEMPTS else {}
        self.record(last_error=error, next_attempt_at=Now() + wait, **failed)


class AddressedMail(QueuedMail):
    """Base class of queued emails to an address. ``key`` is the idempotency key: the event and the recipient."""

    key = models.CharField(_("about"), max_length=160, unique=True)
    to = models.EmailField(_("to"))
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    data = models.JSONField(_("data"), default=dict, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key
