"""The gapless sequence numbers of a channel's deliveries. Used by every kind of channel."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import F

from cases.liaison.models import Channel

# The most deliveries that one transaction numbers.
BATCH = 500

# New deliveries are those without a number. An id cursor would miss some, because ids commit out of order.
# Within one case, ids are in the order of commits, because both are assigned under the case's row lock.
# The ids are collected in an array: with a plain join, the planner would read the whole table.
ASSIGN = """
UPDATE liaison_delivery AS delivery
   SET seq = %(after)s + chosen.place
  FROM unnest(ARRAY(SELECT id FROM liaison_delivery
                     WHERE channel_id = %(channel)s AND seq IS NULL
                     ORDER BY id LIMIT %(batch)s)) WITH ORDINALITY AS chosen (id, place)
 WHERE delivery.id = chosen.id
"""


def assign_numbers(channel_id: int) -> int:
    """Assign the next numbers to up to :data:`BATCH` deliveries without one. Return how many."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).get(pk=channel_id)
        with connection.cursor() as cursor:
            values = {"after": channel.numbered_seq, "channel": channel_id, "batch": BATCH}
            cursor.execute(ASSIGN, values)
            count: int = cursor.rowcount
        if count:
            Channel.objects.filter(pk=channel_id).update(numbered_seq=F("numbered_seq") + count)
    return count


def assign_all_numbers(channel_id: int) -> None:
    """Assign numbers to all deliveries of the channel without one."""
    while assign_numbers(channel_id) == BATCH:
        pass
