"""Email to brand staff about one event of a case, composed when it is sent, in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now
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
from cases.models.mail import NOTIFIED
from members.models import Frequency, NotificationSetting
from members.services import digests

RELATED = ("user", "case", "digest")

SWITCHED_OFF = "switched off by the recipient"
NO_ACCESS = "no longer has access"
ANSWERED = "no longer awaiting an answer"

# If a worker finds an email of a digest still queued this long after the digest is due, it adds it to the next one.
DIGEST_TAKES = timedelta(days=2)


def put_off(mail: OutgoingMail) -> bool:
    """Add ``mail`` to the person's next digest, if they have chosen so; return whether it was added."""
    if mail.digest is not None and mail.digest.is_waiting:
        mail.record(attempts=0, next_attempt_at=Now() + DIGEST_TAKES)
        return True
    if _frequency(mail) != Frequency.DIGEST:
        return False
    with transaction.atomic():
        digest = digests.join(mail.user)
        mail.record(digest=digest, attempts=0, next_attempt_at=digest.due_at + DIGEST_TAKES)
    return True


def skip_reason(mail: OutgoingMail) -> str:
    """Return why ``mail`` is no longer needed, or ``""`` if it must be sent."""
    if mail.kind == EventKind.MEMBER_REMINDED and mail.case.answer_due_at is None:
        return ANSWERED
    if not mail.user.is_active:
        return "account inactive"
    if _frequency(mail) == Frequency.OFF:
        return SWITCHED_OFF
    seen = visibility.notifications(mail.user).filter(pk=mail.pk)
    return "" if seen.exists() else NO_ACCESS


def _frequency(mail: OutgoingMail) -> Frequency | None:
    """Return when the person wants emails of this kind; ``None`` for a kind that does not exist."""
    topic = NOTIFIED.get(mail.kind)
    return NotificationSetting.objects.of(mail.user)[topic] if topic else None


def compose(mail: OutgoingMail) -> EmailMessage:
    """Return the message for ``mail``. It contains a reference and a link, no facts of the case."""
    with translation.override(mail.user.language or settings.LANGUAGE_CODE):
        label = EventKind(mail.kind).label
        path = reverse("desk:case", args=[mail.case.reference])
        subject = _("%(reference)s: %(step)s") % {"reference": mail.case.reference, "step": label}
        context = {
            "user": mail.user,
            "case": mail.case,
            "step": label,
            "url": settings.SITE_URL + path,
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
