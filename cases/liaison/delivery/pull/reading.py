"""The pull channel: the agency's system requests the updates after its cursor, and acknowledges them.

Each request numbers new deliveries; as in a stream, the numbers have no gaps. An update counts as sent when a
request has returned it. Only its acknowledgement shows that the agency's system has stored it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

import redis
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least, Now

from alliance.lib import wakeup
from cases.liaison.delivery import numbering, rates
from cases.liaison.delivery.wake import flag
from cases.liaison.models import Channel, Delivery

PAGE = 100
# The most batches that one request numbers.
MAX_BATCHES = 10
MAX_WAIT_SECONDS = 20.0
# A waiting request checks this often whether an update was signalled.
CHECK_SIGNAL_EVERY_SECONDS = 0.25
# The database is read this often even without a signal, because a signal may have been lost.
READ_EVERY_SECONDS = 5.0
# A waiting request holds a thread of a web process. The limits keep threads free for people and other agencies.
WAITERS_PER_PROCESS = 2
WAITERS_PER_CHANNEL = 1
# The most deliveries that one transaction acknowledges: about fifty milliseconds of work.
ACKNOWLEDGED_AT_ONCE = 5000
_waiters: Counter[int] = Counter()
_lock = threading.Lock()


class NotSentYet(Exception):
    """The acknowledged number has never been returned. ``sent_seq`` is the last one that has."""

    def __init__(self, sent_seq: int) -> None:
        super().__init__(sent_seq)
        self.sent_seq = sent_seq


class CursorAhead(Exception):
    """The cursor is beyond the last number returned: it was issued by a newer copy of this database.

    ``sent_seq`` is the last number that this database has returned.
    """

    def __init__(self, sent_seq: int) -> None:
        super().__init__(sent_seq)
        self.sent_seq = sent_seq


def read(channel_id: int, *, after: int) -> list[tuple[int, dict[str, Any]]]:
    """Return up to :data:`PAGE` updates with their numbers, from ``after`` + 1 on, and mark them as sent.

    Raises :class:`CursorAhead` if ``after`` was never returned: the updates that get the numbers up to it would be
    skipped. The first request of a channel may begin anywhere.
    """
    if Delivery.objects.filter(channel_id=channel_id, seq=None).exists():
        _number_a_page(channel_id, after)
    if after:
        _check_cursor(channel_id, after)
    rows = list(
        Delivery.objects.filter(channel_id=channel_id, seq__gt=after)
        .order_by("seq")
        .values_list("seq", "update__payload", "sent_at")[:PAGE]
    )
    if any(sent_at is None for _seq, _payload, sent_at in rows):
        _mark_sent(channel_id, after, rows[-1][0] or 0)
    return [(seq or 0, payload) for seq, payload, _sent_at in rows]


def _number_a_page(channel_id: int, after: int) -> None:
    """Number enough deliveries for one page. Later requests number the rest of a long backlog."""
    for _ in range(MAX_BATCHES):
        if numbering.assign_numbers(channel_id) < numbering.BATCH:
            return
        numbered = Channel.objects.values_list("numbered_seq", flat=True).get(pk=channel_id)
        if numbered >= after + PAGE:
            return


def _check_cursor(channel_id: int, after: int) -> None:
    progress = Channel.objects.values_list("sent_seq", "numbered_seq")
    sent, numbered = progress.get(pk=channel_id)
    if after > (sent or numbered):
        raise CursorAhead(sent)


@transaction.atomic
def _mark_sent(channel_id: int, after: int, last: int) -> None:
    # A system that first read from the middle may read the earlier updates now, and must acknowledge them.
    Channel.objects.filter(pk=channel_id).update(
        sent_seq=Greatest(F("sent_seq"), last),
        acknowledged_seq=Least(F("acknowledged_seq"), after),
        last_success_at=Now(),
    )
    count = Delivery.objects.filter(
        channel_id=channel_id, seq__gt=after, seq__lte=last, sent_at=None
    ).update(sent_at=Now())
    rates.count(channel_id, sent=count)


def wait_and_read(
    channel_id: int, *, after: int, seconds: float
) -> tuple[list[tuple[int, dict[str, Any]]], bool]:
    """Like :func:`read`, but wait up to ``seconds`` for an update. Also return whether it could wait.

    A waiting request holds no database connection. It reads only a counter in Redis.
    """
    signals = _signal_count(channel_id)
    found = read(channel_id, after=after)
    if found or seconds <= 0:
        return found, True
    if not _may_wait(channel_id):
        return found, False
    try:
        return _wait(channel_id, after, signals, min(seconds, MAX_WAIT_SECONDS)), True
    finally:
        with _lock:
            _waiters[channel_id] -= 1


def _may_wait(channel_id: int) -> bool:
    """Reserve a slot for a waiting request of the channel, if this process has one free."""
    with _lock:
        if _waiters.total() >= WAITERS_PER_PROCESS or _waiters[channel_id] >= WAITERS_PER_CHANNEL:
            return False
        _waiters[channel_id] += 1
    return True


def _wait(
    channel_id: int, after: int, signals: int | None, seconds: float
) -> list[tuple[int, dict[str, Any]]]:
    until = time.monotonic() + seconds
    read_at = time.monotonic()
    connection.close()
    while (now := time.monotonic()) < until:
        time.sleep(min(CHECK_SIGNAL_EVERY_SECONDS, until - now))
        latest = _signal_count(channel_id)
        if latest == signals and time.monotonic() - read_at < READ_EVERY_SECONDS:
            continue
        signals, read_at = latest, time.monotonic()
        found = read(channel_id, after=after)
        connection.close()
        if found:
            return found
    return []


def _signal_count(channel_id: int) -> int | None:
    """Return the value of the channel's counter of signals; ``None`` if Redis does not respond."""
    try:
        return wakeup.notifications(flag(channel_id))
    except redis.RedisError:
        return None


def acknowledge(channel_id: int, *, up_to: int) -> int:
    """Record that the agency's system has every update up to ``up_to``. Return how many are newly acknowledged.

    Idempotent. A long range is recorded in parts, so that the channel's row is never locked for long. If it is
    interrupted, the caller repeats it. Raises :class:`NotSentYet` for a number that was never returned.
    """
    acknowledged = 0
    is_done = False
    while not is_done:
        count, is_done = _acknowledge_some(channel_id, up_to)
        acknowledged += count
    return acknowledged


@transaction.atomic
def _acknowledge_some(channel_id: int, up_to: int) -> tuple[int, bool]:
    """Continue after the last acknowledgement. Return how many are new, and whether ``up_to`` was reached."""
    channel = Channel.objects.select_for_update(no_key=True).get(pk=channel_id)
    if up_to > channel.sent_seq:
        raise NotSentYet(channel.sent_seq)
    first = channel.acknowledged_seq + 1
    last = min(up_to, channel.acknowledged_seq + ACKNOWLEDGED_AT_ONCE)
    if last < first:
        return 0, True
    rows = Delivery.objects.filter(channel_id=channel_id, seq__gte=first, seq__lte=last)
    count = rows.filter(sent_at__isnull=False, acknowledged_at=None).update(acknowledged_at=Now())
    Channel.objects.filter(pk=channel_id).update(acknowledged_seq=last)
    return count, last == up_to
