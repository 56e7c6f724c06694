"""E-mail about a case: made when it is sent, in the reader's language; a reference and a link."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alliance.lib import wakeup
from cases.liaison.models import Notice
from cases.models import OutgoingMail
from cases.models.event import EventKind

SEND_MAILS = "cases.tasks.send_mails"
FLAG = "mail"


def wake() -> None:
    """Ask a worker to send what waits, unless one was asked already. Never raises."""
    wakeup.send(SEND_MAILS, queue="mail", flag=FLAG)


def wake_if_due() -> None:
    """Wake a worker when an e-mail is due: its own wake-up may be lost, or it is a second try."""
    if OutgoingMail.objects.due().exists() or Notice.objects.due().exists():
        wake()


def needless(mail: OutgoingMail) -> str:
    """Say why ``mail`` is not to be sent any more; ``""`` if it is."""
    return "" if mail.user.is_active else "account closed"


def compose(mail: OutgoingMail) -> EmailMessage:
    """Return the message for ``mail``: no names of sellers, no facts, nothing that must not leak."""
    with translation.override(mail.user.language or settings.LANGUAGE_CODE):
        label = EventKind(mail.kind).label
        path = reverse("desk:case", args=[mail.case.reference])
        subject = _("%(reference)s: %(step)s") % {"reference": mail.case.reference, "step": label}
        text = render_to_string(
            "emails/case_step.txt",
            {"user": mail.user, "case": mail.case, "step": label, "url": settings.SITE_URL + path},
        )
    return EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject,
        body=text,
        to=[mail.user.email],
        headers={"X-Portal-Message": f"{mail.case.reference}-{mail.event_sequence}"},
    )
