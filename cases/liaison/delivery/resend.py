"""Sending again, in slices: what an order names is made due as if it had never been tried.

The order is a row (:class:`Resend`). Its first slice is part of the transaction that makes it, the others are
the lane's workers': each slice and how far it went are one transaction under the channel's lock, so
that a worker that is killed leaves nothing half done, and two of them do nothing twice. A slice costs the same
at any number of deliveries. While the channel is paused its order rests.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Now

from alliance.lib import clock
from cases.liaison.delivery.push import ordering
from cases.liaison.models import Channel, Delivery, Resend

# What one transaction puts back: some ten milliseconds' work.
SLICE = 1000


def is_open(channel_id: int) -> bool:
    """Say whether an order of the channel is not carried out yet."""
    return Resend.objects.filter(channel_id=channel_id, finished_at=None).exists()


def latest(channel_id: int) -> Resend | None:
    """Return the channel's open order or, if it has none, the last one."""
    return Resend.objects.filter(channel_id=channel_id).order_by("-pk").first()


def go_on(channel_id: int) -> bool:
    """Carry out one slice of the channel's open order; return whether more of it is left to do.

    Nothing is done while the channel is paused or not in use, nor without an order.
    """
    with transaction.atomic():
        channels = Channel.objects.select_related("agency")
        channel = channels.select_for_update(no_key=True, of=("self",)).get(pk=channel_id)
        order = Resend.objects.filter(channel=channel, finished_at=None).first()
        if order is None or channel.is_paused or not channel.is_in_use:
            return False
        return carry_out(order)


def carry_out(order: Resend) -> bool:
    """Put the next slice of ``order`` back; return whether more is left. The caller has locked the channel."""
    if order.what == Resend.What.REPLAY:
        _next_of_replay(order)
    else:
        _next_of_dead(order)
    order.save(update_fields=["done", "next_seq", "next_dead_at", "finished_at"])
    return order.finished_at is None


def put_back(rows: QuerySet[Delivery]) -> int:
    """Make the rows due, as if they had never been tried; return how many there were."""
    return rows.update(
        due_again_at=Case(When(sent_at__isnull=False, then=Now()), default=F("due_again_at")),
        sent_at=None,
        dead_at=None,
        dead_reason="",
        attempts=0,
        refused_since=None,
        put_aside=False,
        next_attempt_at=Now(),
    )


def _next_of_replay(order: Resend) -> None:
    """Numbers have no gaps: a slice is a range of them."""
    assert order.next_seq is not None
    assert order.last_seq is not None
    beyond = min(order.next_seq + SLICE, order.last_seq + 1)
    values = {"channel": order.channel_id, "first": order.next_seq, "beyond": beyond}
    with connection.cursor() as cursor:
        cursor.execute(_REPLAY, values)
        order.done += cursor.rowcount
    order.next_seq = beyond
    if beyond > order.last_seq:
        order.finished_at = clock.now()


# As put_back(), but what follows another of its case that has not arrived is put aside at once: otherwise the
# lane would look at a case's thousands to find its first. When that has arrived the next one is due.
_REPLAY = f"""
UPDATE liaison_delivery AS again
   SET due_again_at = CASE WHEN sent_at IS NULL THEN due_again_at ELSE statement_timestamp() END,
       sent_at = NULL, dead_at = NULL, dead_reason = '', attempts = 0, refused_since = NULL,
       put_aside = slice.is_behind,
       next_attempt_at = CASE WHEN slice.is_behind THEN {ordering.LATER} ELSE statement_timestamp() END
  FROM (SELECT one.id, EXISTS (
               SELECT FROM liaison_update AS before
                 JOIN liaison_delivery AS earlier
                   ON earlier.update_id = before.id AND earlier.channel_id = %(channel)s
                WHERE before.referral_id = told.referral_id AND before.sequence = told.sequence - 1
                  AND earlier.seq < one.seq
                  AND (earlier.sent_at IS NULL OR earlier.seq >= %(first)s)) AS is_behind
          FROM liaison_delivery AS one
          JOIN liaison_update AS told ON told.id = one.update_id
         WHERE one.channel_id = %(channel)s AND one.seq >= %(first)s AND one.seq < %(beyond)s) AS slice
 WHERE again.id = slice.id
"""  # noqa: S608  (our own statement)


def _next_of_dead(order: Resend) -> None:
    """From where the last slice ended: otherwise each would wade through what those before have left."""
    dead = Delivery.objects.filter(channel_id=order.channel_id, dead_at__lte=order.asked_at).dead()
    if order.next_dead_at:
        dead = dead.filter(dead_at__gte=order.next_dead_at)
    chosen = dict(dead.order_by("dead_at").values_list("pk", "dead_at")[:SLICE])
    order.done += put_back(Delivery.objects.filter(pk__in=chosen))
    if len(chosen) < SLICE:
        order.finished_at = clock.now()
    else:
        order.next_dead_at = max(filter(None, chosen.values()))
