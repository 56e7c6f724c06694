"""Deletes old records, a bounded number of rows at a time.

The settings define the retention periods; ``docs/operations.md`` explains them. Records that may still be needed
are kept:

- *Attempts*: successful ones, the last failed one of each delivery, and all attempts of a delivery that has not
  arrived or arrived within the retention period.
- *Test updates*: the last one of each channel.
- *Notices*: queued ones, those of unfinished referrals, and those of a channel that is still behind. The alerts
  use their keys to know who has been notified.
- *Email* about cases and roles: queued messages. The timeline keeps the events. An email about a case is also the
  notification in the portal, which is deleted with it, read or not.

Attempts and notices that are kept although they are old would be scanned every time. To avoid this, each process
has a cursor per table, from which it continues. After the last row it starts again from the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from cases.models import OutgoingMail, ViewMail
from cases.states import REFERRAL_UNFINISHED
from members.models import ApplicationMail, Digest, MemberNotice

AT_ONCE = 2000


@dataclass
class Cursor:
    """The position of this process in one table: age and key of the last row checked."""

    at: datetime | None = None
    key: int = 0


def delete_old_attempts() -> int:
    """Delete old failed attempts that are no longer needed; return how many."""
    return _delete_next(_attempts, _ATTEMPTS, days=settings.LIAISON_KEEP_FAILED_ATTEMPTS_DAYS)


def delete_old_notices() -> int:
    """Delete old notices that are no longer needed; return how many."""
    unfinished = [str(status) for status in REFERRAL_UNFINISHED]
    days = settings.LIAISON_KEEP_NOTICES_DAYS
    return _delete_next(_notices, _NOTICES, days=days, unfinished=unfinished)


def delete_old_mails() -> int:
    """Delete old email about cases, roles and saved views, and digests, sent or failed; return how many."""
    before = Now() - timedelta(days=_days(settings.KEEP_MAILS_DAYS))
    models = (OutgoingMail, MemberNotice, ApplicationMail, Digest, ViewMail)
    return sum(model.objects.delete_finished(before=before, at_most=AT_ONCE) for model in models)


def delete_old_tests() -> int:
    """Delete old test updates and their results; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_TESTS, {"days": _days(settings.LIAISON_KEEP_TESTS_DAYS), "most": AT_ONCE})
        return int(cursor.rowcount)


_attempts, _notices = Cursor(), Cursor()


def _delete_next(position: Cursor, sql: str, *, days: int, **values: Any) -> int:
    """Delete from the next rows those that are not needed, and advance ``position``; return how many."""
    values |= {"at": position.at, "key": position.key, "days": _days(days), "most": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        deleted, seen, at, key = cursor.fetchone()
    position.at, position.key = (at, key) if seen == AT_ONCE else (None, 0)
    return int(deleted)


def _days(days: int) -> int:
    """Return at least one day: deliveries in progress and today's reminders are always needed."""
    return max(days, 1)


# ``seen`` is materialized, since the planner might otherwise scan all old rows.
_SCAN = """
WITH seen AS MATERIALIZED (
SELECT id, {age} AS at FROM {table} AS row
 WHERE {which} AND {age} < statement_timestamp() - %(days)s * interval '1 day'
   AND ({age}, id) > (coalesce(%(at)s, '-infinity'::timestamptz), %(key)s)
 ORDER BY {age}, id LIMIT %(most)s),
deleted AS (
DELETE FROM {table}
 WHERE id = ANY(ARRAY(SELECT id FROM {table} AS row
                       WHERE id = ANY(ARRAY(SELECT id FROM seen)) AND {deletable}
                         FOR UPDATE SKIP LOCKED))
RETURNING id)
SELECT (SELECT count(*) FROM deleted), count(*), max(at), (array_agg(id ORDER BY at DESC, id DESC))[1]
  FROM seen
"""
_ATTEMPTS = _SCAN.format(
    table="liaison_attempt",
    age="at",
    which="(error > '' OR status >= 300)",
    deletable="""
    EXISTS (SELECT FROM liaison_delivery
             WHERE id = row.delivery_id
               AND sent_at < statement_timestamp() - %(days)s * interval '1 day')
    AND EXISTS (SELECT FROM liaison_attempt AS later
                 WHERE later.delivery_id = row.delivery_id AND later.id > row.id)
    """,
)
_NOTICES = _SCAN.format(
    table="liaison_notice",
    age="created_at",
    which="(sent_at IS NOT NULL OR failed_at IS NOT NULL)",
    deletable="""
    NOT EXISTS (SELECT FROM liaison_referral
                 WHERE id = row.referral_id AND status = ANY(%(unfinished)s))
    AND NOT EXISTS (SELECT FROM liaison_channel
                     WHERE id = row.channel_id AND behind_since <= row.created_at)
    """,
)
_TESTS = """
DELETE FROM liaison_channeltest
 WHERE id = ANY(ARRAY(SELECT id FROM liaison_channeltest AS test
                       WHERE requested_at < statement_timestamp() - %(days)s * interval '1 day'
                         AND EXISTS (SELECT FROM liaison_channeltest AS later
                                      WHERE later.channel_id = test.channel_id
                                        AND later.requested_at > test.requested_at)
                       ORDER BY requested_at LIMIT %(most)s
                         FOR UPDATE SKIP LOCKED))
"""
