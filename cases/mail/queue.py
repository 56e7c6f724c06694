"""Sending e-mail that waits as rows: one way for every kind of :class:`QueuedMail`.

A row is taken under a short lease, sent outside any transaction, and its outcome recorded. A worker that
dies leaves the lease to run out; at worst somebody gets an e-mail twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from cases.models.mail import QueuedMail

log = structlog.get_logger(__name__)

M = TypeVar("M", bound=QueuedMail)

# The time a worker has for one e-mail; then another may try.
LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = 12
FIRST_RETRY_SECONDS = 60


@dataclass(frozen=True)
class Queue(Generic[M]):
    """One kind of waiting e-mail. ``due`` returns the rows to be sent now, with what composing reads;
    ``compose`` makes the message; ``skip_reason`` says why one is not to be sent any more, if so."""

    due: Callable[[], QuerySet[M]]
    compose: Callable[[M], EmailMessage]
    skip_reason: Callable[[M], str]


def send_next(queue: Queue[M]) -> bool:
    """Send the e-mail that waited longest, or record why not; return False when none is due."""
    mail = take_due(queue)
    if mail is not None:
        send(queue, mail)
    return mail is not None


def take_due(queue: Queue[M]) -> M | None:
    """Take the e-mail that waited longest, leased to this worker; ``None`` when none is due."""
    with transaction.atomic():
        due = queue.due().select_for_update(skip_locked=True, no_key=True, of=("self",))
        mail = due.order_by("next_attempt_at").first()
        if mail:
            _row(mail).update(attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE)
            mail.attempts += 1
    return mail


def send(queue: Queue[M], mail: M) -> None:
    """Send one e-mail outside any transaction and record what came of it.

    Whatever goes wrong, with the mail server or in making the text, counts as a try of this e-mail and
    keeps none of the others waiting; after :data:`GIVE_UP_AFTER` tries it is given up with its reason.
    """
    row = _row(mail)
    try:
        if reason := queue.skip_reason(mail):
            row.update(failed_at=Now(), last_error=reason)
            return
        queue.compose(mail).send()
    except Exception as error:
        rest = timedelta(seconds=FIRST_RETRY_SECONDS * 2 ** min(mail.attempts - 1, 9))
        outcome = {"failed_at": Now()} if mail.attempts >= GIVE_UP_AFTER else {}
        row.update(last_error=type(error).__name__, next_attempt_at=Now() + rest, **outcome)
        # An unreachable mail server is a warning; anything else is a fault of the portal.
        expected = isinstance(error, OSError | SoftTimeLimitExceeded)
        log.log(
            logging.WARNING if expected else logging.ERROR,
            "mail_not_sent",
            kind=mail._meta.label,
            mail=mail.pk,
            error=type(error).__name__,
            exc_info=True,
        )
        if isinstance(error, SoftTimeLimitExceeded):
            raise  # it concerns the whole task
    else:
        row.update(sent_at=Now(), last_error="")


def _row(mail: QueuedMail) -> QuerySet[Any]:
    return type(mail)._default_manager.filter(pk=mail.pk)
