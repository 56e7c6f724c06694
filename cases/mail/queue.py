"""Sends queued email of every kind.

A worker claims a row under a short lease, sends the email outside any transaction, and records the result. If
the worker dies, the lease expires and another worker sends the email, possibly for a second time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from types import ModuleType

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from alliance.lib import wakeup
from alliance.lib.mail.queued import QueuedMail
from cases.liaison.models import Notice
from cases.mail import case_steps, digests, notices, saved_views
from cases.models import OutgoingMail, ViewMail
from members.mail import applications
from members.mail import notices as member_notices
from members.models import ApplicationMail, Digest, MemberNotice

log = structlog.get_logger(__name__)

TASK = "cases.tasks.send_mails"
FLAG = "mail"

# The module that composes each kind of email. Its ``RELATED`` are the relations to select, ``compose`` returns the
# message, and ``skip_reason`` the reason why the email is no longer needed, if any. Two functions are optional:
# ``put_off`` returns whether it has arranged for the email to be sent later, and ``settle`` is called in the
# transaction that records the result.
COMPOSERS: dict[type[QueuedMail], ModuleType] = {
    OutgoingMail: case_steps,
    Notice: notices,
    MemberNotice: member_notices,
    ApplicationMail: applications,
    Digest: digests,
    ViewMail: saved_views,
}


def wake() -> None:
    """Wake a worker to send email, unless one has been woken already. Never raises."""
    wakeup.send(TASK, queue="mail", flag=FLAG)


def wake_if_due() -> None:
    """Wake a worker if an email is due: a retry, or an email whose wake-up was lost."""
    if any(model.objects.due().exists() for model in COMPOSERS):
        wake()


def send_due(*, seconds: float) -> None:
    """Send due emails of each kind in turn, until none is due or ``seconds`` have passed."""
    wakeup.clear(FLAG)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        sent = [_send_next(model) for model in COMPOSERS]
        if not any(sent):
            return


def _send_next(model: type[QueuedMail]) -> bool:
    """Send the email of this kind that has been due the longest; return whether one was due."""
    composer = COMPOSERS[model]
    mail = model.objects.select_related(*composer.RELATED).claim_next()
    if mail is not None:
        _send(mail, composer)
    return mail is not None


def _send(mail: QueuedMail, composer: ModuleType) -> None:
    """Send one email and record the result.

    Any error, of the mail server or in composing the text, is a failed attempt of this email only.
    """
    try:
        if hasattr(composer, "put_off") and composer.put_off(mail):
            return
        if reason := composer.skip_reason(mail):
            _record(composer, mail, mail.record_skipped, reason)
            return
        composer.compose(mail).send()
    except Exception as error:
        _record(composer, mail, mail.record_failure, type(error).__name__)
        # An unreachable mail server is a warning. Any other error is a bug of the portal.
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
            raise  # The time limit applies to the whole task.
    else:
        _record(composer, mail, mail.record_sent)


def _record(
    composer: ModuleType, mail: QueuedMail, result: Callable[..., None], *arguments: str
) -> None:
    with transaction.atomic():
        result(*arguments)
        if hasattr(composer, "settle"):
            composer.settle(mail)
