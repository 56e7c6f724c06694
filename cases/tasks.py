"""Celery tasks of cases: e-mail that waits in the database is sent."""

from __future__ import annotations

import time
from datetime import timedelta

import structlog
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from alliance.lib import wakeup
from cases import workers  # noqa: F401  (connects the sweeper to the worker's start)
from cases.mail import FLAG, compose
from cases.models import OutgoingMail

log = structlog.get_logger(__name__)

SLICE_SECONDS = 20.0
# The time a worker has for one e-mail; then another may try. At worst somebody gets it twice.
LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = 12
FIRST_RETRY_SECONDS = 60


@shared_task(ignore_result=True)
def send_mails() -> None:
    """Send the e-mails that are due, one after the other, until none is left or the time is up.

    What is left then the sweep finds: a slow mail server must not hold a task for longer than the
    broker waits for one.
    """
    wakeup.clear(FLAG)
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        mail = take_due()
        if mail is None:
            return
        send(mail)


def take_due() -> OutgoingMail | None:
    """Take the e-mail that waited longest, leased to this worker; ``None`` when none is due."""
    with transaction.atomic():
        mail = (
            OutgoingMail.objects.due()
            .select_related("user", "case")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .order_by("next_attempt_at")
            .first()
        )
        if mail:
            OutgoingMail.objects.filter(pk=mail.pk).update(
                attempts=F("attempts") + 1, next_attempt_at=Now() + LEASE
            )
            mail.attempts += 1
    return mail


def send(mail: OutgoingMail) -> None:
    """Send one e-mail outside any transaction and record what came of it.

    Whatever goes wrong, with the mail server or in making the text, counts as a try of this e-mail and
    keeps none of the others waiting; after :data:`GIVE_UP_AFTER` tries it is given up with its reason.
    """
    row = OutgoingMail.objects.filter(pk=mail.pk)
    if not mail.user.is_active:
        row.update(failed_at=Now(), last_error="account closed")
        return
    try:
        compose(mail).send()
    except Exception as error:
        rest = timedelta(seconds=FIRST_RETRY_SECONDS * 2 ** min(mail.attempts - 1, 9))
        outcome = {"failed_at": Now()} if mail.attempts >= GIVE_UP_AFTER else {}
        row.update(last_error=type(error).__name__, next_attempt_at=Now() + rest, **outcome)
        log.warning("mail_not_sent", mail=mail.pk, error=type(error).__name__)
        if isinstance(error, SoftTimeLimitExceeded):
            raise  # it concerns the whole task
    else:
        row.update(sent_at=Now(), last_error="")
