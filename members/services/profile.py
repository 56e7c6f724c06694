"""A person's own profile: name, language, time zone and notification settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from members.models import Frequency, NotificationSetting, Topic, User
from members.models.notification import frequencies_for, not_allowed
from members.services import digests


@transaction.atomic
def save(*, by: User, notifications: Mapping[str, str], **profile: Any) -> User:
    """Save the ``profile`` (``name``, ``language``, ``time_zone``, ``uses_shortcuts``) and ``notifications`` of ``by``. Idempotent.

    ``notifications`` maps topics to frequencies; other topics keep theirs. Emails that are queued but not sent follow
    the new settings. Raises :class:`Refusal` for an unknown topic, or a frequency that the topic does not allow.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    before = (user.time_zone, NotificationSetting.objects.of(user))
    _change_settings(user, before[1], notifications)
    changed = [name for name, value in profile.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, profile[name])
    if changed:
        user.save(update_fields=changed)
    after = (user.time_zone, NotificationSetting.objects.of(user))
    if after != before:
        digests.reschedule(user, reconsider=after[1] != before[1])
    return user


def _change_settings(
    user: User, before: Mapping[Topic, Frequency], chosen: Mapping[str, str]
) -> None:
    for topic, frequency in chosen.items():
        if topic not in Topic.values:
            raise Refusal(_("Choose a valid topic."))
        if frequency not in frequencies_for(Topic(topic)):
            raise Refusal(not_allowed(Topic(topic)))
        if frequency != before[Topic(topic)]:
            NotificationSetting.objects.update_or_create(
                user=user, topic=topic, defaults={"frequency": frequency}
            )
