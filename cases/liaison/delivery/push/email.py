"""The e-mail channel: a reference, what happened, and a link. Never a name, a fact or evidence."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPException, SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from cases.liaison.delivery.push.outcome import (
    EXCERPT_AT_MOST,
    Job,
    Outcome,
    Verdict,
    milliseconds_since,
    printable,
)
from cases.liaison.models import Channel
from cases.models.event import EventKind

log = structlog.get_logger(__name__)


class EmailSender:
    """Sends to the address of one channel, in its agency's language, one message at a time."""

    at_once = 1

    def __init__(self, address: str, language: str) -> None:
        self.address, self.language = address, language

    def send(self, job: Job) -> Outcome:
        """Hand the message to the mail server; that it took it is all that can be known.

        A message that cannot be made, whatever the reason, speaks against this update alone.
        """
        started = time.monotonic()
        try:
            compose(job, self.address, self.language).send()
        except (SMTPException, OSError) as error:
            # An address that is refused may be a full mailbox: no reason to give up sooner.
            refused = isinstance(error, SMTPRecipientsRefused)
            return _failed(error, started, Verdict.REFUSED if refused else Verdict.UNWELL)
        except Exception as error:  # the other updates of the channel must not fail with it
            log.exception("mail_not_composed", delivery=job.delivery_id, error=type(error).__name__)
            return _failed(error, started, Verdict.REFUSED)
        return Outcome(Verdict.SENT, milliseconds_since(started))


@contextmanager
def opened(channel: Channel) -> Iterator[EmailSender]:
    """Give a sender for the channel."""
    yield EmailSender(channel.email, channel.agency.language)


def compose(job: Job, address: str, language: str = settings.LANGUAGE_CODE) -> EmailMessage:
    """Return the message for ``job``. The update's id is in a header: a second copy shows as one."""
    reference = job.payload["referral"]["reference"]
    with translation.override(language):
        step = EventKind(job.kind).label
        subject = _("%(reference)s: %(step)s") % {"reference": reference, "step": step}
        text = render_to_string(
            "emails/liaison_update.txt",
            {"reference": reference, "step": step, "url": job.payload["link"]},
        )
    return EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject,
        body=text,
        to=[address],
        headers={"X-Portal-Message": str(job.update_id)},
    )


def _failed(error: Exception, started: float, verdict: Verdict) -> Outcome:
    name, excerpt = type(error).__name__, printable(str(error), limit=EXCERPT_AT_MOST)
    return Outcome(verdict, milliseconds_since(started), error=name, excerpt=excerpt)
