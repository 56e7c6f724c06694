"""Throughput of each channel by the minute, counted by the workers on PostgreSQL's clock.

A count is part of the transaction that records the deliveries: both are committed, or neither is. Every
transaction updates the channel's row before the minute's row, so two workers lock rows in the same order
and cannot deadlock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

KEPT_FOR_DAYS = 7
SWEPT_AT_ONCE = 5000


@dataclass(frozen=True)
class Rate:
    """The deliveries that arrived and the attempts that failed in the minute that begins at ``minute``."""

    minute: datetime
    sent: int
    failed: int


def count(channel_id: int, *, sent: int = 0, failed: int = 0) -> None:
    """Add to the channel's current minute. The caller has updated the channel's row in this transaction."""
    if not sent and not failed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO liaison_channelminute AS present (channel_id, minute, sent, failed)
            VALUES (%s, date_trunc('minute', statement_timestamp()), %s, %s)
                ON CONFLICT (channel_id, minute) DO UPDATE
               SET sent = present.sent + excluded.sent, failed = present.failed + excluded.failed
            """,
            [channel_id, sent, failed],
        )


def rates(channel_ids: list[int], minutes: int = 60) -> dict[int, list[Rate]]:
    """Return the last ``minutes`` minutes of each channel, the current one last, in one query.

    Minutes without deliveries are included with zeros, so every channel has the same number.
    """
    found: dict[int, list[Rate]] = {channel_id: [] for channel_id in channel_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT asked.id, every.minute, coalesce(counted.sent, 0), coalesce(counted.failed, 0)
              FROM unnest(%(ids)s::bigint[]) AS asked (id)
             CROSS JOIN (SELECT date_trunc('minute', statement_timestamp())
                                - step * interval '1 minute' AS minute
                           FROM generate_series(0, %(minutes)s - 1) AS step) AS every
              LEFT JOIN liaison_channelminute AS counted
                ON counted.channel_id = asked.id AND counted.minute = every.minute
             ORDER BY asked.id, every.minute
            """,
            {"ids": list(found), "minutes": minutes},
        )
        for channel_id, minute, sent, failed in cursor.fetchall():
            found[channel_id].append(Rate(minute, sent, failed))
    return found


def forget_old() -> int:
    """Delete up to :data:`SWEPT_AT_ONCE` minutes older than :data:`KEPT_FOR_DAYS`. Return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM liaison_channelminute
             WHERE id IN (SELECT id FROM liaison_channelminute
                           WHERE minute < statement_timestamp() - %s * interval '1 day'
                           ORDER BY minute LIMIT %s
                             FOR UPDATE SKIP LOCKED)
            """,
            [KEPT_FOR_DAYS, SWEPT_AT_ONCE],
        )
        return int(cursor.rowcount)
