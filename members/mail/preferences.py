"""Applies a person's notification settings to the email of a notification, when it is about to be sent."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from members.models import Frequency, NotificationSetting
from members.models.notification import Notification
from members.services import digests

# Why an email was not sent.
INACTIVE = "account inactive"
SWITCHED_OFF = "switched off by the recipient"
NO_ACCESS = "no longer has access"

# If a worker finds an email of a digest still queued this long after the digest is due, it adds it to the next one.
DIGEST_TAKES = timedelta(days=2)


def put_off(mail: Notification) -> bool:
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


def skip_reason(mail: Notification) -> str:
    """Return why the person gets no email about this topic, or ``""``."""
    if not mail.user.is_active:
        return INACTIVE
    return SWITCHED_OFF if _frequency(mail) == Frequency.OFF else ""


def _frequency(mail: Notification) -> Frequency | None:
    """Return when the person wants emails of this kind; ``None`` for a kind that does not exist."""
    topic = mail.TOPICS.get(mail.kind)
    return NotificationSetting.objects.of(mail.user)[topic] if topic else None
