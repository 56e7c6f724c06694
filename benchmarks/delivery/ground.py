"""What the measurements stand on: agencies with channels, referred cases, and updates of them.

Cases and referrals are made by the portal's own services (through the tests' factories); updates by
``outbox.record`` under the case's row lock, in the same transaction, as every service does.
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
class Ground:
    """A moderator, agencies with one channel each, and cases that all of them or one each follow."""

    moderator: User
    second_moderator: User
    channels: list[Channel]
    referrals: list[Referral]

    @property
    def cases(self) -> list[int]:
        """Return the cases, each once."""
        return list(dict.fromkeys(referral.case_id for referral in self.referrals))


def make(*, channels: int, cases: int, urls: Sequence[str] = ()) -> Ground:
    """Return ``channels`` agencies with ``cases`` referred cases each.

    Their channels are streams, or webhooks to ``urls``.
    """
    # The people's passwords are of no use to anybody: no need to hash them slowly.
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
    return Ground(moderator, factories.moderator(), list(made), referrals)


def _agency(url: str) -> Agency:
    if not url:
        return factories.agency()
    agency = factories.agency(channels=0)
    factories.webhook(url, agency)
    return agency


def update(cases: Iterable[int], *, by: User) -> list[str]:
    """Commit one step in each of ``cases`` that law enforcement is told of; return the updates' ids.

    Only what delivery needs: the row locks, the outbox, the wake-ups. Nothing is written to the timeline
    and no mail is queued, which is what a service does besides.
    """
    return timed_update(cases, by=by)[0]


def timed_update(cases: Iterable[int], *, by: User) -> tuple[list[str], int]:
    """As :func:`update`; say also when ``COMMIT`` had returned, in monotonic nanoseconds."""
    written: list[str] = []
    committed: list[int] = []
    with transaction.atomic():
        # The first to be called after the commit, before any wake-up is sent.
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
    """Write ``count`` further updates for the channel, unsent, and wake nobody.

    Copies of its last one, made by PostgreSQL itself: what is measured is how they are sent.
    """
    _copy(channel.pk, count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE liaison_delivery, liaison_update")


def timed_copies(channel_id: int, count: int) -> tuple[list[str], int]:
    """As :func:`backlog`, with the wake-up after the commit; return what :func:`timed_update` does.

    The rows are those that ``outbox.record`` writes, for a tenth of its time: it lets a machine that has
    to deliver them as well offer as many as a whole rack of web servers would.
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
    """Take back all that earlier measurements wrote: tables, streams, flags, queues."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE members_user, members_member, cases_marketplace, cases_reasoncode,"
            " liaison_agency CASCADE"
        )
    for client in (connections.shared(), connections.liaison()):
        client.flushdb()


def facts() -> dict[str, Any]:
    """Return what of the engines' settings the figures depend on."""
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
