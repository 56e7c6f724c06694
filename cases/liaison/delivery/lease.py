"""The lease of a channel: one worker at a time sends its updates. Used by every kind of channel.

A lease avoids duplicate work. It is not a lock: the lease of a worker that was killed or frozen expires
after :data:`LEASE`, and another worker takes over. Both workers may then send the same update. A stream
refuses the duplicate, and the receiver of a webhook recognises it by the update's id.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models.functions import Now

from cases.liaison.models import Channel
from members.models import Member

LEASE = timedelta(seconds=5)


class Progress(NamedTuple):
    """The progress of a channel: the last number assigned, and the last number known to have arrived."""

    stream_key: str | None
    numbered_seq: int
    sent_seq: int


_WRITING = ", ".join(f"'{status}'" for status in Member.WRITING)
# The SQL here and in numbering and the relay runs for every wake-up. It is written by hand because the ORM
# takes longer to compile such statements than PostgreSQL to run them.
# The same condition as Channel.is_in_use of a channel that is not paused.
IS_IN_USE = f"""
is_active AND paused_at IS NULL AND coalesce(
    (SELECT is_active FROM liaison_agency WHERE id = agency_id),
    (SELECT status IN ({_WRITING}) FROM members_member WHERE id = member_id))
"""  # noqa: S608  (constants)
_LOCK_IF_FREE = f"""
SELECT stream_key, numbered_seq, sent_seq FROM liaison_channel
 WHERE id = %s AND {IS_IN_USE} AND next_attempt_at <= statement_timestamp()
   AND (lease_until IS NULL OR lease_until < statement_timestamp())
   FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608  (a constant of this module)


def acquire(channel_id: int) -> uuid.UUID | None:
    """Acquire the channel's lease and return its token.

    Returns ``None`` if another worker has the lease, or if nothing may be sent now: the channel is paused,
    not in use, or backing off.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        if lock_if_free(channel_id) is None:
            return None
        Channel.objects.filter(pk=channel_id).update(lease_token=token, lease_until=Now() + LEASE)
    return token


def lock_if_free(channel_id: int) -> Progress | None:
    """Lock the channel's row and return its progress; ``None`` if :func:`acquire` would return ``None``.

    ``SKIP LOCKED``, so that workers do not queue for one row. ``NO KEY``, because every open transaction
    with a new delivery holds a key-share lock on the channel.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_IF_FREE, [channel_id])
        row = cursor.fetchone()
    return Progress(*row) if row else None


def renew(channel_id: int, token: uuid.UUID) -> bool:
    """Renew the lease. Return ``False`` if another worker has it now, or the channel is not in use."""
    held = Channel.objects.in_use().filter(pk=channel_id, lease_token=token)
    return bool(held.update(lease_until=Now() + LEASE))


def release(channel_id: int, token: uuid.UUID) -> None:
    """Release the lease if ``token`` still holds it."""
    Channel.objects.filter(pk=channel_id, lease_token=token).update(
        lease_token=None, lease_until=None
    )
