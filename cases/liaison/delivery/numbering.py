"""The gapless sequence of a channel: deliveries get their numbers here, for every kind of channel."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import F

from cases.liaison.models import Channel

BATCH = 500


# Found by having no number, never by an id cursor: ids commit out of order. Within one case the order of
# ids is the order of commits, because both happen under the case's row lock. An array, since
# the planner would otherwise read the whole table to join five hundred rows with it.
NUMBER = """
UPDATE liaison_delivery AS delivery
   SET seq = %(base)s + chosen.place
  FROM unnest(ARRAY(SELECT id FROM liaison_delivery
                     WHERE channel_id = %(channel)s AND seq IS NULL
                     ORDER BY id LIMIT %(batch)s)) WITH ORDINALITY AS chosen (id, place)
 WHERE delivery.id = chosen.id
"""


def number(channel_id: int) -> int:
    """Give the next numbers to up to :data:`BATCH` deliveries that have none; return how many."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).get(pk=channel_id)
        with connection.cursor() as cursor:
            cursor.execute(
                NUMBER, {"base": channel.numbered_seq, "channel": channel_id, "batch": BATCH}
            )
            count: int = cursor.rowcount
        if count:
            Channel.objects.filter(pk=channel_id).update(numbered_seq=F("numbered_seq") + count)
    return count
