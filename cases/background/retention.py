"""What only piles up is kept for a time, then deleted: a bounded number of rows at a go, by the sweepers.

How long is in the settings; ``docs/operations.md`` says why. Nothing is deleted that somebody may still need:

- *Attempts* that arrived are proof, and stay. Of those that failed the last one of each delivery stays, and
  every one of a delivery that has not arrived, or did so only lately.
- Of *test updates* the last one of each channel stays.
- A *notice* stays while it waits, while its referral is not finished, and while the trouble that it tells of
  lasts: by its key the alerts know who was told already.
- An *e-mail* to people of the portal stays while it waits. What it told of stands on the timeline for good.

What stays though it is old lies first in the order of age. So that it is not looked at again and again, each
process goes on from where it was, and begins anew at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from cases.states import REFERRAL_UNFINISHED

AT_ONCE = 2000


@dataclass
class Cursor:
    """How far this process has come in one table: the age and the key of the row it looked at last."""

    at: datetime | None = None
    key: int = 0


def delete_old_attempts() -> int:
    """Delete failed attempts that are old and prove nothing any more; return how many."""
    return _delete_next(_attempts, _ATTEMPTS, days=settings.LIAISON_KEEP_FAILED_ATTEMPTS_DAYS)


def delete_old_notices() -> int:
    """Delete notices that are old and done with; return how many."""
    unfinished = [str(status) for status in REFERRAL_UNFINISHED]
    days = settings.LIAISON_KEEP_NOTICES_DAYS
    return _delete_next(_notices, _NOTICES, days=days, unfinished=unfinished)


def delete_old_mails() -> int:
    """Delete e-mails about cases that were sent, or given up, long ago; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_MAILS, {"days": _days(settings.KEEP_MAILS_DAYS), "most": AT_ONCE})
        return int(cursor.rowcount)


def delete_old_tests() -> int:
    """Delete old test updates with their answers; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_TESTS, {"days": _days(settings.LIAISON_KEEP_TESTS_DAYS), "most": AT_ONCE})
        return int(cursor.rowcount)


_attempts, _notices = Cursor(), Cursor()


def _delete_next(walk: Cursor, sql: str, *, days: int, **values: Any) -> int:
    """Delete what may go among the next rows, and say how many; note how far that was."""
    values |= {"at": walk.at, "key": walk.key, "days": _days(days), "most": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        gone, seen, at, key = cursor.fetchone()
    walk.at, walk.key = (at, key) if seen == AT_ONCE else (None, 0)
    return int(gone)


def _days(days: int) -> int:
    """Never less than one: what is under way, and whom a reminder went to today, is always needed."""
    return max(days, 1)


# ``seen`` is materialized, or the planner might look at all that is old to find what may go.
_WALK = """
WITH seen AS MATERIALIZED (
SELECT id, {age} AS at FROM {table} AS row
 WHERE {which} AND {age} < statement_timestamp() - %(days)s * interval '1 day'
   AND ({age}, id) > (coalesce(%(at)s, '-infinity'::timestamptz), %(key)s)
 ORDER BY {age}, id LIMIT %(most)s),
gone AS (
DELETE FROM {table}
 WHERE id = ANY(ARRAY(SELECT id FROM {table} AS row
                       WHERE id = ANY(ARRAY(SELECT id FROM seen)) AND {may_go}
                         FOR UPDATE SKIP LOCKED))
RETURNING id)
SELECT (SELECT count(*) FROM gone), count(*), max(at), (array_agg(id ORDER BY at DESC, id DESC))[1]
  FROM seen
"""
_ATTEMPTS = _WALK.format(
    table="liaison_attempt",
    age="at",
    which="(error > '' OR status >= 300)",
    may_go="""
    EXISTS (SELECT FROM liaison_delivery
             WHERE id = row.delivery_id
               AND sent_at < statement_timestamp() - %(days)s * interval '1 day')
    AND EXISTS (SELECT FROM liaison_attempt AS later
                 WHERE later.delivery_id = row.delivery_id AND later.id > row.id)
    """,
)
_NOTICES = _WALK.format(
    table="liaison_notice",
    age="created_at",
    which="(sent_at IS NOT NULL OR failed_at IS NOT NULL)",
    may_go="""
    NOT EXISTS (SELECT FROM liaison_referral
                 WHERE id = row.referral_id AND status = ANY(%(unfinished)s))
    AND NOT EXISTS (SELECT FROM liaison_channel
                     WHERE id = row.channel_id AND behind_since <= row.created_at)
    """,
)
_MAILS = """
DELETE FROM cases_outgoingmail
 WHERE id = ANY(ARRAY(SELECT id FROM cases_outgoingmail
                       WHERE (sent_at IS NOT NULL OR failed_at IS NOT NULL)
                         AND created_at < statement_timestamp() - %(days)s * interval '1 day'
                       ORDER BY created_at LIMIT %(most)s
                         FOR UPDATE SKIP LOCKED))
"""
_TESTS = """
DELETE FROM liaison_channeltest
 WHERE id = ANY(ARRAY(SELECT id FROM liaison_channeltest AS test
                       WHERE asked_at < statement_timestamp() - %(days)s * interval '1 day'
                         AND EXISTS (SELECT FROM liaison_channeltest AS later
                                      WHERE later.channel_id = test.channel_id
                                        AND later.asked_at > test.asked_at)
                       ORDER BY asked_at LIMIT %(most)s
                         FOR UPDATE SKIP LOCKED))
"""
