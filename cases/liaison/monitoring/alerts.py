"""Alerts: operators get an email when a channel is behind or unreachable, and when it has recovered.

An *episode* begins when a channel is first behind or unreachable (``Channel.behind_since``) and ends when it is
well below its thresholds again, so that a channel near its thresholds does not alert repeatedly. In an
episode each recipient gets at most one email that the channel is behind, one that it is unreachable, if
that came later, and one that it has recovered. Any number of workers may run this at once: the key of a
:class:`Notice` is unique.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from cases.liaison.models import Channel, ChannelEvent, Notice
from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import ChannelState, ChannelStatus
from cases.mail import queue as mail_queue
from members.models import User

log = structlog.get_logger(__name__)

# A backlog that disappears within a minute, as after an upgrade, needs no alert.
GRACE = timedelta(minutes=1)
# A channel has recovered below this share of its thresholds.
RECOVERED_BELOW = 0.5
MAX_RECIPIENTS = 50
_UNREACHABLE = (ChannelState.OPEN, ChannelState.HALF_OPEN)


@dataclass(frozen=True)
class Recipient:
    """An email address, and the language of the email."""

    address: str
    language: str


def check() -> None:
    """Begin, report and end the episodes of all channels. The number of queries is constant if there are none."""
    statuses = status.statuses()
    paused_as_gone = _paused_by_the_portal(statuses)
    for found in statuses:
        is_down = found.state in _UNREACHABLE or found.channel.pk in paused_as_gone
        if found.channel.behind_since is None:
            if is_down or found.is_behind:
                Channel.objects.filter(pk=found.channel.pk, behind_since=None).update(
                    behind_since=Now()
                )
        elif is_down or found.is_behind:
            if _alert_is_due(found, is_down=is_down):
                _report(found, is_down=is_down)
        elif _has_recovered(found):
            _end(found)


def recipients() -> list[Recipient]:
    """Return the recipients in ``LIAISON_ALERT_EMAILS`` or, if it is empty, every active admin."""
    if settings.LIAISON_ALERT_EMAILS:
        return [Recipient(to, settings.LANGUAGE_CODE) for to in settings.LIAISON_ALERT_EMAILS]
    admins = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    known = admins.values_list("email", "language")[:MAX_RECIPIENTS]
    return [Recipient(email, language or settings.LANGUAGE_CODE) for email, language in known]


def _paused_by_the_portal(statuses: Iterable[ChannelStatus]) -> set[int]:
    """Return the channels that the portal paused itself, because the receiver answered that it is gone."""
    paused = [found.channel.pk for found in statuses if found.state == ChannelState.PAUSED]
    if not paused:
        return set()
    events = ChannelEvent.objects.filter(channel__in=paused, kind=ChannelEvent.Kind.PAUSED)
    last = events.order_by("channel_id", "-id").distinct("channel_id")
    return {event.channel_id for event in last if event.actor_id is None}


def _alert_is_due(found: ChannelStatus, *, is_down: bool) -> bool:
    channel = found.channel
    longest_wait = timedelta(minutes=channel.alert_after_minutes)
    if is_down and found.at - _down_since(channel) > longest_wait:
        return True
    since = channel.behind_since or found.at
    return channel.alerted_at is None and found.is_behind and found.at - since >= GRACE


def _down_since(channel: Channel) -> datetime:
    """Return since when nothing has arrived in this episode."""
    if channel.paused_at:
        return channel.paused_at
    known = [moment for moment in (channel.behind_since, channel.last_success_at) if moment]
    return max(known)


def _report(found: ChannelStatus, *, is_down: bool) -> None:
    """Write the notices of this episode, unless they exist."""
    channel = found.channel
    data = {
        "state": str(found.state),
        "backlog": found.backlog,
        "is_capped": found.backlog_is_capped,
        "waits_minutes": int(found.oldest_age.total_seconds() // 60),
        "is_down": is_down,
    }
    what = "down" if is_down else "late"
    with transaction.atomic():
        if not _lock_episode(channel):
            return
        if _write(channel, Notice.Kind.BEHIND, what, data):
            log.warning("channel_behind", channel=channel.pk, state=found.state)
        if channel.alerted_at is None:
            Channel.objects.filter(pk=channel.pk).update(alerted_at=Now())
        transaction.on_commit(mail_queue.wake)


def _end(found: ChannelStatus) -> None:
    """End the episode, and notify the recipients of its alert unless the channel is inactive."""
    channel = found.channel
    with transaction.atomic():
        if not _lock_episode(channel):
            return
        Channel.objects.filter(pk=channel.pk).update(behind_since=None, alerted_at=None)
        if channel.alerted_at is None:
            return
        if found.state != ChannelState.INACTIVE:
            _write(channel, Notice.Kind.CAUGHT_UP, "over", {"backlog": found.backlog})
            transaction.on_commit(mail_queue.wake)
    log.info("channel_caught_up", channel=channel.pk)


def _has_recovered(found: ChannelStatus) -> bool:
    if found.state == ChannelState.INACTIVE:
        return True
    if found.channel.is_paused and found.backlog:
        # Nothing is delivered during a pause, so the channel has not recovered, even below its thresholds.
        return False
    return not status.exceeds_thresholds(
        found.channel,
        at=found.at,
        backlog=found.backlog,
        since=found.oldest_at,
        share=RECOVERED_BELOW,
    )


def _lock_episode(channel: Channel) -> bool:
    """Lock the channel's row. Return whether it is still in the episode that was read."""
    rows = Channel.objects.select_for_update(no_key=True).filter(pk=channel.pk)
    return rows.filter(behind_since=channel.behind_since, alerted_at=channel.alerted_at).exists()


def _write(channel: Channel, kind: str, what: str, data: dict[str, Any]) -> bool:
    """Write one notice for each recipient without one. Return whether any was missing."""
    assert channel.behind_since
    episode = f"{kind}:{channel.pk}:{channel.behind_since.timestamp():.3f}:{what}"
    made = {
        f"{episode}:{_digest(one.address)}": Notice(
            kind=kind,
            to=one.address,
            language=one.language,
            channel=channel,
            data=data | {"about": str(channel)},
        )
        for one in recipients()
    }
    for key, notice in made.items():
        notice.key = key
    known = set(Notice.objects.filter(key__in=made).values_list("key", flat=True))
    missing = [notice for key, notice in made.items() if key not in known]
    Notice.objects.bulk_create(missing, ignore_conflicts=True)
    return bool(missing)


def _digest(address: str) -> str:
    """Return a digest of the address for the key, which goes into a header and must not name the address."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:16]
