"""Operators are told by e-mail when a channel is behind or cannot be reached, and when that is over.

An *episode* begins when a channel is first seen in trouble (``Channel.behind_since``) and ends when it has
recovered well below its thresholds, so that one that hovers about them is not told of again and again. In
an episode each recipient hears once that the channel is behind, once that it is not reachable, if that
came later, and once that it is over. May run in any number of workers at once: the key of a
:class:`Notice` is written once.
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
from cases.mail import case_steps
from members.models import User

log = structlog.get_logger(__name__)

# A backlog that is worked off within a minute, as after an upgrade, is nothing to get up for.
GRACE = timedelta(minutes=1)
# Over is what is below this share of the thresholds.
RECOVERED_BELOW = 0.5
RECIPIENTS_AT_MOST = 50
_UNREACHABLE = (ChannelState.OPEN, ChannelState.HALF_OPEN)


@dataclass(frozen=True)
class Recipient:
    """Who is told, and in which language."""

    address: str
    language: str


def look() -> None:
    """Begin, tell of and end episodes, for every channel; a constant number of queries without any."""
    found = status.statuses()
    given_up = _paused_by_the_portal(found)
    for lane in found:
        is_down = lane.state in _UNREACHABLE or lane.channel.pk in given_up
        if lane.channel.behind_since is None:
            if is_down or lane.is_behind:
                Channel.objects.filter(pk=lane.channel.pk, behind_since=None).update(
                    behind_since=Now()
                )
        elif is_down or lane.is_behind:
            if _is_to_be_told(lane, is_down=is_down):
                _tell(lane, is_down=is_down)
        elif _has_recovered(lane):
            _end(lane)


def recipients() -> list[Recipient]:
    """Return those of ``LIAISON_ALERT_EMAILS`` or, if it is empty, every active admin."""
    if settings.LIAISON_ALERT_EMAILS:
        return [Recipient(to, settings.LANGUAGE_CODE) for to in settings.LIAISON_ALERT_EMAILS]
    admins = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    known = admins.values_list("email", "language")[:RECIPIENTS_AT_MOST]
    return [Recipient(email, language or settings.LANGUAGE_CODE) for email, language in known]


def _paused_by_the_portal(lanes: Iterable[ChannelStatus]) -> set[int]:
    """Return the channels that nobody paused: the other side said that it is gone."""
    paused = [lane.channel.pk for lane in lanes if lane.state == ChannelState.PAUSED]
    if not paused:
        return set()
    events = ChannelEvent.objects.filter(channel__in=paused, kind=ChannelEvent.Kind.PAUSED)
    last = events.order_by("channel_id", "-id").distinct("channel_id")
    return {event.channel_id for event in last if event.actor_id is None}


def _is_to_be_told(lane: ChannelStatus, *, is_down: bool) -> bool:
    channel = lane.channel
    patience = timedelta(minutes=channel.alert_after_minutes)
    if is_down and lane.at - _down_since(channel) > patience:
        return True
    since = channel.behind_since or lane.at
    return channel.alerted_at is None and lane.is_behind and lane.at - since >= GRACE


def _down_since(channel: Channel) -> datetime:
    """Return since when nothing arrives, as far as it was noticed in this episode."""
    if channel.paused_at:
        return channel.paused_at
    known = [moment for moment in (channel.behind_since, channel.last_success_at) if moment]
    return max(known)


def _tell(lane: ChannelStatus, *, is_down: bool) -> None:
    """Write the notices, unless they were written before; who asks twice changes nothing."""
    channel = lane.channel
    data = {
        "state": str(lane.state),
        "backlog": lane.backlog,
        "is_capped": lane.backlog_is_capped,
        "waits_minutes": int(lane.oldest_age.total_seconds() // 60),
        "is_down": is_down,
    }
    what = "down" if is_down else "late"
    with transaction.atomic():
        if not _is_still(channel):
            return
        if _write(channel, Notice.Kind.BEHIND, what, data):
            log.warning("channel_behind", channel=channel.pk, state=lane.state)
        if channel.alerted_at is None:
            Channel.objects.filter(pk=channel.pk).update(alerted_at=Now())
        transaction.on_commit(case_steps.wake)


def _end(lane: ChannelStatus) -> None:
    """End the episode; who was told that it began is told that it is over."""
    channel = lane.channel
    with transaction.atomic():
        if not _is_still(channel):
            return
        Channel.objects.filter(pk=channel.pk).update(behind_since=None, alerted_at=None)
        if channel.alerted_at is None:
            return
        if lane.state != ChannelState.INACTIVE:
            _write(channel, Notice.Kind.CAUGHT_UP, "over", {"backlog": lane.backlog})
            transaction.on_commit(case_steps.wake)
    log.info("channel_caught_up", channel=channel.pk)


def _has_recovered(lane: ChannelStatus) -> bool:
    if lane.state == ChannelState.INACTIVE:
        return True
    if lane.channel.is_paused and lane.backlog:
        # Nothing arrives, whatever the thresholds say now.
        return False
    return not status.exceeds_thresholds(
        lane.channel,
        at=lane.at,
        backlog=lane.backlog,
        since=lane.oldest_at,
        share=RECOVERED_BELOW,
    )


def _is_still(channel: Channel) -> bool:
    """Lock the channel's row and say whether it is still in the episode that was seen."""
    rows = Channel.objects.select_for_update(no_key=True).filter(pk=channel.pk)
    return rows.filter(behind_since=channel.behind_since, alerted_at=channel.alerted_at).exists()


def _write(channel: Channel, kind: str, what: str, data: dict[str, Any]) -> bool:
    """Write one notice for each recipient who has none yet; return whether there was one to write."""
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
    """Stand for an address in a key, which goes into a header: no address belongs there."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:16]
