"""The lease of a channel: one worker at a time sends its updates.

A lease is a courtesy between workers, not a lock. One that a killed or frozen worker holds expires after
:data:`LEASE`. What must not happen twice is refused elsewhere: by the stream itself, or by the receiver.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from cases.liaison.models import Channel

LEASE = timedelta(seconds=5)


def take(channel_id: int) -> uuid.UUID | None:
    """Take the lane's lease and return its token, or ``None`` when somebody has it or it is resting."""
    token = uuid.uuid4()
    with transaction.atomic():
        if lock_free(channel_id) is None:
            return None
        Channel.objects.filter(pk=channel_id).update(lease_token=token, lease_until=Now() + LEASE)
    return token


def lock_free(channel_id: int) -> tuple[str | None, int, int] | None:
    """Lock the channel's row and return what :func:`_next` wants of it; ``None`` if it is not to be had.

    Skipping what is locked, so that two workers do not queue up for one row; and "no key", or every open
    transaction with a new delivery, which points to the channel, would shut us out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [channel_id])
        found: tuple[str | None, int, int] | None = cursor.fetchone()
    return found


def give_back(channel_id: int, token: uuid.UUID) -> None:
    """End the lease, if it is still ours."""
    Channel.objects.filter(pk=channel_id, lease_token=token).update(
        lease_token=None, lease_until=None
    )


# Written by hand, as all that runs for every wake-up: the ORM would take longer to write them than
# PostgreSQL to obey.
IS_OPEN = """
is_active AND paused_at IS NULL AND (SELECT is_active FROM liaison_agency WHERE id = agency_id)
"""


_FREE = f"""
SELECT stream_key, numbered_seq, sent_seq FROM liaison_channel
 WHERE id = %s AND {IS_OPEN} AND next_attempt_at <= statement_timestamp()
   AND (lease_until IS NULL OR lease_until < statement_timestamp())
   FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608  (our own words)


TAKE = """
UPDATE liaison_channel
   SET numbered_seq = %s, lease_token = %s, lease_until = statement_timestamp() + %s
 WHERE id = %s
"""


def keep(channel_id: int, token: uuid.UUID) -> bool:
    """Renew the lane's lease; return whether it is still ours, and the channel in use."""
    ours = Channel.objects.in_use().filter(pk=channel_id, lease_token=token)
    return bool(ours.update(lease_until=Now() + LEASE))
