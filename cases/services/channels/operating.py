"""Agencies' queues: made, renewed, paused, resumed, and what was given up sent again.

Every act leaves a :class:`ChannelEvent`. Channels are made and their secrets renewed by admins
(``liaison.manage_channels``); moderators run them as well (``liaison.operate_channels``). A secret or token
is returned once, to be shown once; nobody can read it again here.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from alliance.lib import clock
from cases.liaison.models import Channel, Delivery
from cases.services.channels.core import Event, lock, record
from cases.services.channels.resending import _start_now
from cases.services.refusals import Refusal
from members.models import User


@transaction.atomic
def pause(*, channel: Channel, by: User, reason: str) -> Channel:
    """Stop sending; updates go on being collected. Pausing what is paused changes nothing."""
    channel = lock(channel, by)
    if channel.is_paused:
        return channel
    if not reason.strip():
        raise Refusal(_("Say why the channel is paused."))
    channel.paused_at, channel.pause_reason = clock.now(), reason.strip()[:300]
    channel.save()
    record(channel, Event.PAUSED, by, reason=channel.pause_reason)
    return channel


@transaction.atomic
def resume(*, channel: Channel, by: User) -> Channel:
    """Send again, beginning now, with the breaker closed and every wait ended; the dead stay dead."""
    channel = lock(channel, by)
    if channel.is_paused:
        channel.paused_at, channel.pause_reason = None, ""
        record(channel, Event.RESUMED, by)
        _start_now(channel)
        # What is put aside waits behind another, whose time it is.
        waiting = Delivery.objects.filter(channel=channel, dead_at=None, put_aside=False).waiting()
        waiting.filter(next_attempt_at__gt=Now()).update(next_attempt_at=Now())
    return channel
