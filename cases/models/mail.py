"""Notifications about cases, with their email: of brand staff, and of moderators who are mentioned or watch a case."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib.mail.queued import FINISHED, WAITING
from cases.models.case import Case
from cases.models.event import EventKind
from members.models import Topic, User
from members.models.notification import Notification

# The events of which brand staff are notified, with the topic of the person's setting for email.
NOTIFIED: dict[str, Topic] = {
    EventKind.SUBMITTED: Topic.PROGRESS,
    EventKind.WITHDRAWN: Topic.PROGRESS,
    EventKind.INFORMATION_REQUESTED: Topic.QUESTIONS,
    EventKind.MEMBER_REMINDED: Topic.REMINDERS,
    EventKind.UPHELD: Topic.DECISIONS,
    EventKind.REJECTED: Topic.DECISIONS,
    EventKind.REOPENED: Topic.PROGRESS,
    EventKind.LISTINGS_REMOVED: Topic.PROGRESS,
    EventKind.COUNTER_NOTICED: Topic.QUESTIONS,
    EventKind.UPHELD_AGAIN: Topic.DECISIONS,
    EventKind.REINSTATED: Topic.DECISIONS,
    EventKind.REFERRED: Topic.LAW_ENFORCEMENT,
    EventKind.REFERRAL_WITHDRAWN: Topic.LAW_ENFORCEMENT,
    EventKind.CLOSED: Topic.PROGRESS,
    EventKind.OPERATION_VERIFIED: Topic.LAW_ENFORCEMENT,
    EventKind.OPERATION_RETRACTED: Topic.LAW_ENFORCEMENT,
}

# The kinds of notifications of moderators: a mention in an internal note, and an event of a watched case, whose kind
# follows the prefix. Only moderators see them.
MENTIONED = "mentioned"
WATCHED = "watch_"
FOR_MODERATORS: dict[str, Topic] = {
    MENTIONED: Topic.MENTIONS,
    **{f"{WATCHED}{kind}": Topic.WATCHED for kind in EventKind},
}


class OutgoingMail(Notification):
    """A notification of one person about one event of a case.

    The email contains a reference and a link, never evidence.
    """

    TOPICS = NOTIFIED | FOR_MODERATORS

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    kind = models.CharField(_("about"), max_length=30)
    event_sequence = models.PositiveIntegerField(_("event number"))

    class Meta(Notification.Meta):
        abstract = False
        verbose_name = _("outgoing email")
        verbose_name_plural = _("outgoing emails")
        indexes = [
            models.Index(
                fields=("next_attempt_at",),
                name="mail_waiting",
                condition=WAITING,
            ),
            # For cases.background.retention, which deletes old rows.
            models.Index(
                fields=("created_at",),
                name="mail_age",
                condition=FINISHED,
            ),
            # For the page of notifications and the count in the header.
            models.Index(fields=("user", "-created_at", "-id"), name="notifications_of_person"),
            models.Index(
                fields=("user", "-created_at", "-id"),
                name="notifications_unread",
                condition=Q(read_at=None),
            ),
            models.Index(
                fields=("digest",), name="mail_in_digest", condition=Q(digest__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("user", "case", "event_sequence"), name="mail_once_per_step_and_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.user_id}"

    @property
    def label(self) -> str:
        """What has happened, in the active language."""
        if self.kind == MENTIONED:
            return gettext("You were mentioned in an internal note")
        kind = self.kind.removeprefix(WATCHED)
        return str(EventKind(kind).label) if kind in EventKind.values else self.kind

    @property
    def is_for_moderators(self) -> bool:
        """Whether only moderators may see it."""
        return self.kind in FOR_MODERATORS
