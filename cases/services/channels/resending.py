"""Resend updates of a channel: one, chosen ones, all dead letters, or a range of numbers.

An order is a row that workers carry out in slices (:mod:`cases.liaison.delivery.resend`).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from alliance.lib import clock
from cases.liaison.delivery import resend
from cases.liaison.delivery.wake import wake
from cases.liaison.models import Channel, Delivery, Resend
from cases.services.channels.core import Event, Kind, lock, record
from cases.services.refusals import Conflict, Refusal
from members.models import User


@transaction.atomic
def send_again(*, delivery: Delivery, by: User) -> Delivery:
    """Send one delivery once more, whether it arrived or was given up. Its id stays the same."""
    channel = lock(delivery.channel, by, Kind.WEBHOOK, Kind.EMAIL)
    row = Delivery.objects.filter(pk=delivery.pk, seq__isnull=False)
    if _reset(channel, row):
        record(channel, Event.SENT_AGAIN, by, seq=delivery.seq, update=str(delivery.update_id))
    return Delivery.objects.get(pk=delivery.pk)


@transaction.atomic
def send_chosen_again(*, channel: Channel, by: User, ids: Collection[int]) -> int:
    """Send those of the channel's given-up deliveries once more that ``ids`` name; return how many.

    What was sent by somebody else meanwhile is left alone. Raises :class:`Refusal` when none is chosen.
    """
    channel = lock(channel, by, Kind.WEBHOOK, Kind.EMAIL)
    if not ids:
        raise Refusal(_("Choose at least one update to send again."))
    chosen = Delivery.objects.filter(channel=channel, pk__in=ids).dead()
    numbers = sorted(filter(None, chosen.values_list("seq", flat=True)))
    count = _reset(channel, chosen)
    if count:
        record(channel, Event.SENT_AGAIN, by, numbers=numbers)
    return count


@transaction.atomic
def send_dead_again(*, channel: Channel, by: User) -> Resend | None:
    """Send everything that was given up in the channel once more; return the order, ``None`` if nothing was.

    The first slice of the order is carried out at once, the others by the lane's workers. Raises
    :class:`Conflict` while another order of the channel is not carried out yet.
    """
    channel = lock(channel, by, Kind.WEBHOOK, Kind.EMAIL)
    if not Delivery.objects.filter(channel=channel).dead().exists():
        return None
    order = _order(channel, by, what=Resend.What.DEAD)
    more = {} if order.finished_at else {"more": True}
    record(channel, Event.SENT_AGAIN, by, dead=order.done, **more)
    return order


@transaction.atomic
def replay(*, channel: Channel, by: User, from_seq: int, to_seq: int | None = None) -> Resend:
    """Send everything from the channel's number ``from_seq`` on, or up to ``to_seq``, again; return the order.

    Carried out as that of :func:`send_dead_again`, and refused likewise. The receiver knows each update by its
    id. A stream keeps its entries and a pull channel answers from any number: their agencies read again by
    themselves, and this raises :class:`Refusal`, as it does for a number that has not been given yet, or for a
    last one that comes before the first.
    """
    channel = lock(channel, by, Kind.WEBHOOK, Kind.EMAIL)
    count, first = replayable(channel, from_seq, to_seq), max(from_seq, 1)
    order = _order(
        channel,
        by,
        what=Resend.What.REPLAY,
        from_seq=first,
        next_seq=first,
        last_seq=first + count - 1,
    )
    only = {} if to_seq is None else {"to_seq": to_seq}
    record(channel, Event.REPLAYED, by, from_seq=from_seq, count=count, **only)
    return order


@transaction.atomic
def stop_sending_again(*, channel: Channel, by: User) -> Resend:
    """End the channel's open order where it is; return it. What is due again by now is sent nevertheless.

    Raises :class:`Conflict` when there is none any more.
    """
    channel = lock(channel, by)
    order = Resend.objects.filter(channel=channel, finished_at=None).first()
    if order is None:
        raise Conflict(_("There was nothing left to stop: all of it is due again."))
    order.finished_at, order.is_stopped = clock.now(), True
    order.save(update_fields=["finished_at", "is_stopped"])
    record(channel, Event.STOPPED, by, due_again=order.done)
    # What was held back until the order had passed it may go now.
    transaction.on_commit(partial(wake, channel.pk, channel.kind))
    return order


def _order(channel: Channel, by: User, **fields: Any) -> Resend:
    """Make an order to send again and carry out its first slice."""
    if resend.is_open(channel.pk):
        raise Conflict(
            _("Updates of this channel are being sent again already. Wait for the end, or stop it.")
        )
    order = Resend.objects.create(channel=channel, actor_id=by.pk, actor_label=by.name, **fields)
    order.refresh_from_db()
    resend.run_slice(order)
    if not channel.is_paused:
        _start_now(channel)
    return order


def replayable(channel: Channel, from_seq: int, to_seq: int | None = None) -> int:
    """Return how many deliveries a replay would send, at least one; raise :class:`Refusal` if it is none.

    Numbers have no gaps: nothing is counted.
    """
    first, last = max(from_seq, 1), channel.numbered_seq
    if first > last:
        raise Refusal(
            _("There is no update of this number: the last one is %(number)s.") % {"number": last}
        )
    if to_seq is not None and to_seq < first:
        raise Refusal(_("The last number comes before the first one."))
    return min(last, to_seq or last) - first + 1


def _reset(channel: Channel, rows: QuerySet[Delivery]) -> int:
    """Make the rows due, as if they had never been tried."""
    count = resend.make_due(rows)
    if count and not channel.is_paused:
        _start_now(channel)
    return count


def _start_now(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(
        failures=0,
        next_attempt_at=Now(),
        paused_at=channel.paused_at,
        pause_reason=channel.pause_reason,
    )
    transaction.on_commit(partial(wake, channel.pk, channel.kind))
