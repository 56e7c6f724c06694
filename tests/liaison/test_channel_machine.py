"""The lanes under everything that can happen to them, in orders that nobody thought of.

``HYPOTHESIS_PROFILE=long`` looks for as long as one has patience; without it the runs are few and always
the same. The mutants show that the machine sees what it is there to see.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import pytest
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from alliance.lib import redis as connections
from cases.liaison.delivery import numbering, sweep
from cases.liaison.delivery.pull import reading
from cases.liaison.delivery.push import recording, sending
from cases.liaison.delivery.stream import append as stream
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, Delivery
from cases.liaison.models.update import DeliveryQuerySet
from tests.liaison.machine import held, inbox
from tests.liaison.machine.inbox import ANSWERS
from tests.liaison.machine.rules import Lanes
from tests.liaison.machine.world import Cast

pytestmark = pytest.mark.django_db(transaction=True)

_COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
_PROFILES = {
    "quick": settings(
        max_examples=12, stateful_step_count=40, derandomize=True, database=None, **_COMMON
    ),
    "long": settings(max_examples=600, stateful_step_count=60, **_COMMON),
}
PROFILE = _PROFILES.get(os.environ.get("HYPOTHESIS_PROFILE", ""), _PROFILES["quick"])

# For a mutant: until it is found, and without looking for the shortest way to it.
LOOKING = settings(_PROFILES["quick"], max_examples=150, phases=[Phase.generate])


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    held.install(monkeypatch)
    inbox.install(monkeypatch)
    Lanes.cast = Cast.make()


def test_nothing_is_lost_doubled_or_misordered_whatever_happens() -> None:
    run_state_machine_as_test(Lanes, settings=PROFILE)


# --- The machine has teeth -----------------------------------------------------------------------


Mutant = Callable[[pytest.MonkeyPatch], None]


def plain_append(patch: pytest.MonkeyPatch) -> None:
    """Whatever is given goes to the end of the stream, as plain XADD does."""

    def append(key: str, entries: Sequence[stream.Entry]) -> int:
        client = connections.liaison()
        [last] = stream.last_sequences([key])
        for entry in entries:
            last += 1
            client.xadd(key, {"update": entry.payload}, id=f"{last}-0")
        return last

    _replace_append(patch, append)


def append_without_looking_back(patch: pytest.MonkeyPatch) -> None:
    """What is there is skipped, a gap is not refused."""

    def append(key: str, entries: Sequence[stream.Entry]) -> int:
        client = connections.liaison()
        [last] = stream.last_sequences([key])
        for entry in entries:
            if entry.sequence > last:
                client.xadd(key, {"update": entry.payload}, id=f"{entry.sequence}-0")
                last = entry.sequence
        return last

    _replace_append(patch, append)


def the_answer_is_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    """What was given to the stream counts as being there, and idle streams are not probed."""
    append = stream.append

    def believed(key: str, entries: Sequence[stream.Entry]) -> int:
        last = append(key, entries)
        return entries[-1].sequence if entries else last

    patch.setattr(stream, "append", believed)
    patch.setattr(sweep, "probe", list)


def recorded_before_it_is_appended(patch: pytest.MonkeyPatch) -> None:
    """The stream's progress is recorded, then the batch is appended."""
    append = stream.append

    def recorded(key: str, entries: Sequence[stream.Entry]) -> int:
        if entries:
            last = entries[-1].sequence
            with transaction.atomic():
                channel = Channel.objects.select_for_update().get(stream_key=key)
                Channel.objects.filter(pk=channel.pk).update(sent_seq=last)
                waiting = Delivery.objects.filter(channel=channel, sent_at=None, seq__lte=last)
                waiting.update(sent_at=Now())
            held.reached("recorded")
        return append(key, entries)

    patch.setattr(stream, "append", recorded)


def posted_after_it_is_marked(patch: pytest.MonkeyPatch) -> None:
    """The same with webhooks."""
    start = sending._Turn._refill

    def refill(self: sending._Turn) -> bool:
        found = start(self)
        for job in self.queue:
            recording.record(self.channel_id, self.token, job, ANSWERS["taken"])
        return found

    patch.setattr(sending._Turn, "_refill", refill)


def numbered_from_a_cursor(patch: pytest.MonkeyPatch) -> None:
    """New deliveries are looked for beyond the highest id that has a number."""
    cursor = """SELECT coalesce(max(id), 0) FROM liaison_delivery
                 WHERE channel_id = %(channel)s AND seq IS NOT NULL"""
    for module, name in ((numbering, "ASSIGN"), (relay, "_NUMBER_AND_READ")):
        statement = getattr(module, name)
        beyond = statement.replace("seq IS NULL", f"seq IS NULL AND id > ({cursor})")
        assert beyond != statement
        patch.setattr(module, name, beyond)
    # A lane with something that never gets a number would look for it until its time is up, turn by turn.
    patch.setattr(sending, "SLICE_SECONDS", 0.2)


def whatever_is_due(patch: pytest.MonkeyPatch) -> None:
    """A webhook lane sends the second of a case while the first waits for its next try."""
    due = DeliveryQuerySet.filter

    def without_heads(self: DeliveryQuerySet) -> DeliveryQuerySet:
        return due(self, seq__isnull=False, sent_at=None, dead_at=None, next_attempt_at__lte=Now())

    patch.setattr(DeliveryQuerySet, "due", without_heads)


def acknowledged_unseen(patch: pytest.MonkeyPatch) -> None:
    """An acknowledgement reaches beyond what was handed out."""

    def acknowledge(channel_id: int, *, up_to: int) -> None:
        rows = Delivery.objects.filter(channel_id=channel_id, seq__lte=up_to)
        rows.update(acknowledged_at=Now())

    patch.setattr(reading, "acknowledge", acknowledge)


MUTANTS: list[Mutant] = [
    plain_append,
    append_without_looking_back,
    the_answer_is_not_looked_at,
    recorded_before_it_is_appended,
    posted_after_it_is_marked,
    numbered_from_a_cursor,
    whatever_is_due,
    acknowledged_unseen,
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.__name__))
def test_the_machine_finds(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Lanes, settings=LOOKING)


def _replace_append(
    patch: pytest.MonkeyPatch, append: Callable[[str, Sequence[stream.Entry]], int]
) -> None:
    patch.setattr(stream, "append", held.over_the_network(append))
