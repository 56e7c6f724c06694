"""Create a channel, and rotate its secret, token or stream.

A secret or token is returned only here. It cannot be read again, so the caller must show it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alliance.lib import clock, http, sealing, signing
from alliance.lib.refusals import Conflict, Refusal
from cases.liaison.delivery.pull.tokens import new_token, token_hash
from cases.liaison.delivery.stream import accounts, append
from cases.liaison.delivery.wake import wake
from cases.liaison.models import Agency, Channel
from cases.liaison.models.channel import SEALED_FOR
from cases.services.channels.core import MANAGE, Event, Kind, demand, lock, record
from members.models import User

PREVIOUS_SECRET_FOR = timedelta(hours=24)


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
    """Create a channel. Return it with its secret or token in plain text (``""`` for the other kinds).

    Requires ``liaison.manage_channels``. Raises :class:`Refusal` if the URL is missing or invalid or
    the email address is missing, and :class:`Conflict` if another channel has this stream.
    """
    demand(by, MANAGE)
    channel = Channel(agency=agency, kind=kind, name=name.strip())
    shown = ""
    if kind == Kind.STREAM:
        channel.stream_key = stream_key.strip() or _new_key(agency.slug)
    elif kind == Kind.WEBHOOK:
        check_url(url)
        shown = signing.new_secret()
        channel.url = url
        channel.secret_sealed = sealing.seal(shown, purpose=SEALED_FOR)
    elif kind == Kind.EMAIL:
        if not email.strip():
            raise Refusal(_("Enter the email address for updates."))
        channel.email = email.strip()
    else:
        shown = new_token()
        channel.token_hash = token_hash(shown)
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError:
        raise Conflict(_("A stream with this name already exists.")) from None
    record(channel, Event.CREATED, by)
    return channel, shown


def _new_key(slug: str) -> str:
    return f"liaison:{slug}:{secrets.token_hex(4)}"


@transaction.atomic
def start_new_stream(*, channel: Channel, by: User) -> Channel:
    """Give the channel a new, empty stream. Workers fill it with all updates of the channel.

    Needed after the database was restored from a backup that is older than the stream. The agency reads the new
    stream from the beginning. Redis deletes the former stream after
    ``LIAISON_KEEP_FORMER_STREAM_DAYS`` days.
    """
    channel = lock(channel, by, Kind.STREAM, permission=MANAGE)
    former = channel.stream_key
    channel.stream_key, channel.sent_seq = _new_key(channel.recipient.slug), 0
    channel.failures, channel.last_error, channel.next_attempt_at = 0, "", clock.now()
    channel.save(
        update_fields=["stream_key", "sent_seq", "failures", "last_error", "next_attempt_at"]
    )
    record(channel, Event.CHANGED, by, fields=["stream_key"])
    if former:
        transaction.on_commit(partial(append.expire, former))
    transaction.on_commit(partial(accounts.apply_quietly, channel.recipient.pk))
    transaction.on_commit(partial(wake, channel.pk, channel.route))
    return channel


def check_url(url: str) -> None:
    """Raise :class:`Refusal` unless ``url`` is a valid address of a webhook: https, without credentials."""
    try:
        http.Endpoint(url, private=settings.WEBHOOK_ALLOW_PRIVATE)
    except (http.Failed, ValueError):
        raise Refusal(
            _("A webhook needs a URL that begins with https:// and contains no password.")
        ) from None


@transaction.atomic
def rotate_secret(*, channel: Channel, by: User, keep_for: timedelta = PREVIOUS_SECRET_FOR) -> str:
    """Give a webhook channel a new secret and return it, to be shown once.

    For ``keep_for`` every message is also signed with the previous secret, so that the agency can switch
    without losing messages. Rotating again within that time drops the older secret.
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
    """Give a pull channel a new token and return it, to be shown once. The previous token stops working."""
    channel = lock(channel, by, Kind.PULL, permission=MANAGE)
    token = new_token()
    channel.token_hash = token_hash(token)
    channel.save()
    record(channel, Event.TOKEN_ROTATED, by)
    return token
