"""The lane relay: takes what is due in PostgreSQL to the agency's stream, in order, once.

1. *Take* the lane: a short lease on the channel's row keeps other workers off. A courtesy, not a lock:
   a worker that is killed or frozen holds nobody up for longer than :data:`LEASE`. In the same
   transaction *number* the unnumbered deliveries with the channel's gapless sequence.
2. *Append* to the stream. Redis skips what it has and refuses a gap; no transaction is open meanwhile.
3. *Record* what arrived, number the next batch in the same transaction, and go on with 2; when there
   is none, give the lane back.

Killed after any step, the next worker begins again at 1 and does only what is missing. A stream that
answers with less than was recorded as sent has lost its tail: it is refilled from PostgreSQL.
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

from cases.liaison.delivery import rates
from cases.liaison.delivery.crash_points import reached
from cases.liaison.delivery.lease import IS_OPEN, LEASE, TAKE, give_back, lock_free
from cases.liaison.delivery.numbering import BATCH, NUMBER
from cases.liaison.delivery.stream import append
from cases.liaison.delivery.wake import wake
from cases.liaison.models import Channel

log = structlog.get_logger(__name__)

SLICE_SECONDS = 20.0
RETRY_AFTER_FAILURE = timedelta(seconds=1)
RETRY_AT_MOST_SECONDS: float = settings.LIAISON_STREAM_REST_AT_MOST_SECONDS


@dataclass(frozen=True)
class _Batch:
    """What is to be appended next, and how far the channel was when it was read."""

    stream_key: str
    sent_seq: int
    entries: list[append.Entry]


def drain(channel_id: int) -> int:
    """Send what is due in the channel, for :data:`SLICE_SECONDS` at most; return how many were new.

    Returns 0 at once when another worker has the lane. A Redis that does not answer is noted on the
    channel, and the lane tried again later; nothing is raised for it. A lane whose time is up before its
    work asks for another turn.
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
            give_back(channel_id, token)
            _note_failure(channel_id, error)
            return sent
        except BaseException:
            give_back(channel_id, token)
            raise
        # Between the last look and giving back, a change may have been committed whose own
        # wake-up found the lane taken: look once more with the lane free.
        if not _has_more(channel_id):
            return sent
    wake(channel_id)
    return sent


def _has_more(channel_id: int) -> bool:
    """Say whether something is unsent, or was sent to a stream that has lost it since."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT EXISTS (SELECT FROM liaison_delivery WHERE channel_id = %(channel)s AND sent_at IS NULL)
                OR (SELECT sent_seq < numbered_seq FROM liaison_channel WHERE id = %(channel)s)
            """,
            {"channel": channel_id},
        )
        return bool(cursor.fetchone()[0])


def _begin(channel_id: int, token: uuid.UUID) -> _Batch | None:
    """Take the lane and return its first batch; ``None`` if it is not to be had or nothing is due."""
    with transaction.atomic():
        found = lock_free(channel_id)
        if found is None:
            return None
        stream_key, numbered_seq, sent_seq = found
        entries, numbered = _next(channel_id, numbered_seq, sent_seq)
        reached("numbered")
        if not entries:
            return None
        with connection.cursor() as cursor:
            values: list[Any] = [numbered_seq + numbered, token, LEASE, channel_id]
            cursor.execute(TAKE, values)
    return _Batch(stream_key or "", sent_seq, entries)


def _send_all(channel_id: int, token: uuid.UUID, batch: _Batch | None, until: float) -> int:
    """Append and record batch after batch, and give the lane back; return how many were new."""
    sent = 0
    while batch is not None:
        reached("before_append")
        last = append.append(batch.stream_key, batch.entries)
        reached("appended")
        count, batch = _advance(channel_id, token, batch, last, until)
        reached("recorded")
        sent += count
    return sent


_LOCK = f"""
SELECT numbered_seq, sent_seq, lease_token, {IS_OPEN}
  FROM liaison_channel WHERE id = %s FOR NO KEY UPDATE
"""  # noqa: S608  (as above)
_RECORD = """
UPDATE liaison_delivery SET sent_at = statement_timestamp()
 WHERE channel_id = %s AND seq <= %s AND sent_at IS NULL
"""
_PROGRESS = """
UPDATE liaison_channel
   SET numbered_seq = %(numbered)s, sent_seq = %(sent)s,
       last_success_at = statement_timestamp(), last_error = '', failures = 0,
       lease_token = CASE WHEN %(more)s OR NOT %(ours)s THEN lease_token END,
       lease_until = CASE WHEN %(more)s THEN statement_timestamp() + %(lease)s
                          WHEN NOT %(ours)s THEN lease_until END
 WHERE id = %(channel)s
"""


def _advance(
    channel_id: int, token: uuid.UUID, batch: _Batch, last: int, until: float
) -> tuple[int, _Batch | None]:
    """Record that the stream is at ``last``; return how many that is new for, and the next batch.

    When there is none, the lane was given back, or is another worker's by now.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [channel_id])
        numbered_seq, sent_seq, holder, goes_on = cursor.fetchone()
        if last > numbered_seq:
            # The stream belongs to another database: appending to it would lose updates.
            raise _ahead(last, numbered_seq)
        if last < batch.sent_seq:
            rewind(channel_id, to=last)
            give_back(channel_id, token)
            return 0, None
        cursor.execute(_RECORD, [channel_id, last])
        count = cursor.rowcount
        rates.count(channel_id, sent=count)
        sent_seq, ours = max(sent_seq, last), holder == token
        entries: list[append.Entry] = []
        numbered = 0
        if ours and goes_on and time.monotonic() < until:
            entries, numbered = _next(channel_id, numbered_seq, sent_seq)
        if not numbered:
            # Should the database lose this commit, the stream says what it has and it is recorded again.
            # Numbers alone must be on disk before the stream has them.
            cursor.execute("SET LOCAL synchronous_commit TO off")
        values = {"numbered": numbered_seq + numbered, "sent": sent_seq, "channel": channel_id}
        cursor.execute(_PROGRESS, values | {"ours": ours, "more": bool(entries), "lease": LEASE})
    return count, _Batch(batch.stream_key, sent_seq, entries) if entries else None


# The payload as text: reading it into Python and writing it again would double the relay's work.
_READ = """
SELECT seq, (SELECT payload::text FROM liaison_update WHERE id = update_id)
"""
_NUMBER_AND_READ = f"""
WITH numbered AS ({NUMBER} RETURNING delivery.seq, delivery.update_id)
{_READ} FROM numbered ORDER BY seq
"""
_READ_NUMBERED = f"""
{_READ} FROM liaison_delivery WHERE channel_id = %(channel)s AND seq > %(base)s
 ORDER BY seq LIMIT %(batch)s
"""


def _next(channel_id: int, numbered_seq: int, sent_seq: int) -> tuple[list[append.Entry], int]:
    """Return the next entries for the stream, and how many of them were numbered now: all or none.

    The caller has locked the channel's row, and adds the new ones to its ``numbered_seq``.
    """
    behind = sent_seq < numbered_seq
    with connection.cursor() as cursor:
        cursor.execute(
            _READ_NUMBERED if behind else _NUMBER_AND_READ,
            {"base": sent_seq, "channel": channel_id, "batch": BATCH},
        )
        entries = [append.Entry(seq, payload) for seq, payload in cursor.fetchall()]
    return entries, 0 if behind else len(entries)


def rewind(channel_id: int, *, to: int) -> None:
    """Go back to ``to``: the stream has lost what came after it, and is refilled from PostgreSQL."""
    log.warning("stream_lost_its_tail", channel=channel_id, back_to=to)
    Channel.objects.filter(pk=channel_id).update(sent_seq=Least(F("sent_seq"), to))


def note_ahead(channel_id: int, last: int) -> None:
    """Note that the stream has a number that was never given, unless it was given meanwhile."""
    numbered = Channel.objects.values_list("numbered_seq", flat=True).get(pk=channel_id)
    if last > numbered:
        _note_failure(channel_id, _ahead(last, numbered))


def _ahead(last: int, numbered: int) -> redis.DataError:
    return redis.DataError(f"the stream is at {last}, the channel only at {numbered}")


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
