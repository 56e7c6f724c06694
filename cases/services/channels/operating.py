"""Pause and resume a channel. Requires ``liaison.operate_channels``; records a :class:`ChannelEvent`."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from cases.liaison.models import Channel, Delivery
from cases.services.channels.core import Event, lock, record
from cases.services.channels.resending import restart
from members.models import User


@transaction.atomic
def pause(*, channel: Channel, by: User, reason: str) -> Channel:
    """Pause the channel: updates are collected and not sent. Idempotent.

    Raises :class:`NotAllowed`, and :class:`Refusal` without a reason.
    """
    channel = lock(channel, by)
    if channel.is_paused:
        return channel
    if not reason.strip():
        raise Refusal(_("Enter the reason for the pause."))
    channel.paused_at, channel.pause_reason = clock.now(), reason.strip()[:300]
    channel.save()
    record(channel, Event.PAUSED, by, reason=channel.pause_reason)
    return channel


@transaction.atomic
def resume(*, channel: Channel, by: User) -> Channel:
    """Resume the channel. Closes the circuit breaker and makes all waiting deliveries due, except dead letters.

    Idempotent. Raises :class:`NotAllowed`.
    """
    channel = lock(channel, by)
    if channel.is_paused:
        channel.paused_at, channel.pause_reason = None, ""
        record(channel, Event.RESUMED, by)
        restart(channel)
        # Deferred deliveries stay blocked by another delivery of their case.
        waiting = Delivery.objects.filter(
            channel=channel, dead_at=None, is_deferred=False
        ).waiting()
        waiting.filter(next_attempt_at__gt=Now()).update(next_attempt_at=Now())
    return channel
