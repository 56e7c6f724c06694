"""The data of the measurements: agencies with channels, referred cases, and their updates.

Cases and referrals are created by the portal's services (through the tests' factories). Updates are written by
``outbox.record`` under the case's row lock, in the same transaction, as in every service.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.test import override_settings

from alliance.lib import clock
from alliance.lib import redis as connections
from cases.liaison import outbox
from cases.liaison.models import Agency, Channel, Referral
from cases.models import Case, CaseEvent
from cases.models.event import Audience, EventKind
from members.models import User
from tests import factories

NOTE = "The shop has moved to a second account; the warehouse in 义乌 is the same."


@dataclass(frozen=True)
class Scenario:
    """Moderators, agencies with one channel each, and referred cases."""

    moderator: User
    second_moderator: User
    channels: list[Channel]
    referrals: list[Referral]

    @property
    def cases(self) -> list[int]:
        """The ids of the cases, without duplicates."""
        return list(dict.fromkeys(referral.case_id for referral in self.referrals))


def make(*, channels: int, cases: int, urls: Sequence[str] = ()) -> Scenario:
    """Create ``channels`` agencies with ``cases`` referred cases each.

    Their channels are streams, or webhooks to ``urls``.
    """
    # The passwords are not used, so a fast hash is enough.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        moderator = factories.moderator()
        right = factories.right(verified_by=moderator)
        filer = factories.filer(right.brand.member)
        agencies = [_agency(urls[i] if urls else "") for i in range(channels)]
        referrals = [
            factories.referred_case(agency, moderator=moderator, by=filer, citing=right)
            for agency in agencies
            for _ in range(cases)
        ]
    made = Channel.objects.filter(agency__in=agencies).order_by("pk")
    return Scenario(moderator, factories.moderator(), list(made), referrals)


def _agency(url: str) -> Agency:
    if not url:
        return factories.agency()
    agency = factories.agency(channels=0)
    factories.webhook(url, agency)
    return agency


def update(cases: Iterable[int], *, by: User) -> list[str]:
    """Commit one step in each of ``cases``. Return the ids of the updates.

    It includes only what delivery needs: row locks, outbox and wake-ups. A service also writes to the timeline and
    queues mail.
    """
    return timed_update(cases, by=by)[0]


def timed_update(cases: Iterable[int], *, by: User) -> tuple[list[str], int]:
    """Like :func:`update`, but also return the time after ``COMMIT``, in monotonic nanoseconds."""
    written: list[str] = []
    committed: list[int] = []
    with transaction.atomic():
        # Called first after the commit, before any wake-up is sent.
        transaction.on_commit(lambda: committed.append(time.monotonic_ns()))
        rows = Case.objects.filter(pk__in=list(cases)).order_by("pk")
        for case in rows.select_for_update(no_key=True):
            written += [str(one.pk) for one in outbox.record(case=case, event=_event(case, by))]
    return written, committed[0]


def _event(case: Case, by: User) -> CaseEvent:
    return CaseEvent(
        case=case,
        sequence=case.version,
        kind=EventKind.LISTINGS_REMOVED,
        audience=[Audience.MEMBER, Audience.LIAISON],
        note=NOTE,
        actor_id=by.pk,
        at=clock.now(),
    )


def backlog(channel: Channel, count: int) -> None:
    """Write ``count`` unsent updates for the channel, without a wake-up.

    They are copies of its last update, made by PostgreSQL, because only sending is measured.
    """
    _copy(channel.pk, count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE liaison_delivery, liaison_update")


def timed_copies(channel_id: int, count: int) -> tuple[list[str], int]:
    """Like :func:`backlog`, with a wake-up after the commit. Returns what :func:`timed_update` returns.

    Writes the same rows as ``outbox.record`` in a tenth of the time, so that one machine can offer the load of
    many web servers and deliver it.
    """
    with transaction.atomic():
        written = _copy(channel_id, count)
    committed = time.monotonic_ns()
    outbox.wake(channel_id, Channel.Kind.STREAM)
    return written, committed


def _copy(channel_id: int, count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, {"channel": channel_id, "count": count})
        return [str(pk) for (pk,) in cursor.fetchall()]


_COPIES = """
WITH last AS (
    SELECT u.* FROM liaison_update AS u JOIN liaison_delivery AS d ON d.update_id = u.id
     WHERE d.channel_id = %(channel)s ORDER BY d.id DESC LIMIT 1
), counted AS (
    UPDATE liaison_referral SET update_sequence = update_sequence + %(count)s
     WHERE id = (SELECT referral_id FROM last)
), copies AS (
    INSERT INTO liaison_update (id, referral_id, sequence, kind, case_version, payload, created_at)
    SELECT made.id, referral_id, sequence + n, kind, case_version,
           payload || jsonb_build_object('id', made.id, 'sequence', sequence + n), now()
      FROM last, LATERAL (SELECT gen_random_uuid() AS id, n FROM generate_series(1, %(count)s) AS n
                          ) AS made
    RETURNING id, sequence
)
INSERT INTO liaison_delivery (update_id, channel_id, attempts, dead_reason)
SELECT id, %(channel)s, 0, '' FROM copies ORDER BY sequence
RETURNING update_id
"""


def empty() -> None:
    """Delete everything that earlier measurements wrote: tables, streams, flags, queues."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE members_user, members_member, cases_marketplace, cases_reasoncode,"
            " liaison_agency CASCADE"
        )
    for client in (connections.shared(), connections.liaison()):
        client.flushdb()


def facts() -> dict[str, Any]:
    """Return the versions and settings of PostgreSQL and Redis that affect the figures."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN "
            "('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers')"
        )
        found = {f"postgres {name}": value for name, value in cursor.fetchall()}
    streams = connections.liaison()
    found["redis"] = streams.info("server")["redis_version"]
    found["streams appendonly"] = streams.config_get("appendonly")["appendonly"]
    found["streams appendfsync"] = streams.config_get("appendfsync")["appendfsync"]
    return found
