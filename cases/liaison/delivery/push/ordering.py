"""What waits behind a case's first update is put aside, so that a lane looks at what it can send.

A case whose first update was given up, or waits for its next try, may have thousands behind it. Each is due by
its time, and none of them may be sent: whoever looks for what may would have to test every one, every time.
So a lane that meets many of them gives them a later time, at which they are met again; and when the first has
arrived, the next one of its case is due at once. Only its time is moved: whether an update may be sent, the
rows themselves say (:meth:`~cases.liaison.models.update.DeliveryQuerySet.due`), and one that was forgotten here
comes back by itself.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, transaction

from cases.liaison.models import Channel

# So many of those that are due are looked at, and so many that can be sent are enough.
LOOKED_AT = 500
ENOUGH = 50
# Beside one that can be sent so many others are in nobody's way: their turn comes soon.
FEW = 20


def put_aside(channel_id: int) -> int:
    """Put those aside that stand in the way in the channel; return how many. 0: nothing is in the way.

    They are when nothing that is due can be sent, or little of much. At most :data:`LOOKED_AT` at a go.
    """
    values = {"channel": channel_id, "looked_at": LOOKED_AT}
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, values)
        seen, heads = cursor.fetchone()
    behind = seen - heads
    if not behind or heads >= ENOUGH or (heads and behind <= FEW):
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        # Who records that something arrived holds this too: what is put aside here waits behind another still.
        Channel.objects.select_for_update(no_key=True).get(pk=channel_id)
        cursor.execute(_PUT, values)
        return int(cursor.rowcount)


def bring_next(channel_id: int, *, referral_id: int, update_id: uuid.UUID) -> None:
    """Make what follows this update of its case due, if it was put aside. The caller has locked the channel."""
    values: dict[str, Any] = {
        "channel": channel_id,
        "referral": referral_id,
        "update": update_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)


# Of several of one case only the first can be its head: it alone is tested.
_SEEN = """
WITH candidate AS MATERIALIZED (
SELECT due.id, due.seq, told.referral_id, told.sequence,
       due.seq = min(due.seq) OVER (PARTITION BY told.referral_id) AS is_first
  FROM (SELECT id, seq, update_id FROM liaison_delivery
         WHERE channel_id = %(channel)s AND sent_at IS NULL AND dead_at IS NULL AND seq IS NOT NULL
           AND next_attempt_at <= statement_timestamp()
         ORDER BY next_attempt_at LIMIT %(looked_at)s) AS due
  JOIN liaison_update AS told ON told.id = due.update_id),
seen AS MATERIALIZED (
SELECT id, is_first AND NOT EXISTS (
       SELECT FROM liaison_update AS before
         JOIN liaison_delivery AS earlier
           ON earlier.update_id = before.id AND earlier.channel_id = %(channel)s
        WHERE before.referral_id = candidate.referral_id AND before.sequence < candidate.sequence
          AND earlier.sent_at IS NULL AND earlier.seq < candidate.seq) AS is_head
  FROM candidate)
"""
_LOOK = f"{_SEEN} SELECT count(*), count(*) FILTER (WHERE is_head) FROM seen"  # noqa: S608  (our own statement)
# All until the same moment, a quarter of an hour to half an hour from now: they are met again in one go.
LATER = "date_bin('15 minutes', statement_timestamp(), '2000-01-01') + interval '30 minutes'"
_PUT = f"""
{_SEEN}
UPDATE liaison_delivery SET put_aside = true, next_attempt_at = {LATER}
 WHERE id = ANY(ARRAY(SELECT id FROM seen WHERE NOT is_head))
"""  # noqa: S608  (as above)
# Within a case the order of numbers is that of its updates. One after the other (OFFSET 0), or PostgreSQL would
# look up all that follow before it takes the first.
_NEXT = """
UPDATE liaison_delivery
   SET put_aside = false, next_attempt_at = statement_timestamp()
 WHERE put_aside AND id = (
       SELECT later.id
         FROM liaison_update AS following
        CROSS JOIN LATERAL (
              SELECT id FROM liaison_delivery
               WHERE update_id = following.id AND channel_id = %(channel)s AND sent_at IS NULL
              OFFSET 0) AS later
        WHERE following.referral_id = %(referral)s
          AND following.sequence > (SELECT sequence FROM liaison_update WHERE id = %(update)s)
        ORDER BY following.sequence LIMIT 1)
"""
