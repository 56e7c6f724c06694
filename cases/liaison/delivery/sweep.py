"""The sweep: wakes channels with due deliveries whose wake-up was lost, and finds streams that lost entries."""

from __future__ import annotations

import redis
import structlog
from django.db.models import Exists, F, OuterRef, Q

from cases.liaison.delivery import test_update
from cases.liaison.delivery.stream import append, timeouts
from cases.liaison.delivery.stream.relay import note_ahead, rewind
from cases.liaison.delivery.wake import wake
from cases.liaison.models import Channel, Delivery, Resend
from cases.liaison.models.channel import ROUTE

log = structlog.get_logger(__name__)


def due_channels() -> dict[int, str]:
    """Return the route of each channel that has something to send and may be sent to now, by id."""
    return {**_due_streams(), **_due_push_channels()}


def _due_streams() -> dict[int, str]:
    """Return streams with unsent deliveries, or with entries that were lost and must be sent again."""
    unsent = Delivery.objects.filter(channel=OuterRef("pk"), sent_at=None)
    streams = Channel.objects.ready().filter(kind=Channel.Kind.STREAM)
    due = streams.filter(Exists(unsent)).union(streams.filter(sent_seq__lt=F("numbered_seq")))
    return dict(due.order_by().values_list("pk", "kind"))


def _due_push_channels() -> dict[int, str]:
    """Return webhook and email channels with new deliveries, an open resend order, or a retry that is due."""
    of_channel = Delivery.objects.filter(channel=OuterRef("pk"))
    orders = Resend.objects.filter(channel=OuterRef("pk"), finished_at=None)
    push = Channel.objects.ready().filter(kind__in=(Channel.Kind.WEBHOOK, Channel.Kind.EMAIL))
    due = push.filter(
        Q(Exists(of_channel.filter(seq=None)))
        | Q(Exists(orders))
        | Q(Exists(of_channel.due_by_time()))
    )
    return dict(due.order_by().values_list("pk", ROUTE))


def probe() -> list[int]:
    """Compare every stream with what was sent to it, and rewind those that lost entries. Return these.

    A stream with more entries than were ever numbered belongs to a newer database. That is recorded on the
    channel, so that operators see it. If Redis does not answer in time, nothing is done: the relay
    handles that.
    """
    channels = list(
        Channel.objects.ready()
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
    """Wake every channel that has something to send. Return their ids.

    Also wakes workers for test updates whose wake-up was lost. The streams' Redis is queried last, because it
    may time out.
    """
    test_update.wake_waiting()
    due = due_channels()
    for channel_id, route in sorted(due.items()):
        wake(channel_id, route, swept=True)
    lost = [] if timeouts.is_pausing() else probe()
    for channel_id in lost:
        wake(channel_id, Channel.Kind.STREAM, swept=True)
    return sorted({*due, *lost})
