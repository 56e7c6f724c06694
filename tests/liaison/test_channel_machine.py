"""A stateful property test of delivery: random sequences of everything that can happen to channels.

``HYPOTHESIS_PROFILE=long`` searches for a long time; without it the runs are few and always
the same. The mutants show that the machine detects errors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import pytest
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import run_state_machine_as_test

from alliance.lib import redis as connections
from cases.liaison.delivery import numbering, sweep
from cases.liaison.delivery.pull import reading
from cases.liaison.delivery.push import recording, sending
from cases.liaison.delivery.stream import append as stream
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, Delivery
from cases.liaison.models.update import DeliveryQuerySet
from tests.liaison.machine import inbox, workers
from tests.liaison.machine.inbox import ANSWERS
from tests.liaison.machine.rules import ChannelMachine
from tests.liaison.machine.world import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

_COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck)}
_PROFILES = {
    "quick": settings(
        max_examples=12, stateful_step_count=40, derandomize=True, database=None, **_COMMON
    ),
    "long": settings(max_examples=600, stateful_step_count=60, **_COMMON),
}
PROFILE = _PROFILES.get(os.environ.get("HYPOTHESIS_PROFILE", ""), _PROFILES["quick"])

# For a mutant: stop at the first failure, without shrinking it. How long a search takes depends on its seed, so many
# short searches are faster than one long search.
STARTS = 50
LOOKING = settings(_PROFILES["quick"], max_examples=12, phases=[Phase.generate])


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    workers.install(monkeypatch)
    inbox.install(monkeypatch)
    ChannelMachine.cast = Cast.make()


def test_nothing_is_lost_doubled_or_misordered() -> None:
    run_state_machine_as_test(ChannelMachine, settings=PROFILE)


# --- Mutants that the machine must detect --------------------------------------------------------


Mutant = Callable[[pytest.MonkeyPatch], None]


def plain_append(patch: pytest.MonkeyPatch) -> None:
    """Appends every entry, like plain XADD."""

    def append(key: str, entries: Sequence[stream.Entry]) -> int:
        client = connections.liaison()
        [last] = stream.last_sequences([key])
        for entry in entries:
            last += 1
            client.xadd(key, {"update": entry.payload}, id=f"{last}-0")
        return last

    _replace_append(patch, append)


def append_over_gaps(patch: pytest.MonkeyPatch) -> None:
    """Skips existing entries but appends after a gap."""

    def append(key: str, entries: Sequence[stream.Entry]) -> int:
        client = connections.liaison()
        [last] = stream.last_sequences([key])
        for entry in entries:
            if entry.sequence > last:
                client.xadd(key, {"update": entry.payload}, id=f"{entry.sequence}-0")
                last = entry.sequence
        return last

    _replace_append(patch, append)


def last_id_ignored(patch: pytest.MonkeyPatch) -> None:
    """Takes every append for successful, and does not probe idle streams."""
    append = stream.append

    def successful(key: str, entries: Sequence[stream.Entry]) -> int:
        last = append(key, entries)
        return entries[-1].sequence if entries else last

    patch.setattr(stream, "append", successful)
    patch.setattr(sweep, "probe", list)


def recorded_before_it_is_appended(patch: pytest.MonkeyPatch) -> None:
    """Records the progress before it appends the batch."""
    append = stream.append

    def recorded(key: str, entries: Sequence[stream.Entry]) -> int:
        if entries:
            last = entries[-1].sequence
            with transaction.atomic():
                channel = Channel.objects.select_for_update().get(stream_key=key)
                Channel.objects.filter(pk=channel.pk).update(sent_seq=last)
                waiting = Delivery.objects.filter(channel=channel, sent_at=None, seq__lte=last)
                waiting.update(sent_at=Now())
            workers.reached("recorded")
        return append(key, entries)

    patch.setattr(stream, "append", recorded)


def recorded_before_it_is_posted(patch: pytest.MonkeyPatch) -> None:
    """The same for webhooks."""
    start = sending._Drain._refill

    def refill(self: sending._Drain) -> bool:
        found = start(self)
        for job in self.queue:
            recording.record(self.channel_id, self.token, job, ANSWERS["taken"])
        return found

    patch.setattr(sending._Drain, "_refill", refill)


def numbered_from_a_cursor(patch: pytest.MonkeyPatch) -> None:
    """Finds new deliveries by an id above the highest numbered one."""
    cursor = """SELECT coalesce(max(id), 0) FROM liaison_delivery
                 WHERE channel_id = %(channel)s AND seq IS NOT NULL"""
    for module, name in ((numbering, "ASSIGN"), (relay, "_NUMBER_AND_READ")):
        statement = getattr(module, name)
        beyond = statement.replace("seq IS NULL", f"seq IS NULL AND id > ({cursor})")
        assert beyond != statement
        patch.setattr(module, name, beyond)
    # A channel with a delivery that never gets a number would search until its time is up in every turn.
    patch.setattr(sending, "SLICE_SECONDS", 0.2)


def head_of_line_ignored(patch: pytest.MonkeyPatch) -> None:
    """Sends the second update of a case while the first waits for a retry."""
    due = DeliveryQuerySet.filter

    def without_heads(self: DeliveryQuerySet, thread: str) -> DeliveryQuerySet:
        return due(self, seq__isnull=False, sent_at=None, dead_at=None, next_attempt_at__lte=Now())

    patch.setattr(DeliveryQuerySet, "due", without_heads)


def acknowledged_before_returned(patch: pytest.MonkeyPatch) -> None:
    """Accepts acknowledgements of numbers that were never returned."""

    def acknowledge(channel_id: int, *, up_to: int) -> None:
        rows = Delivery.objects.filter(channel_id=channel_id, seq__lte=up_to)
        rows.update(acknowledged_at=Now())

    patch.setattr(reading, "acknowledge", acknowledge)


MUTANTS: list[Mutant] = [
    plain_append,
    append_over_gaps,
    last_id_ignored,
    recorded_before_it_is_appended,
    recorded_before_it_is_posted,
    numbered_from_a_cursor,
    head_of_line_ignored,
    acknowledged_before_returned,
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.__name__))
def test_the_machine_detects(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert any(_finds_a_fault(start) for start in range(STARTS))


def _finds_a_fault(start: int) -> bool:
    """Search from one start, which decides the random choices."""
    machine = seed(start)(type("Machine", (ChannelMachine,), {}))
    try:
        run_state_machine_as_test(machine, settings=LOOKING)
    except AssertionError:
        return True
    except FlakyFailure as failure:
        # A turn is limited in time, so on a busy machine a detected fault may not occur again when it is repeated.
        if failure.subgroup(AssertionError) is None:
            raise
        return True
    return False


def _replace_append(
    patch: pytest.MonkeyPatch, append: Callable[[str, Sequence[stream.Entry]], int]
) -> None:
    patch.setattr(stream, "append", workers.unreliable(append))
