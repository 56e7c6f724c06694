"""How a person is notified of events: topics with their settings, notifications, and the daily digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock
from alliance.lib.history import tracked
from alliance.lib.mail.queued import FINISHED, WAITING, QueuedMail, QueuedMailQuerySet
from members.models.people import User


class Topic(models.TextChoices):
    """What an email is about. Each topic has one setting: first those of cases, then the others, then those of moderators."""

    QUESTIONS = "questions", _("Questions to answer")
    REMINDERS = "reminders", pgettext_lazy("topic", "Reminders")
    DECISIONS = "decisions", pgettext_lazy("topic", "Decisions")
    PROGRESS = "progress", pgettext_lazy("topic", "Progress")
    LAW_ENFORCEMENT = "law_enforcement", pgettext_lazy("topic", "Law enforcement")
    RIGHTS = "rights", pgettext_lazy("topic", "Rights")
    EXPIRIES = "expiries", pgettext_lazy("topic", "Expiry dates")
    PEOPLE = "people", pgettext_lazy("topic", "People and agents")
    ACCESS = "access", pgettext_lazy("topic", "Your access and security")
    MENTIONS = "mentions", pgettext_lazy("topic", "Mentions")
    WATCHED = "watched", pgettext_lazy("topic", "Watched cases")


# The topics of the emails that moderators get. The others are for brand staff.
OF_MODERATORS = (Topic.MENTIONS, Topic.WATCHED)


class Frequency(models.TextChoices):
    """When emails about a topic are sent."""

    AT_ONCE = "at_once", pgettext_lazy("frequency of email", "At once")
    DIGEST = "digest", _("In a daily digest")
    OFF = "off", pgettext_lazy("frequency of email", "No email")


_DEADLINE = _("There is a deadline, so these emails cannot be switched off.")
# Topics that cannot be switched off, with the reason. If nobody reads the emails with a deadline, the member loses a
# right. A person who does not read those about access does not notice what somebody else has done with the account.
NEEDED = {
    Topic.QUESTIONS: _DEADLINE,
    Topic.REMINDERS: _DEADLINE,
    Topic.EXPIRIES: _DEADLINE,
    Topic.ACCESS: _("They protect your account, so these emails cannot be switched off."),
}

# The settings of a person who has chosen none.
DEFAULTS: dict[Topic, Frequency] = dict.fromkeys(Topic, Frequency.AT_ONCE)


def frequencies_for(topic: Topic) -> list[Frequency]:
    """Return the frequencies that may be chosen for ``topic``."""
    return [one for one in Frequency if one != Frequency.OFF or topic not in NEEDED]


def not_allowed(topic: Topic) -> str:
    """Return why a frequency cannot be chosen for ``topic``."""
    return str(NEEDED[topic]) if topic in NEEDED else gettext("Choose when emails are sent.")


class NotificationSettingQuerySet(models.QuerySet["NotificationSetting"]):
    def of(self, user: User) -> dict[Topic, Frequency]:
        """Return the frequency of each topic for ``user``: the chosen one or the default."""
        chosen = self.filter(user=user).values_list("topic", "frequency")
        return DEFAULTS | {Topic(topic): Frequency(frequency) for topic, frequency in chosen}


@tracked()
class NotificationSetting(models.Model):
    """The frequency that a person has chosen for the emails about a topic."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    frequency = models.CharField(_("frequency"), max_length=10, choices=Frequency.choices)

    objects = NotificationSettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification setting")
        verbose_name_plural = _("notification settings")
        constraints = [
            models.UniqueConstraint(fields=("user", "topic"), name="one_setting_per_topic"),
            models.CheckConstraint(
                name="notification_setting_is_known",
                condition=Q(topic__in=Topic.values, frequency__in=Frequency.values),
            ),
            models.CheckConstraint(
                name="topics_with_a_deadline_are_not_off",
                condition=~Q(topic__in=sorted(NEEDED), frequency=Frequency.OFF),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.topic}: {self.frequency}"


class DigestQuerySet(QueuedMailQuerySet):
    def due(self) -> DigestQuerySet:
        """Return the digests to look at now: by the calendar, and not leased or waiting for a retry."""
        return self.filter(WAITING, look_at__lte=clock.now(), next_attempt_at__lte=Now())

    def open(self) -> DigestQuerySet:
        """Return the digests that no worker has begun to send. Notifications can be added to them."""
        return self.filter(WAITING, attempts=0)


class Digest(QueuedMail):
    """The email of one person for one day. It is due at ``due_at``, 08:00 of ``day`` in the person's time zone.

    A worker looks at it at ``look_at``: then, or earlier if the person's settings have changed.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("user"))
    day = models.DateField(_("day"))
    due_at = models.DateTimeField(_("due"))
    look_at = models.DateTimeField()

    objects: ClassVar[Any] = DigestQuerySet.as_manager()

    class Meta(QueuedMail.Meta):
        abstract = False
        verbose_name = _("daily digest")
        verbose_name_plural = _("daily digests")
        indexes = [
            models.Index(fields=("look_at",), name="digest_waiting", condition=WAITING),
            models.Index(fields=("created_at", "id"), name="digest_age", condition=FINISHED),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=("user", "day"), name="one_digest_per_person_and_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} · {self.user_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether the digest has neither been sent nor failed."""
        return self.sent_at is None and self.failed_at is None


class NotificationQuerySet(QueuedMailQuerySet):
    def unread(self) -> NotificationQuerySet:
        """Return the notifications that have not been read in the portal."""
        return self.filter(read_at=None)

    def waiting_in(self, digest: Digest) -> NotificationQuerySet:
        """Return the notifications that ``digest`` is to contain."""
        return self.filter(WAITING, digest=digest)


class Notification(QueuedMail):
    """Base class of notifications: an entry on a person's page, and an email.

    The columns of the email say when it was sent, or why not: a person may have switched off the emails about a
    topic. ``digest`` is the daily digest that contains it instead of an email of its own.

    Subclasses have a ``kind`` and a ``user``.
    """

    # The topic of each kind.
    TOPICS: ClassVar[dict[str, Topic]]
    # Columns of the subclasses.
    kind: Any
    user: Any
    user_id: Any

    read_at = models.DateTimeField(_("read on"), null=True, blank=True)
    digest = models.ForeignKey(
        Digest,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("daily digest"),
    )

    objects: ClassVar[Any] = NotificationQuerySet.as_manager()

    class Meta(QueuedMail.Meta):
        abstract = True

    @classmethod
    def kinds_of(cls, topics: Iterable[Topic]) -> list[str]:
        """Return the kinds of notifications about ``topics``."""
        wanted = set(topics)
        return [kind for kind, topic in cls.TOPICS.items() if topic in wanted]
