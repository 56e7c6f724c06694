"""Head-of-line blocking: deliveries behind an unsent one of their case are deferred.

A case whose first delivery is a dead letter or waits for its retry may have thousands of deliveries behind
it. The retry time of each has come, but none may be sent, and a worker would have to test all of them in
every run. A worker that finds many of them therefore defers them: it sets ``is_deferred`` and a later
``next_attempt_at``. When the first delivery has arrived, the next one of its case becomes due immediately.

Deferring changes only the time. Whether a delivery may be sent is decided by
:meth:`~cases.liaison.models.update.DeliveryQuerySet.due`, so a deferred delivery that is not released here
becomes due later in any case.
"""

from __future__ import annotations

import uuid
from typing import Any, get_args

from django.db import connection, transaction

from cases.liaison.models import Channel
from cases.liaison.models.channel import OrderedBy

# How many due deliveries are tested at a time, and how many sendable ones among them are enough.
LOOKED_AT = 500
ENOUGH = 50
# Up to this many blocked deliveries among sendable ones are not worth deferring.
FEW = 20


def for_each_order(sql: str) -> dict[OrderedBy, str]:
    """Return ``sql`` for both orders, with the field of an update that holds the ordering key as ``{ordered_by}``.

    The text differs only in a column, so the plan for agencies does not depend on members.
    """
    return {field: sql.format(ordered_by=field) for field in get_args(OrderedBy)}


def defer_blocked(channel_id: int, ordered_by: OrderedBy) -> int:
    """Defer blocked deliveries of the channel if they hide the sendable ones. Return how many were deferred.

    ``ordered_by`` is that of the channel.

    Blocked deliveries hide the sendable ones if no due delivery can be sent, or only few of many. Defers at
    most :data:`LOOKED_AT` at a time.
    """
    values = {"channel": channel_id, "looked_at": LOOKED_AT}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_HEADS[ordered_by], values)
        seen, heads = cursor.fetchone()
    blocked = seen - heads
    if not blocked or heads >= ENOUGH or (heads and blocked <= FEW):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        # Recording an arrival takes this lock too, so a delivery deferred here is still blocked.
        Channel.objects.select_for_update(no_key=True).get(pk=channel_id)
        cursor.execute(_DEFER[ordered_by], values)
        return int(cursor.rowcount)


def release_next(
    channel_id: int, ordered_by: OrderedBy, *, ordering_key: int, update_id: uuid.UUID
) -> None:
    """Make the case's next delivery after this update due if it was deferred. The caller has locked the channel.

    ``ordering_key`` is the id of the update's referral or case.
    """
    values: dict[str, Any] = {
        "channel": channel_id,
        "ordering_key": ordering_key,
        "update": update_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE_NEXT[ordered_by], values)


# Only the first of a case among the due deliveries can be its head, so only that one is tested.
_SEEN = """
WITH candidate AS MATERIALIZED (
SELECT due.id, due.seq, made.{ordered_by}_id, made.sequence,
       due.seq = min(due.seq) OVER (PARTITION BY made.{ordered_by}_id) AS is_first
  FROM (SELECT id, seq, update_id FROM liaison_delivery
         WHERE channel_id = %(channel)s AND sent_at IS NULL AND dead_at IS NULL AND seq IS NOT NULL
           AND next_attempt_at <= statement_timestamp()
         ORDER BY next_attempt_at LIMIT %(looked_at)s) AS due
  JOIN liaison_update AS made ON made.id = due.update_id),
seen AS MATERIALIZED (
SELECT id, is_first AND NOT EXISTS (
       SELECT FROM liaison_update AS before
         JOIN liaison_delivery AS earlier
           ON earlier.update_id = before.id AND earlier.channel_id = %(channel)s
        WHERE before.{ordered_by}_id = candidate.{ordered_by}_id AND before.sequence < candidate.sequence
          AND earlier.sent_at IS NULL AND earlier.seq < candidate.seq) AS is_head
  FROM candidate)
"""
_COUNT_HEADS = for_each_order(
    f"{_SEEN} SELECT count(*), count(*) FILTER (WHERE is_head) FROM seen"  # noqa: S608  (a constant)
)
# The same time for all, 15 to 30 minutes from now, so that they are tested again together.
LATER = "date_bin('15 minutes', statement_timestamp(), '2000-01-01') + interval '30 minutes'"
_DEFER = for_each_order(
    f"""
{_SEEN}
UPDATE liaison_delivery SET is_deferred = true, next_attempt_at = {LATER}
 WHERE id = ANY(ARRAY(SELECT id FROM seen WHERE NOT is_head))
"""  # noqa: S608  (as above)
)
# Within a case, numbers have the order of its updates. OFFSET 0 makes PostgreSQL try one update after the
# other; without it, it would look up all that follow before taking the first.
_RELEASE_NEXT = for_each_order("""
UPDATE liaison_delivery
   SET is_deferred = false, next_attempt_at = statement_timestamp()
 WHERE is_deferred AND id = (
       SELECT later.id
         FROM liaison_update AS following
        CROSS JOIN LATERAL (
              SELECT id FROM liaison_delivery
               WHERE update_id = following.id AND channel_id = %(channel)s AND sent_at IS NULL
              OFFSET 0) AS later
        WHERE following.{ordered_by}_id = %(ordering_key)s
          AND following.sequence > (SELECT sequence FROM liaison_update WHERE id = %(update)s)
        ORDER BY following.sequence LIMIT 1)
""")
