"""Resend updates of a channel: one, chosen ones, all dead letters, or a range of numbers.

An order is a row, which workers carry out in slices (:mod:`cases.liaison.delivery.resend`).
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
from alliance.lib.refusals import Conflict, Refusal
from cases.liaison.delivery import resend
from cases.liaison.delivery.wake import wake
from cases.liaison.models import Channel, Delivery, Resend
from cases.services.channels.core import Event, Kind, lock, record
from members.models import User


@transaction.atomic
def resend_one(*, delivery: Delivery, by: User) -> Delivery:
    """Resend one delivery, whether it was delivered, waits for a retry or is a dead letter. Its id stays the same."""
    channel = lock(delivery.channel, by, Kind.WEBHOOK, Kind.EMAIL)
    row = Delivery.objects.filter(pk=delivery.pk, seq__isnull=False)
    if _reset(channel, row):
        record(channel, Event.RESENT, by, seq=delivery.seq, update=str(delivery.update_id))
    return Delivery.objects.get(pk=delivery.pk)


@transaction.atomic
def resend_selected(*, channel: Channel, by: User, ids: Collection[int]) -> int:
    """Resend the channel's dead letters with these ``ids``. Return how many.

    Ignores deliveries that are no longer dead letters. Raises :class:`Refusal` if ``ids`` is empty.
    """
    channel = lock(channel, by, Kind.WEBHOOK, Kind.EMAIL)
    if not ids:
        raise Refusal(_("Select at least one update to resend."))
    chosen = Delivery.objects.filter(channel=channel, pk__in=ids).dead()
    numbers = sorted(filter(None, chosen.values_list("seq", flat=True)))
    count = _reset(channel, chosen)
    if count:
        record(channel, Event.RESENT, by, numbers=numbers)
    return count


@transaction.atomic
def resend_dead_letters(*, channel: Channel, by: User) -> Resend | None:
    """Resend all dead letters of the channel. Return the order; ``None`` if there are no dead letters.

    The first slice of the order is carried out here, the others by workers. Raises :class:`Conflict` while the
    channel has another open order.
    """
    channel = lock(channel, by, Kind.WEBHOOK, Kind.EMAIL)
    if not Delivery.objects.filter(channel=channel).dead().exists():
        return None
    order = _order(channel, by, kind=Resend.Kind.DEAD)
    more = {} if order.finished_at else {"more": True}
    record(channel, Event.RESENT, by, dead=order.done, **more)
    return order


@transaction.atomic
def replay(*, channel: Channel, by: User, from_seq: int, to_seq: int | None = None) -> Resend:
    """Resend everything from the channel's number ``from_seq`` on, or up to ``to_seq``. Return the order.

    The receiver recognises each update by its id. The order is carried out like that of
    :func:`resend_dead_letters`, and also raises :class:`Conflict`. Raises :class:`Refusal` for a stream or
    pull channel, since the agency itself can read those again, for a number that is not assigned yet, and if
    ``to_seq`` is lower than ``from_seq``.
    """
    channel = lock(channel, by, Kind.WEBHOOK, Kind.EMAIL)
    count, first = replayable(channel, from_seq, to_seq), max(from_seq, 1)
    order = _order(
        channel,
        by,
        kind=Resend.Kind.REPLAY,
        from_seq=first,
        next_seq=first,
        last_seq=first + count - 1,
    )
    only = {} if to_seq is None else {"to_seq": to_seq}
    record(channel, Event.REPLAYED, by, from_seq=from_seq, count=count, **only)
    return order


@transaction.atomic
def stop_resend(*, channel: Channel, by: User) -> Resend:
    """Stop the channel's open order and return it. Deliveries that it has already made due are still sent.

    Raises :class:`Conflict` if there is no open order.
    """
    channel = lock(channel, by)
    order = Resend.objects.filter(channel=channel, finished_at=None).first()
    if order is None:
        raise Conflict(_("Nothing to stop: all updates are queued already."))
    order.finished_at, order.is_stopped = clock.now(), True
    order.save(update_fields=["finished_at", "is_stopped"])
    record(channel, Event.STOPPED, by, due_again=order.done)
    # Deliveries that the order had not reached may be sent now.
    transaction.on_commit(partial(wake, channel.pk, channel.route))
    return order


def _order(channel: Channel, by: User, **fields: Any) -> Resend:
    """Create a resend order and carry out its first slice."""
    if resend.is_open(channel.pk):
        raise Conflict(
            _(
                "A resend of this channel is already in progress. Wait until it has finished, or stop it."
            )
        )
    order = Resend.objects.create(channel=channel, actor_id=by.pk, actor_label=by.name, **fields)
    order.refresh_from_db()
    resend.run_slice(order, channel.ordered_by)
    if not channel.is_paused:
        restart(channel)
    return order


def replayable(channel: Channel, from_seq: int, to_seq: int | None = None) -> int:
    """Return how many deliveries a replay would resend, at least one. Raises :class:`Refusal` otherwise.

    Computed from the numbers, which have no gaps.
    """
    first, last = max(from_seq, 1), channel.numbered_seq
    if first > last:
        raise Refusal(
            _("No update has this number. The last one is %(number)s.") % {"number": last}
        )
    if to_seq is not None and to_seq < first:
        raise Refusal(_("The last number is lower than the first one."))
    return min(last, to_seq or last) - first + 1


def _reset(channel: Channel, rows: QuerySet[Delivery]) -> int:
    """Make the rows due as if they had never been tried. Return how many."""
    count = resend.make_due(rows)
    if count and not channel.is_paused:
        restart(channel)
    return count


def restart(channel: Channel) -> None:
    """Close the circuit breaker and wake a worker after the commit. Saves the pause fields of ``channel``."""
    Channel.objects.filter(pk=channel.pk).update(
        failures=0,
        next_attempt_at=Now(),
        paused_at=channel.paused_at,
        pause_reason=channel.pause_reason,
    )
    transaction.on_commit(partial(wake, channel.pk, channel.route))
