"""The stream relay: appends due updates to an agency's Redis stream, in order and exactly once.

1. *Begin*: acquire the channel's lease (:mod:`cases.liaison.delivery.lease`) and, in the same transaction,
   assign the next numbers to new deliveries (:mod:`cases.liaison.delivery.numbering`).
2. *Append* to the stream, with no transaction open. Redis skips the entries it has and refuses a gap.
3. *Record* what arrived. The same transaction reads and numbers the next batch, which continues at 2.
   Without a next batch it releases the lease.

If a worker is killed after any step, the next worker begins at 1 and does only what is missing. A stream
that has less than was recorded as sent has lost entries; they are appended again from PostgreSQL.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Least, Now

from cases.liaison.delivery import lease, numbering, rates
from cases.liaison.delivery.crash_points import reached
from cases.liaison.delivery.stream import append
from cases.liaison.delivery.wake import wake
from cases.liaison.models import Channel

log = structlog.get_logger(__name__)

SLICE_SECONDS = 20.0
RETRY_AFTER_FAILURE = timedelta(seconds=1)
MAX_RETRY_SECONDS: float = settings.LIAISON_STREAM_RETRY_MAX_SECONDS


@dataclass(frozen=True)
class _Batch:
    """The entries to append next, and the channel's ``sent_seq`` when they were read."""

    stream_key: str
    sent_seq: int
    entries: list[append.Entry]


def drain(channel_id: int) -> int:
    """Send what is due in the channel, for up to :data:`SLICE_SECONDS`. Return how many deliveries were new.

    Returns 0 at once when another worker has the lease. When Redis does not answer, the failure is recorded
    on the channel and nothing is raised; the sweep retries after a backoff. When the time is up before the
    work is done, the channel is woken again.
    """
    sent = 0
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        token = uuid.uuid4()
        batch = _begin(channel_id, token)
        if batch is None:
            return sent
        reached("taken")
        try:
            sent += _send_all(channel_id, token, batch, until)
        except redis.RedisError as error:
            lease.release(channel_id, token)
            _record_failure(channel_id, error)
            return sent
        except BaseException:
            lease.release(channel_id, token)
            raise
        # The wake-up of a change committed between the last read and the release found the lease taken.
        if not _has_more(channel_id):
            return sent
    wake(channel_id)
    return sent


def _begin(channel_id: int, token: uuid.UUID) -> _Batch | None:
    """Acquire the lease and return the first batch; ``None`` if the lease is taken or nothing is due."""
    with transaction.atomic():
        progress = lease.lock_if_free(channel_id)
        if progress is None:
            return None
        stream_key, numbered_seq, sent_seq = progress
        entries, numbered = _next(channel_id, numbered_seq, sent_seq)
        reached("numbered")
        if not entries:
            return None
        values: list[Any] = [numbered_seq + numbered, token, lease.LEASE, channel_id]
        with connection.cursor() as cursor:
            cursor.execute(_ACQUIRE, values)
    return _Batch(stream_key or "", sent_seq, entries)


_ACQUIRE = """
UPDATE liaison_channel
   SET numbered_seq = %s, lease_token = %s, lease_until = statement_timestamp() + %s
 WHERE id = %s
"""


def _send_all(channel_id: int, token: uuid.UUID, batch: _Batch | None, until: float) -> int:
    """Append and record batch after batch, then release the lease. Return how many deliveries were new."""
    sent = 0
    while batch is not None:
        reached("before_append")
        last = append.append(batch.stream_key, batch.entries)
        reached("appended")
        count, batch = _advance(channel_id, token, batch, last, until)
        reached("recorded")
        sent += count
    return sent


def _advance(
    channel_id: int, token: uuid.UUID, batch: _Batch, last: int, until: float
) -> tuple[int, _Batch | None]:
    """Record that the stream has everything up to ``last``. Return how many are new, and the next batch.

    Without a next batch the lease has been released, or another worker has it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [channel_id])
        numbered_seq, sent_seq, holder, is_in_use = cursor.fetchone()
        if last > numbered_seq:
            # The stream belongs to another database. Appending to it would lose updates.
            raise _ahead(last, numbered_seq)
        if last < batch.sent_seq:
            rewind(channel_id, to=last)
            lease.release(channel_id, token)
            return 0, None
        cursor.execute(_RECORD, [channel_id, last])
        count = cursor.rowcount
        rates.count(channel_id, sent=count)
        sent_seq, is_holder = max(sent_seq, last), holder == token
        entries: list[append.Entry] = []
        numbered = 0
        if is_holder and is_in_use and time.monotonic() < until:
            entries, numbered = _next(channel_id, numbered_seq, sent_seq)
        if not numbered:
            # If the database loses this commit, it is repeated from the last ID of the stream. New numbers,
            # however, must be on disk before the stream has them.
            cursor.execute("SET LOCAL synchronous_commit TO off")
        values = {
            "channel": channel_id,
            "numbered": numbered_seq + numbered,
            "sent": sent_seq,
            "is_holder": is_holder,
            "more": bool(entries),
            "lease": lease.LEASE,
        }
        cursor.execute(_PROGRESS, values)
    return count, _Batch(batch.stream_key, sent_seq, entries) if entries else None


_LOCK = f"""
SELECT numbered_seq, sent_seq, lease_token, {lease.IS_IN_USE}
  FROM liaison_channel WHERE id = %s FOR NO KEY UPDATE
"""  # noqa: S608  (a constant of the lease module)
_RECORD = """
UPDATE liaison_delivery SET sent_at = statement_timestamp()
 WHERE channel_id = %s AND seq <= %s AND sent_at IS NULL
"""
# The holder renews its lease if there is more to send, and releases it otherwise.
_PROGRESS = """
UPDATE liaison_channel
   SET numbered_seq = %(numbered)s, sent_seq = %(sent)s,
       last_success_at = statement_timestamp(), last_error = '', failures = 0,
       lease_token = CASE WHEN %(more)s OR NOT %(is_holder)s THEN lease_token END,
       lease_until = CASE WHEN %(more)s THEN statement_timestamp() + %(lease)s
                          WHEN NOT %(is_holder)s THEN lease_until END
 WHERE id = %(channel)s
"""


def _next(channel_id: int, numbered_seq: int, sent_seq: int) -> tuple[list[append.Entry], int]:
    """Return the next entries for the stream, and how many of them were numbered now: all or none.

    The caller has locked the channel's row, and adds the new ones to its ``numbered_seq``.
    """
    is_behind = sent_seq < numbered_seq
    values = {"after": sent_seq, "channel": channel_id, "batch": numbering.BATCH}
    with connection.cursor() as cursor:
        cursor.execute(_READ_NUMBERED if is_behind else _NUMBER_AND_READ, values)
        entries = [append.Entry(seq, payload) for seq, payload in cursor.fetchall()]
    return entries, 0 if is_behind else len(entries)


# The payload is read as text. Parsing it into Python and writing it again would double the relay's work.
_READ = """
SELECT seq, (SELECT payload::text FROM liaison_update WHERE id = update_id)
"""
_NUMBER_AND_READ = f"""
WITH numbered AS ({numbering.ASSIGN} RETURNING delivery.seq, delivery.update_id)
{_READ} FROM numbered ORDER BY seq
"""
_READ_NUMBERED = f"""
{_READ} FROM liaison_delivery WHERE channel_id = %(channel)s AND seq > %(after)s
 ORDER BY seq LIMIT %(batch)s
"""


def _has_more(channel_id: int) -> bool:
    """Return whether a delivery is unsent, or was sent to a stream that has lost it since."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM liaison_delivery WHERE channel_id = %(channel)s AND sent_at IS NULL)
                OR (SELECT sent_seq < numbered_seq FROM liaison_channel WHERE id = %(channel)s)
            """,
            {"channel": channel_id},
        )
        return bool(cursor.fetchone()[0])


def rewind(channel_id: int, *, to: int) -> None:
    """Set the channel back to ``to``. The stream has lost the entries after it; they are appended again."""
    log.warning("stream_lost_its_tail", channel=channel_id, back_to=to)
    Channel.objects.filter(pk=channel_id).update(sent_seq=Least(F("sent_seq"), to))


def note_ahead(channel_id: int, last: int) -> None:
    """Record that the stream has a number that was never assigned, unless it was assigned in the meantime."""
    numbered = Channel.objects.values_list("numbered_seq", flat=True).get(pk=channel_id)
    if last > numbered:
        _record_failure(channel_id, _ahead(last, numbered))


def _ahead(last: int, numbered: int) -> redis.DataError:
    return redis.DataError(f"the stream is at {last}, the channel only at {numbered}")


def _record_failure(channel_id: int, error: redis.RedisError) -> None:
    """Back off for 1 s, 2 s, 4 s … up to :data:`MAX_RETRY_SECONDS`, by the database's clock."""
    failures = Channel.objects.values_list("failures", flat=True).get(pk=channel_id) + 1
    backoff = min(
        RETRY_AFTER_FAILURE.total_seconds() * 2 ** min(failures - 1, 10), MAX_RETRY_SECONDS
    )
    Channel.objects.filter(pk=channel_id).update(
        failures=failures,
        last_error=f"{type(error).__name__}: {error}"[:300],
        next_attempt_at=Now() + timedelta(seconds=backoff),
    )
    rates.count(channel_id, failed=1)
    log.warning(
        "stream_unreachable", channel=channel_id, failures=failures, error=type(error).__name__
    )
