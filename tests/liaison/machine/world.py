"""One agency with a stream, a webhook and a pull channel, and their invariants.

The model is independent of the portal's tables: the notes committed for each case, the entries ever seen in
the stream, the updates in the inbox, and the updates returned by the pull API.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from alliance.lib import redis as connections
from cases.liaison.delivery.pull import reading
from cases.liaison.models import Channel, Delivery, Referral
from cases.models import Case
from cases.models.event import Audience, EventKind
from cases.services import core
from cases.services import referral as referrals
from cases.services.channels import setup
from members.models import User
from tests import factories
from tests.liaison.machine.inbox import ADDRESSES, Inbox
from tests.liaison.updates import read_stream

CASES = 3
Payload = dict[str, Any]


@dataclass
class Cast:
    """Shared by all runs: cases and people."""

    cases: list[Case]
    moderator: User
    admin: User

    @classmethod
    def make(cls) -> Cast:
        moderator = factories.moderator()
        cases = [factories.upheld_case(moderator=moderator) for _ in range(CASES)]
        return cls(cases, moderator, factories.admin())


@dataclass
class Record:
    """The entries received from a numbered channel: number *n* is the *n*-th entry."""

    ids: list[str] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, seq: int, payload: Payload) -> None:
        """Record an entry. The same number must always carry the same update."""
        assert seq <= len(self.ids) + 1, f"a gap before {seq}"
        if seq <= len(self.ids):
            assert self.ids[seq - 1] == payload["id"], f"{seq} was another update before"
            return
        assert payload["id"] not in self.ids, "an update twice"
        self.ids.append(payload["id"])
        self.notes.setdefault(payload["case"]["reference"], []).append(payload["note"])


class World:
    """The channels of a new agency that the cast's cases are referred to."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.inbox = cast, Inbox()
        self.agency = factories.agency(channels=0)
        self.stream = factories.channel(self.agency)
        self.webhook, _secret = factories.webhook(
            "https://agency.example/", self.agency, by=cast.admin
        )
        ADDRESSES[self.webhook.pk] = self.inbox
        self.pull, _token = setup.create(
            agency=self.agency, by=cast.admin, kind=Channel.Kind.PULL, name="Pull"
        )
        self.channels = (self.stream, self.webhook, self.pull)
        self.sent_seq: dict[int, int] = {}
        self.committed: dict[str, list[str]] = {case.reference: [] for case in cast.cases}
        self.streamed, self.pulled = Record(), Record()
        # The stream was trimmed up to here.
        self.trimmed = 0
        # The agency's system: the last number it stored, and the last one it acknowledged.
        self.cursor = self.acknowledged = 0
        for case in cast.cases:
            note = self.next_note(case)
            referrals.refer(case=case, by=cast.moderator, agency=self.agency, note=note)
            self.committed[case.reference].append(note)

    def next_note(self, case: Case) -> str:
        """Return a unique note."""
        return f"{case.reference} {factories.number()}"

    @transaction.atomic
    def change(self, case: Case, note: str) -> None:
        """Commit a step of the case. The caller records it as committed."""
        core.record(
            core.lock(case),
            EventKind.LISTINGS_REMOVED,
            by=self.cast.moderator,
            role=Audience.MODERATOR,
            audience=(Audience.LIAISON,),
            note=note,
        )

    def entries(self) -> list[tuple[int, Payload]]:
        """Return the entries of the stream."""
        return read_stream(self.stream)

    def keep_entries(self, first: int) -> None:
        """Restore the stream from an old copy with its ``first`` entries only."""
        redis = connections.liaison()
        entries = redis.xrange(self.stream.stream_key)[:first]
        redis.delete(self.stream.stream_key)
        for identifier, fields in entries:
            redis.xadd(self.stream.stream_key, fields, id=identifier)
        if not entries:
            self.trimmed = 0

    def trim(self, keep: int) -> None:
        """Trim the stream to its last ``keep`` entries."""
        entries = self.entries()
        connections.liaison().xtrim(self.stream.stream_key, maxlen=keep, approximate=False)
        self.trimmed += max(len(entries) - keep, 0)

    def read(self, *, lost: bool) -> None:
        """Read as the agency's system does; with ``lost``, the response does not arrive."""
        rows = reading.read(self.pull.pk, after=self.cursor)
        assert [seq for seq, _ in rows] == [self.cursor + 1 + i for i in range(len(rows))]
        for seq, payload in rows:
            self.pulled.add(seq, payload)
        if rows and not lost:
            self.cursor = rows[-1][0]

    def acknowledge(self, up_to: int) -> None:
        """Acknowledge everything up to ``up_to``. Numbers that were never returned are refused."""
        try:
            reading.acknowledge(self.pull.pk, up_to=up_to)
        except reading.NotSentYet:
            assert up_to > len(self.pulled.ids)
        else:
            assert up_to <= len(self.pulled.ids)
            self.acknowledged = max(self.acknowledged, up_to)

    def withdraw_all(self) -> None:
        """Withdraw the referrals, so that later runs do not write for this agency."""
        for referral in Referral.objects.filter(agency=self.agency):
            referrals.withdraw(referral=referral, by=self.cast.moderator, note="Done.")

    # --- Invariants --------------------------------------------------------------------------

    def check(self) -> None:
        """Assert the invariants that hold after every step."""
        entries = self.entries()
        assert [seq for seq, _ in entries] == [
            self.trimmed + 1 + place for place in range(len(entries))
        ]
        for seq, payload in entries:
            self.streamed.add(seq, payload)
        for came in (self.streamed.notes, self.pulled.notes, self.inbox.arrived):
            self._is_a_prefix(came)
        deliveries = self._deliveries()
        for channel in Channel.objects.filter(agency=self.agency):
            numbered = {row.seq for row in deliveries[channel.pk] if row.seq}
            assert numbered == set(range(1, channel.numbered_seq + 1))
            assert channel.sent_seq <= channel.numbered_seq
            self.sent_seq[channel.pk] = channel.sent_seq
        self._sent_is_what_came(deliveries)

    def _is_a_prefix(self, came: dict[str, list[str]]) -> None:
        """Assert that a prefix of each case's committed updates has arrived, in order."""
        for reference, notes in came.items():
            assert notes == self.committed[reference][: len(notes)]

    def _deliveries(self) -> dict[int, list[Delivery]]:
        rows: dict[int, list[Delivery]] = {channel.pk: [] for channel in self.channels}
        for row in Delivery.objects.filter(channel__in=self.channels):
            rows[row.channel_id].append(row)
        return rows

    def _sent_is_what_came(self, deliveries: dict[int, list[Delivery]]) -> None:
        """Assert that deliveries recorded as sent or acknowledged did arrive."""
        streamed, posted, handed = (deliveries[channel.pk] for channel in self.channels)
        assert self.sent_seq[self.stream.pk] <= len(self.streamed.ids)
        assert sent(streamed) <= set(self.streamed.ids)
        assert sent(posted) <= self.inbox.ids
        assert self.sent_seq[self.pull.pk] == len(self.pulled.ids)
        assert sent(handed) == set(self.pulled.ids)
        acknowledged = {row.seq for row in handed if row.acknowledged_at}
        assert acknowledged == set(range(1, self.acknowledged + 1))

    def check_whole(self) -> None:
        """Assert that every committed update has arrived by every channel."""
        self.check()
        for came in (self.streamed.notes, self.pulled.notes, self.inbox.arrived):
            assert came == self.committed
        for channel_id, rows in self._deliveries().items():
            assert len(sent(rows)) == len(rows) == self.sent_seq[channel_id]
        if self.trimmed == 0:
            assert len(self.entries()) == self.sent_seq[self.stream.pk]


def sent(rows: list[Delivery]) -> set[str]:
    """Return the ids of the updates recorded as sent."""
    return {str(row.update_id) for row in rows if row.sent_at}
