"""E-mail about a case: made when it is sent, in the reader's language; a reference and a link."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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


def skip_reason(mail: OutgoingMail) -> str:
    """Say why ``mail`` is not to be sent any more; ``""`` if it is."""
    if mail.kind == EventKind.MEMBER_REMINDED and mail.case.answer_due_at is None:
        return "no answer is awaited any more"
    return "" if mail.user.is_active else "account closed"


def compose(mail: OutgoingMail) -> EmailMessage:
    """Return the message for ``mail``: no names of sellers, no facts, nothing that must not leak."""
    with translation.override(mail.user.language or settings.LANGUAGE_CODE):
        label = EventKind(mail.kind).label
        path = reverse("desk:case", args=[mail.case.reference])
        subject = _("%(reference)s: %(step)s") % {"reference": mail.case.reference, "step": label}
        text = render_to_string(
            "emails/case_step.txt",
            {
                "user": mail.user,
                "case": mail.case,
                "step": label,
                "url": settings.SITE_URL + path,
                "answer_by": _answer_by(mail),
            },
        )
    return EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject,
        body=text,
        to=[mail.user.email],
        headers={"X-Portal-Message": f"{mail.case.reference}-{mail.event_sequence}"},
    )


def _answer_by(mail: OutgoingMail) -> str:
    """Say until when what ``mail`` tells of can be answered, in the reader's time zone."""
    due = _answer_due(mail)
    if due is None:
        return ""
    try:
        zone = ZoneInfo(mail.user.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo(settings.TIME_ZONE)
    until = date_format(due.astimezone(zone), pgettext("date format", "j M Y, H:i"))
    return f"{until} ({zone.key})"


def _answer_due(mail: OutgoingMail) -> datetime | None:
    if mail.kind in (EventKind.INFORMATION_REQUESTED, EventKind.MEMBER_REMINDED):
        return None if mail.case.is_unanswered else mail.case.answer_due_at
    if mail.kind != EventKind.COUNTER_NOTICED:
        return None
    notice = mail.case.counter_notices.filter(status="open").first()
    return notice.answer_due_at if notice and notice.awaits_answer else None
