"""Agencies' queues: made, renewed, paused, resumed, and what was given up sent again.

Every act leaves a :class:`ChannelEvent`. Channels are made and their secrets renewed by admins
(``liaison.manage_channels``); moderators run them as well (``liaison.operate_channels``). A secret or token
is returned once, to be shown once; nobody can read it again here.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from alliance.lib import clock, http, sealing, signing
from cases import permissions  # noqa: F401  (what is asked for by name below is made there)
from cases.liaison import acl, resend
from cases.liaison.models import Agency, Channel, ChannelEvent, Delivery, Resend
from cases.liaison.models.queue import SEALED_FOR
from cases.liaison.wake import wake
from members.models import User

from .refusals import Conflict, NotAllowed, Refusal

PREVIOUS_SECRET_FOR = timedelta(hours=24)
MANAGE, OPERATE = "liaison.manage_channels", "liaison.operate_channels"
Event = ChannelEvent.Kind
Kind = Channel.Kind


@transaction.atomic
def create(
    *,
    agency: Agency,
    by: User,
    kind: str,
    name: str,
    url: str = "",
    email: str = "",
    stream_key: str = "",
) -> tuple[Channel, str]:
    """Make a channel; return it with its secret or token in clear (``""`` for the other kinds).

    Raises :class:`Refusal` when what its kind needs is missing or the address cannot be one.
    """
    demand(by, MANAGE)
    channel = Channel(agency=agency, kind=kind, name=name.strip())
    shown = ""
    if kind == Kind.STREAM:
        channel.stream_key = stream_key.strip() or _new_key(agency)
    elif kind == Kind.WEBHOOK:
        check_url(url)
        shown = signing.new_secret()
        channel.url = url
        channel.secret_sealed = sealing.seal(shown, purpose=SEALED_FOR)
    elif kind == Kind.EMAIL:
        if not email.strip():
            raise Refusal(_("Give the e-mail address that updates go to."))
        channel.email = email.strip()
    else:
        shown = new_token()
        channel.token_hash = token_hash(shown)
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        raise Conflict(_("There is a stream of this name already.")) from None
    record(channel, Event.CREATED, by)
    return channel, shown


def _new_key(agency: Agency) -> str:
    return f"liaison:{agency.slug}:{secrets.token_hex(4)}"


@transaction.atomic
def start_new_stream(*, channel: Channel, by: User) -> Channel:
    """Give the channel another stream, empty, and have it filled with all that the channel ever had.

    For a stream that belongs to a database which was replaced by an older copy: its agency begins with an
    empty inbox, and loses nothing that waits. What was in the former stream stays there.
    """
    channel = lock(channel, by, Kind.STREAM, permission=MANAGE)
    channel.stream_key, channel.sent_seq = _new_key(channel.agency), 0
    channel.failures, channel.last_error, channel.next_attempt_at = 0, "", clock.now()
    channel.save(
        update_fields=["stream_key", "sent_seq", "failures", "last_error", "next_attempt_at"]
    )
    record(channel, Event.CHANGED, by, fields=["stream_key"])
    transaction.on_commit(partial(acl.apply_quietly, channel.agency_id))
    transaction.on_commit(partial(wake, channel.pk, channel.kind))
    return channel


def check_url(url: str) -> None:
    """Raise :class:`Refusal` unless ``url`` can be the address of a webhook: https, without credentials."""
    try:
        http.Endpoint(url, private=settings.WEBHOOK_ALLOW_PRIVATE)
    except (http.Failed, ValueError):
        raise Refusal(
            _("A webhook needs an address that begins with https:// and carries no password.")
        ) from None


@transaction.atomic
def rotate_secret(*, channel: Channel, by: User, keep_for: timedelta = PREVIOUS_SECRET_FOR) -> str:
    """Give a webhook a new secret and return it, to be shown once.

    For ``keep_for`` every message is signed with the former one too, so that the agency can change over
    without missing one. Rotating again within that time drops the secret before the former.
    """
    channel = lock(channel, by, Kind.WEBHOOK, permission=MANAGE)
    secret = signing.new_secret()
    channel.previous_secret_sealed = channel.secret_sealed
    channel.previous_secret_until = clock.now() + keep_for
    channel.secret_sealed = sealing.seal(secret, purpose=SEALED_FOR)
    channel.save()
    record(channel, Event.SECRET_ROTATED, by, previous_until=str(channel.previous_secret_until))
    return secret


@transaction.atomic
def rotate_token(*, channel: Channel, by: User) -> str:
    """Give a pull channel a new token and return it, to be shown once. The former ends at once."""
    channel = lock(channel, by, Kind.PULL, permission=MANAGE)
    token = new_token()
    channel.token_hash = token_hash(token)
    channel.save()
    record(channel, Event.TOKEN_ROTATED, by)
    return token


def new_token() -> str:
    """Return a new token for the pull API: 256 random bits."""
    return f"apl_{secrets.token_urlsafe(32)}"


def token_hash(token: str) -> str:
    """Return what is kept of a token. It is random and long: a plain hash cannot be searched back."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def pause(*, channel: Channel, by: User, reason: str) -> Channel:
    """Stop sending; updates go on being collected. Pausing what is paused changes nothing."""
    channel = lock(channel, by)
    if channel.is_paused:
        return channel
    if not reason.strip():
        raise Refusal(_("Say why the channel is paused."))
    channel.paused_at, channel.pause_reason = clock.now(), reason.strip()[:300]
    channel.save()
    record(channel, Event.PAUSED, by, reason=channel.pause_reason)
    return channel


@transaction.atomic
def resume(*, channel: Channel, by: User) -> Channel:
    """Send again, beginning now, with the breaker closed and every wait ended; the dead stay dead."""
    channel = lock(channel, by)
    if channel.is_paused:
        channel.paused_at, channel.pause_reason = None, ""
        record(channel, Event.RESUMED, by)
        _start_now(channel)
        # What is put aside waits behind another, whose time it is.
        waiting = Delivery.objects.filter(channel=channel, dead_at=None, put_aside=False).waiting()
        waiting.filter(next_attempt_at__gt=Now()).update(next_attempt_at=Now())
    return channel


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
    resend.carry_out(order)
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
    count = resend.put_back(rows)
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


def lock(channel: Channel, by: User, *kinds: str, permission: str = OPERATE) -> Channel:
    """Return the channel with its row locked, for an act of ``by``; the transaction is the caller's.

    Raises :class:`NotAllowed`, and :class:`Refusal` for a channel that is none of ``kinds``, if given.
    """
    demand(by, permission)
    locked = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
    if kinds and locked.kind not in kinds:
        raise Refusal(
            _("This cannot be done with a channel of the kind “%(kind)s”.")
            % {"kind": locked.get_kind_display()}
        )
    return locked


def demand(by: User, permission: str) -> None:
    """Raise :class:`NotAllowed` unless ``by`` has the permission."""
    if not by.has_perm(permission):
        raise NotAllowed(_("Your role does not allow this."))


def record(channel: Channel, kind: str, by: User, **data: Any) -> None:
    """Write down what ``by`` did with the channel."""
    ChannelEvent.objects.create(
        channel=channel, kind=kind, data=data, actor_id=by.pk, actor_label=by.name, at=clock.now()
    )
