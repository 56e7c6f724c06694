"""The daily digest of a person's notifications, composed when it is sent, in the reader's language.

The notifications in a digest are fixed when a worker begins to send it (``members.services.digests.join``), so an
attempt after a failure sends the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import clock, text
from alliance.lib.mail import messages
from alliance.templatetags.figures import grouped
from cases import visibility
from cases.mail.case_steps import ANSWERED, NO_ACCESS, SWITCHED_OFF, answer_by
from cases.models import OutgoingMail
from cases.models.event import EventKind
from cases.models.mail import NOTIFIED
from members.models import Digest, Frequency, NotificationSetting

RELATED = ("user",)

# The number of updates that a digest lists. It says how many more there are.
LISTED = 40


def put_off(digest: Digest) -> bool:
    """Apply the person's current settings to the notifications in ``digest``; return whether it is not due yet.

    A change of the settings makes a worker look at a digest before it is due. Notifications that are now emailed at
    once leave the digest.
    """
    waiting = OutgoingMail.objects.waiting_in(digest)
    waiting.filter(kind__in=_kinds(digest, Frequency.OFF)).update(
        failed_at=Now(), last_error=SWITCHED_OFF
    )
    if digest.due_at <= clock.now():
        return False
    waiting.filter(kind__in=_kinds(digest, Frequency.AT_ONCE)).update(
        digest=None, next_attempt_at=Now()
    )
    digest.record(attempts=0, next_attempt_at=Now(), look_at=digest.due_at)
    return True


def skip_reason(digest: Digest) -> str:
    """Return why ``digest`` is no longer needed, or ``""`` if it must be sent."""
    if not digest.user.is_active:
        return "account inactive"
    waiting = OutgoingMail.objects.waiting_in(digest)
    unseen = waiting.exclude(pk__in=visibility.notifications(digest.user).values("pk"))
    unseen.update(failed_at=Now(), last_error=NO_ACCESS)
    answered = waiting.filter(kind=EventKind.MEMBER_REMINDED, case__answer_due_at=None)
    answered.update(failed_at=Now(), last_error=ANSWERED)
    return "" if waiting.exists() else "nothing to report"


def compose(digest: Digest) -> EmailMessage:
    """Return the message for ``digest``: references and links by case, no facts of a case."""
    waiting = OutgoingMail.objects.waiting_in(digest)
    with translation.override(digest.user.language or settings.LANGUAGE_CODE):
        rows = list(waiting.select_related("case", "user").order_by("created_at", "pk")[:LISTED])
        count = waiting.count()
        subject = ngettext(
            "Daily digest: %(count)s update", "Daily digest: %(count)s updates", count
        ) % {"count": grouped(count)}
        context = {
            "user": digest.user,
            "cases": _by_case(rows),
            "more": count - len(rows),
            "list_url": settings.SITE_URL + reverse("notifications:list"),
            "settings_url": settings.SITE_URL + reverse("profile"),
        }
        return messages.compose(
            "emails/digest.txt",
            context,
            to=digest.user.email,
            subject=subject,
            reference=f"digest-{digest.pk}",
        )


def settle(digest: Digest) -> None:
    """Copy the result of ``digest``, once there is one, to the notifications in it."""
    digest.refresh_from_db(fields=["sent_at", "failed_at", "last_error"])
    if not digest.is_waiting:
        OutgoingMail.objects.waiting_in(digest).update(
            sent_at=digest.sent_at, failed_at=digest.failed_at, last_error=digest.last_error
        )


def _by_case(rows: list[OutgoingMail]) -> list[dict[str, Any]]:
    """Group ``rows`` by case, in the order of each case's first update."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[row.case.reference].append(_line(row))
    return [
        {
            "reference": reference,
            "url": settings.SITE_URL + reverse("desk:case", args=[reference]),
            "updates": updates,
        }
        for reference, updates in groups.items()
    ]


def _line(row: OutgoingMail) -> str:
    """Return what has happened, and the deadline to reply if there is one."""
    until = answer_by(row)
    if not until:
        return row.label
    return f"{row.label}{text.colon()}{_('Reply by %(answer_by)s.') % {'answer_by': until}}"


def _kinds(digest: Digest, frequency: Frequency) -> list[str]:
    """Return the kinds of notifications for which the person has chosen ``frequency``."""
    chosen = NotificationSetting.objects.of(digest.user)
    return [kind for kind, topic in NOTIFIED.items() if chosen[topic] == frequency]
