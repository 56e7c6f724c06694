"""The daily digest of a person's notifications, composed when it is sent, in the reader's language.

The notifications in a digest are fixed when a worker begins to send it (``members.services.digests.join``), so an
attempt after a failure sends the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
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
from cases.mail.case_steps import ANSWERED, answer_by, path
from cases.models import OutgoingMail
from cases.models.event import EventKind
from members import visibility as of_members
from members.mail import notices, summaries
from members.mail.preferences import INACTIVE, NO_ACCESS, SWITCHED_OFF
from members.models import Digest, Frequency, MemberNotice, NotificationSetting, Topic
from members.models.notification import Notification, NotificationQuerySet

RELATED = ("user",)

# The number of updates that a digest lists. It says how many more there are.
LISTED = 40


# The kinds of rows that a digest can contain.
NOTIFICATIONS: tuple[type[Notification], ...] = (OutgoingMail, MemberNotice)


def put_off(digest: Digest) -> bool:
    """Apply the person's current settings to the notifications in ``digest``; return whether it is not due yet.

    A change of the settings makes a worker look at a digest before it is due. Notifications that are now emailed at
    once leave the digest.
    """
    topics = _topics(digest)
    is_due = digest.due_at <= clock.now()
    for waiting in _waiting(digest):
        switched_off = waiting.model.kinds_of(topics[Frequency.OFF])
        _skip(waiting.filter(kind__in=switched_off), SWITCHED_OFF)
        if not is_due:
            at_once = waiting.filter(kind__in=waiting.model.kinds_of(topics[Frequency.AT_ONCE]))
            at_once.update(digest=None, next_attempt_at=Now())
    if not is_due:
        digest.record(attempts=0, next_attempt_at=Now(), look_at=digest.due_at)
    return not is_due


def skip_reason(digest: Digest) -> str:
    """Return why ``digest`` is no longer needed, or ``""`` if it must be sent."""
    user = digest.user
    if not user.is_active:
        return INACTIVE
    visible = (visibility.notifications(user), of_members.notices(user))
    for waiting, seen in zip(_waiting(digest), visible, strict=True):
        _skip(waiting.exclude(pk__in=seen.values("pk")), NO_ACCESS)
    steps = OutgoingMail.objects.waiting_in(digest)
    _skip(steps.filter(kind=EventKind.MEMBER_REMINDED, case__answer_due_at=None), ANSWERED)
    _skip_outdated(digest)
    return "" if any(waiting.exists() for waiting in _waiting(digest)) else "nothing to report"


def compose(digest: Digest) -> EmailMessage:
    """Return the message for ``digest``: links and one line for each update, by case, right and so on."""
    with translation.override(digest.user.language or settings.LANGUAGE_CODE):
        rows = _first(digest)
        count = sum(waiting.count() for waiting in _waiting(digest))
        subject = ngettext(
            "Daily digest: %(count)s update", "Daily digest: %(count)s updates", count
        ) % {"count": grouped(count)}
        context = {
            "user": digest.user,
            "groups": _grouped(rows),
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
        for waiting in _waiting(digest):
            waiting.update(
                sent_at=digest.sent_at, failed_at=digest.failed_at, last_error=digest.last_error
            )


def _waiting(digest: Digest) -> list[NotificationQuerySet]:
    """Return the notifications that ``digest`` is to contain, those of each of :data:`NOTIFICATIONS`."""
    return [model.objects.waiting_in(digest) for model in NOTIFICATIONS]


def _skip(rows: NotificationQuerySet, reason: str) -> None:
    rows.update(failed_at=Now(), last_error=reason)


def _skip_outdated(digest: Digest) -> None:
    """Leave out the notices whose text is no longer true."""
    waiting = MemberNotice.objects.waiting_in(digest)
    skipped: defaultdict[str, list[int]] = defaultdict(list)
    for notice in waiting.select_related(*notices.RELATED).iterator(chunk_size=500):
        if reason := notices.outdated(notice):
            skipped[reason].append(notice.pk)
    for reason, keys in skipped.items():
        _skip(waiting.filter(pk__in=keys), reason)


def _first(digest: Digest) -> list[Notification]:
    """Return the first :data:`LISTED` notifications in ``digest``, the oldest first."""
    steps, others = _waiting(digest)
    rows: list[Notification] = []
    for waiting in (
        steps.select_related("case", "user"),
        others.select_related("member", "right"),
    ):
        rows += waiting.order_by("created_at", "pk")[:LISTED]
    return sorted(rows, key=attrgetter("created_at"))[:LISTED]


def _grouped(rows: list[Notification]) -> list[dict[str, Any]]:
    """Group ``rows`` by heading and link, in the order of each group's first update."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        heading, path, line = _of_case(row) if isinstance(row, OutgoingMail) else _of_member(row)
        groups[heading, path].append(line)
    return [
        {"heading": heading, "url": settings.SITE_URL + path, "updates": updates}
        for (heading, path), updates in groups.items()
    ]


def _of_case(row: OutgoingMail) -> tuple[str, str, str]:
    """Return the heading, the path and the line of an event of a case, with the deadline to reply if there is one."""
    reference, until = row.case.reference, answer_by(row)
    detail = _("Reply by %(answer_by)s.") % {"answer_by": until} if until else ""
    return reference, path(row), _line(row.label, detail)


def _of_member(row: Any) -> tuple[str, str, str]:
    """Return the heading, the path and the line of a notice."""
    line = _line(row.label, summaries.summary(row))
    return row.member.shown_name, summaries.path(row), line


def _line(label: str, detail: str) -> str:
    return f"{label}{text.colon()}{detail}" if detail else label


def _topics(digest: Digest) -> dict[Frequency, list[Topic]]:
    """Return the topics for which the person has chosen each frequency."""
    chosen = NotificationSetting.objects.of(digest.user)
    return {one: [topic for topic, when in chosen.items() if when == one] for one in Frequency}
