"""The sweep: finds lanes with due rows whose wake-up was lost, and streams that lost their tail."""

from __future__ import annotations

import redis
import structlog
from django.db.models import Exists, F, OuterRef, Q

from cases.liaison.delivery import test_update
from cases.liaison.delivery.stream import append, timeouts
from cases.liaison.delivery.stream.relay import note_ahead, rewind
from cases.liaison.delivery.wake import wake
from cases.liaison.models import Channel, Delivery, Resend

log = structlog.get_logger(__name__)


def due_lanes() -> dict[int, str]:
    """Return the channels, with their kind, that have something to send and may be sent to now."""
    return {**_due_streams(), **_due_senders()}


def _due_streams() -> dict[int, str]:
    """Streams with something unsent, or rewound because they lost what had been sent."""
    unsent = Delivery.objects.filter(channel=OuterRef("pk"), sent_at=None)
    streams = Channel.objects.rested().filter(kind=Channel.Kind.STREAM)
    due = streams.filter(Exists(unsent)).union(streams.filter(sent_seq__lt=F("numbered_seq")))
    return dict(due.order_by().values_list("pk", "kind"))


def _due_senders() -> dict[int, str]:
    """Webhooks and e-mail with something new, with an order to send again, or with a case at its time."""
    of_channel = Delivery.objects.filter(channel=OuterRef("pk"))
    orders = Resend.objects.filter(channel=OuterRef("pk"), finished_at=None)
    lanes = Channel.objects.rested().filter(kind__in=(Channel.Kind.WEBHOOK, Channel.Kind.EMAIL))
    due = lanes.filter(
        Q(Exists(of_channel.filter(seq=None))) | Q(Exists(orders)) | Q(Exists(of_channel.timely()))
    )
    return dict(due.order_by().values_list("pk", "kind"))


def probe() -> list[int]:
    """Compare every idle stream with what was sent to it; rewind those that lost entries.

    Returns their channels. One that has more than was ever numbered belongs to a newer database: that is noted
    on the channel, for operators to see before its agency waits for what would not come. A Redis that does not answer soon is the relay's business, not the probe's.
    """
    channels = list(
        Channel.objects.rested()
        .filter(kind=Channel.Kind.STREAM)
        .values_list("pk", "stream_key", "sent_seq", "numbered_seq")
    )
    if not channels:
        return []
    try:
        with timeouts.server() as server:
            lasts = append.last_sequences([key or "" for _pk, key, *_ in channels], server)
    except redis.RedisError as error:
        log.warning("streams_not_probed", error=type(error).__name__)
        return []
    lost = []
    for (pk, _key, sent, numbered), last in zip(channels, lasts, strict=True):
        if last < sent:
            rewind(pk, to=last)
            lost.append(pk)
        elif last > numbered:
            note_ahead(pk, last)
    return lost


def sweep() -> list[int]:
    """Wake every lane that has something to do, those last whose streams lost entries; return their channels.

    Test updates whose wake-up was lost are woken, too. The streams' Redis, which may be silent, is asked when
    all others have been woken.
    """
    test_update.wake_waiting()
    lanes = due_lanes()
    for channel_id, kind in sorted(lanes.items()):
        wake(channel_id, kind, swept=True)
    lost = [] if timeouts.is_pausing() else probe()
    for channel_id in lost:
        wake(channel_id, Channel.Kind.STREAM, swept=True)
    return sorted({*lanes, *lost})
