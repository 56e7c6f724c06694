"""Resend orders: deliveries become due again, in slices, as if they had never been tried.

An order is a row (:class:`Resend`), either a replay of all updates from a number on or a resend of all dead
letters. Its first slice is part of the transaction that creates it. Workers carry out the other slices. Each
slice and its progress are one transaction under the channel's lock, so a killed worker leaves nothing half
done and two workers never repeat a slice. The time for a slice does not depend on the number of deliveries.
An order waits while its channel is paused.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Now

from alliance.lib import clock
from cases.liaison.delivery.push import ordering
from cases.liaison.models import Channel, Delivery, Resend
from cases.liaison.models.channel import OrderedBy

# The most deliveries of one transaction: about ten milliseconds of work.
SLICE = 1000


def is_open(channel_id: int) -> bool:
    """Return whether the channel has an unfinished order."""
    return Resend.objects.filter(channel_id=channel_id, finished_at=None).exists()


def latest(channel_id: int) -> Resend | None:
    """Return the channel's latest order, which is the unfinished one if there is any."""
    return Resend.objects.filter(channel_id=channel_id).order_by("-pk").first()


def run_open_order(channel_id: int) -> bool:
    """Carry out one slice of the channel's unfinished order. Return whether more is left.

    Does nothing without an order, or while the channel is paused or not in use.
    """
    with transaction.atomic():
        channels = Channel.objects.select_related("agency", "member")
        channel = channels.select_for_update(no_key=True, of=("self",)).get(pk=channel_id)
        order = Resend.objects.filter(channel=channel, finished_at=None).first()
        if order is None or channel.is_paused or not channel.is_in_use:
            return False
        return run_slice(order, channel.ordered_by)


def run_slice(order: Resend, ordered_by: OrderedBy) -> bool:
    """Make the next slice of ``order`` due. Return whether more is left. The caller has locked the channel.

    ``ordered_by`` is that of the channel.
    """
    if order.kind == Resend.Kind.REPLAY:
        _run_replay_slice(order, ordered_by)
    else:
        _run_dead_letter_slice(order)
    order.save(update_fields=["done", "next_seq", "next_dead_at", "finished_at"])
    return order.finished_at is None


def make_due(rows: QuerySet[Delivery]) -> int:
    """Make deliveries due as if they had never been tried. Return how many."""
    return rows.update(
        due_again_at=Case(When(sent_at__isnull=False, then=Now()), default=F("due_again_at")),
        sent_at=None,
        dead_at=None,
        dead_reason="",
        attempts=0,
        refused_since=None,
        is_deferred=False,
        next_attempt_at=Now(),
    )


def _run_replay_slice(order: Resend, ordered_by: OrderedBy) -> None:
    """Replay the next range of numbers. Numbers have no gaps, so a slice is a range."""
    assert order.next_seq is not None
    assert order.last_seq is not None
    beyond = min(order.next_seq + SLICE, order.last_seq + 1)
    values = {"channel": order.channel_id, "first": order.next_seq, "beyond": beyond}
    with connection.cursor() as cursor:
        cursor.execute(_REPLAY[ordered_by], values)
        order.done += cursor.rowcount
    order.next_seq = beyond
    if beyond > order.last_seq:
        order.finished_at = clock.now()


# Does what make_due() does, and defers at once every delivery that is behind an unsent one of its case
# (see ordering). Otherwise workers would search a case's thousands of deliveries for the first.
_REPLAY = ordering.for_each_order(f"""
UPDATE liaison_delivery AS again
   SET due_again_at = CASE WHEN sent_at IS NULL THEN due_again_at ELSE statement_timestamp() END,
       sent_at = NULL, dead_at = NULL, dead_reason = '', attempts = 0, refused_since = NULL,
       is_deferred = slice.is_blocked,
       next_attempt_at = CASE WHEN slice.is_blocked THEN {ordering.LATER} ELSE statement_timestamp() END
  FROM (SELECT delivery.id, EXISTS (
               SELECT FROM liaison_update AS before
                 JOIN liaison_delivery AS earlier
                   ON earlier.update_id = before.id AND earlier.channel_id = %(channel)s
                WHERE before.{{ordered_by}}_id = made.{{ordered_by}}_id AND before.sequence = made.sequence - 1
                  AND earlier.seq < delivery.seq
                  AND (earlier.sent_at IS NULL OR earlier.seq >= %(first)s)) AS is_blocked
          FROM liaison_delivery AS delivery
          JOIN liaison_update AS made ON made.id = delivery.update_id
         WHERE delivery.channel_id = %(channel)s
           AND delivery.seq >= %(first)s AND delivery.seq < %(beyond)s) AS slice
 WHERE again.id = slice.id
""")  # noqa: S608  (a constant of this package)


def _run_dead_letter_slice(order: Resend) -> None:
    """Resend the next dead letters. Begins where the last slice ended, so as not to read its rows again."""
    dead = Delivery.objects.filter(
        channel_id=order.channel_id, dead_at__lte=order.requested_at
    ).dead()
    if order.next_dead_at:
        dead = dead.filter(dead_at__gte=order.next_dead_at)
    chosen = dict(dead.order_by("dead_at").values_list("pk", "dead_at")[:SLICE])
    order.done += make_due(Delivery.objects.filter(pk__in=chosen))
    if len(chosen) < SLICE:
        order.finished_at = clock.now()
    else:
        order.next_dead_at = max(filter(None, chosen.values()))
