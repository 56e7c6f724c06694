"""The lane relay: takes what is due in PostgreSQL to the agency's stream, in order, once.

1. *Take* the lane: a short lease on the channel's row keeps other workers off. A courtesy, not a lock:
   a worker that is killed or frozen holds nobody up for longer than :data:`LEASE`.
2. *Number* the unnumbered deliveries with the channel's gapless sequence, and commit.
3. *Append* to the stream. Redis skips what it has and refuses a gap; no transaction is open meanwhile.
4. *Record* what arrived, and go on with the next batch.

Killed after any step, the next worker begins again at 1 and does only what is missing. A stream that
answers with less than was recorded as sent has lost its tail: it is refilled from PostgreSQL.
"""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

import redis
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least, Now

from . import rates, stream
from .faultpoints import reached
from .models import Channel, Delivery
from .outbox import unsent_exists

log = structlog.get_logger(__name__)

BATCH = 500
SLICE_SECONDS = 20.0
LEASE = timedelta(seconds=5)
RETRY_AFTER_FAILURE = timedelta(seconds=1)
RETRY_AT_MOST_SECONDS: float = settings.LIAISON_STREAM_REST_AT_MOST_SECONDS


def drain(channel_id: int) -> int:
    """Send what is due in the channel, for :data:`SLICE_SECONDS` at most; return how many were new.

    Returns 0 at once when another worker has the lane. A Redis that does not answer is noted on the
    channel, and the lane tried again later; nothing is raised for it.
    """
    sent = 0
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        token = take(channel_id)
        if token is None:
            return sent
        reached("taken")
        try:
            sent += _drain_taken(channel_id, token, until)
        except redis.RedisError as error:
            _note_failure(channel_id, error)
            return sent
        finally:
            give_back(channel_id, token)
        # Between the last look and giving back, a change may have been committed whose own
        # wake-up found the lane taken: look once more with the lane free.
        if not unsent_exists(channel_id):
            return sent
    return sent


def take(channel_id: int) -> uuid.UUID | None:
    """Take the lane's lease and return its token, or ``None`` when somebody has it or it is resting."""
    token = uuid.uuid4()
    with transaction.atomic():
        # Skipping what is locked, so that two workers do not queue up for one row; and "no key",
        # or every open transaction with a new delivery, which points to the channel, would shut us out.
        free = (
            Channel.objects.rested()
            .order_by()
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .filter(Q(lease_until=None) | Q(lease_until__lt=Now()), pk=channel_id)
        )
        if free.values_list("pk", flat=True).first() is None:
            return None
        Channel.objects.filter(pk=channel_id).update(lease_token=token, lease_until=Now() + LEASE)
    return token


def give_back(channel_id: int, token: uuid.UUID) -> None:
    """End the lease, if it is still ours."""
    Channel.objects.filter(pk=channel_id, lease_token=token).update(
        lease_token=None, lease_until=None
    )


def _drain_taken(channel_id: int, token: uuid.UUID, until: float) -> int:
    sent = 0
    while time.monotonic() < until:
        numbered = number(channel_id)
        reached("numbered")
        count, more = send_batch(channel_id, token)
        sent += count
        if not numbered and not more:
            break
    return sent


def number(channel_id: int) -> int:
    """Give the next numbers to up to :data:`BATCH` deliveries that have none; return how many.

    They are found by having no number, never by an id cursor: ids commit out of order. Within one
    case the order of ids is the order of commits, because both happen under the case's row lock.
    """
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).get(pk=channel_id)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE liaison_delivery AS delivery
                   SET seq = %(base)s + chosen.place
                  FROM (SELECT id, row_number() OVER (ORDER BY id) AS place
                          FROM (SELECT id FROM liaison_delivery
                                 WHERE channel_id = %(channel)s AND seq IS NULL
                                 ORDER BY id LIMIT %(batch)s) AS due) AS chosen
                 WHERE delivery.id = chosen.id
                """,
                {"base": channel.numbered_seq, "channel": channel_id, "batch": BATCH},
            )
            count: int = cursor.rowcount
        if count:
            Channel.objects.filter(pk=channel_id).update(numbered_seq=F("numbered_seq") + count)
    return count


def send_batch(channel_id: int, token: uuid.UUID) -> tuple[int, bool]:
    """Append the next numbered deliveries to the stream and record it.

    Returns how many were newly recorded as sent, and whether there may be more to do.
    """
    channel = Channel.objects.get(pk=channel_id)
    rows = list(
        Delivery.objects.filter(channel_id=channel_id, seq__gt=channel.sent_seq)
        .order_by("seq")
        .values_list("seq", "update__payload")[:BATCH]
    )
    reached("before_append")
    last = stream.append(
        channel.stream_key or "", [stream.Entry(seq, body) for seq, body in rows if seq]
    )
    reached("appended")
    if last > channel.numbered_seq:
        _check_not_ahead(channel_id, last)
    if last < channel.sent_seq:
        rewind(channel_id, to=last)
        return 0, True
    return _record(channel_id, token, last), len(rows) == BATCH


def rewind(channel_id: int, *, to: int) -> None:
    """Go back to ``to``: the stream has lost what came after it, and is refilled from PostgreSQL."""
    log.warning("stream_lost_its_tail", channel=channel_id, back_to=to)
    Channel.objects.filter(pk=channel_id).update(sent_seq=Least(F("sent_seq"), to))


def _record(channel_id: int, token: uuid.UUID, last: int) -> int:
    """Note that everything up to ``last`` has arrived; renew the lease if it is still ours."""
    with transaction.atomic():
        count = Delivery.objects.filter(channel_id=channel_id, seq__lte=last, sent_at=None).update(
            sent_at=Now()
        )
        Channel.objects.filter(pk=channel_id).update(
            sent_seq=Greatest(F("sent_seq"), last),
            last_success_at=Now(),
            last_error="",
            failures=0,
        )
        rates.count(channel_id, sent=count)
        Channel.objects.filter(pk=channel_id, lease_token=token).update(lease_until=Now() + LEASE)
    reached("recorded")
    return count


def _check_not_ahead(channel_id: int, last: int) -> None:
    """A stream ahead of our numbers belongs to another database: appending would lose updates."""
    numbered = Channel.objects.values_list("numbered_seq", flat=True).get(pk=channel_id)
    if last > numbered:
        raise redis.DataError(f"the stream is at {last}, the channel only at {numbered}")


def _note_failure(channel_id: int, error: redis.RedisError) -> None:
    """Let the lane rest: 1 s, 2 s, 4 s … up to a minute, by the database's clock."""
    failures = Channel.objects.values_list("failures", flat=True).get(pk=channel_id) + 1
    rest = min(
        RETRY_AFTER_FAILURE.total_seconds() * 2 ** min(failures - 1, 10), RETRY_AT_MOST_SECONDS
    )
    Channel.objects.filter(pk=channel_id).update(
        failures=failures,
        last_error=f"{type(error).__name__}: {error}"[:300],
        next_attempt_at=Now() + timedelta(seconds=rest),
    )
    rates.count(channel_id, failed=1)
    log.warning(
        "stream_unreachable", channel=channel_id, failures=failures, error=type(error).__name__
    )
