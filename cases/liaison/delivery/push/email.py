"""The email channel. A message contains a reference, the event and a link, and nothing else."""

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
    MAX_EXCERPT,
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
    """Sends to the address of one channel, in the language of its agency, one message at a time."""

    at_once = 1

    def __init__(self, address: str, language: str) -> None:
        self.address, self.language = address, language

    def send(self, job: Job) -> Outcome:
        """Hand the message to the mail server. "Sent" means that the server accepted it.

        A message that cannot be composed counts against this update only.
        """
        started = time.monotonic()
        try:
            compose(job, self.address, self.language).send()
        except (SMTPException, OSError) as error:
            # A refused address may be a full mailbox, so it is retried like any other refusal.
            refused = isinstance(error, SMTPRecipientsRefused)
            return _failed(error, started, Verdict.REFUSED if refused else Verdict.UNAVAILABLE)
        except Exception as error:  # other updates are still delivered
            log.exception("mail_not_composed", delivery=job.delivery_id, error=type(error).__name__)
            return _failed(error, started, Verdict.REFUSED)
        return Outcome(Verdict.SENT, milliseconds_since(started))


@contextmanager
def opened(channel: Channel) -> Iterator[EmailSender]:
    """Yield a sender for the channel."""
    yield EmailSender(channel.email, channel.language)


def compose(job: Job, address: str, language: str = settings.LANGUAGE_CODE) -> EmailMessage:
    """Return the message for ``job``. A header carries the update's id, so that duplicates can be recognised."""
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
    name, excerpt = type(error).__name__, printable(str(error), limit=MAX_EXCERPT)
    return Outcome(verdict, milliseconds_since(started), error=name, excerpt=excerpt)
