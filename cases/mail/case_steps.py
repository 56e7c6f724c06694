"""Email to brand staff or a moderator about one event of a case, composed when it is sent, in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib import time_zones
from alliance.lib.mail import messages
from cases import visibility
from cases.models import OutgoingMail
from cases.models.event import EventKind
from members.mail import preferences

RELATED = ("user", "case", "digest")

ANSWERED = "no longer awaiting an answer"

put_off = preferences.put_off


def skip_reason(mail: OutgoingMail) -> str:
    """Return why ``mail`` is no longer needed, or ``""`` if it must be sent."""
    if mail.kind == EventKind.MEMBER_REMINDED and mail.case.answer_due_at is None:
        return ANSWERED
    if reason := preferences.skip_reason(mail):
        return reason
    seen = visibility.notifications(mail.user).filter(pk=mail.pk)
    return "" if seen.exists() else preferences.NO_ACCESS


def compose(mail: OutgoingMail) -> EmailMessage:
    """Return the message for ``mail``. It contains a reference and a link, no facts of the case.

    Raises ``ValueError`` for a kind that does not exist.
    """
    if mail.kind not in mail.TOPICS:
        raise ValueError(mail.kind)
    with translation.override(mail.user.language or settings.LANGUAGE_CODE):
        label = mail.label
        subject = _("%(reference)s: %(step)s") % {"reference": mail.case.reference, "step": label}
        context = {
            "user": mail.user,
            "step": label,
            "url": settings.SITE_URL + path(mail),
            "news": _news(mail),
            "answer_by": answer_by(mail),
            "settings_url": settings.SITE_URL + reverse("profile"),
        }
        return messages.compose(
            "emails/case_step.txt",
            context,
            to=mail.user.email,
            subject=subject,
            reference=f"{mail.case.reference}-{mail.event_sequence}",
        )


def _news(mail: OutgoingMail) -> str:
    if mail.is_for_moderators:
        news = _("There is an update on case %(reference)s:")
    else:
        news = _("There is an update on your case %(reference)s:")
    return news % {"reference": mail.case.reference}


def path(mail: OutgoingMail) -> str:
    """Return the path of the reader's page of the case."""
    name = "triage:case" if mail.is_for_moderators else "desk:case"
    return reverse(name, args=[mail.case.reference])


def answer_by(mail: OutgoingMail) -> str:
    """Return the deadline to answer, in the reader's time zone, or ``""`` if no answer is due."""
    due = _answer_due(mail)
    if due is None:
        return ""
    zone = time_zones.named(mail.user.time_zone)
    until = date_format(due.astimezone(zone), pgettext("date format", "j M Y, H:i"))
    return f"{until} ({zone.key})"


def _answer_due(mail: OutgoingMail) -> datetime | None:
    if mail.kind in (EventKind.INFORMATION_REQUESTED, EventKind.MEMBER_REMINDED):
        return None if mail.case.is_unanswered else mail.case.answer_due_at
    if mail.kind != EventKind.COUNTER_NOTICED:
        return None
    notice = mail.case.counter_notices.filter(status="open").first()
    return notice.answer_due_at if notice and notice.awaits_answer else None
