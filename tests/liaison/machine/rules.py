"""The state machine: everything that may happen to the channels of an agency, in any order.

Updates are committed, also out of the order of their ids. Workers run turns, die or freeze at any point, and
continue late. Leases expire. Streams are emptied, truncated and trimmed. The receiver succeeds or fails.
Operators pause, resume, resend and replay. :meth:`.World.check` holds after every step. At the end everything
is repaired, and every update arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from django.db.models.functions import Now
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cases.liaison import tasks
from cases.liaison.delivery import crash_points, resend, sweep
from cases.liaison.models import Channel, Delivery
from cases.services.channels import operating as operators
from cases.services.channels import resending
from tests.liaison.machine.inbox import ANSWERS
from tests.liaison.machine.workers import Worker, current
from tests.liaison.machine.world import CASES, Cast, World

STREAM_POINTS = crash_points.POINTS
# A worker frozen here would hold the lock on the channel's row and block everything.
IN_TRANSACTION = "numbered"
WEBHOOK_POINTS = (
    "flag_cleared",
    *crash_points.PUSH_POINTS,
    *crash_points.RESEND_POINTS,
    "sending",
    "arrived",
)
MAX_FROZEN = 3
MAX_TURNS = 12
PAST = timedelta(minutes=1)

cases = st.integers(0, CASES - 1)
ENDS, DIES, FREEZES = "ends", "dies", "freezes"
fates = st.sampled_from((ENDS, ENDS, DIES, FREEZES))
failures = st.sampled_from(("", "", "", "", "before", "after"))
nth = st.sampled_from((0, 0, 1, 2, 3))
places = st.integers(0, 30)


class ChannelMachine(RuleBasedStateMachine):
    """One run: a :class:`.World` and a sequence of rules."""

    cast: ClassVar[Cast]

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.cast)
        self.frozen: list[Worker] = []
        # Open transactions that have written an update, by case.
        self.open: dict[int, tuple[Worker, str]] = {}
        self.has_broken_off = False

    # --- Updates -----------------------------------------------------------------------------

    @rule(of=st.lists(cases, min_size=1, max_size=4))
    def commit(self, of: list[int]) -> None:
        for case in of:
            if case not in self.open:
                note = self._note(case)
                self.world.change(self.cast.cases[case], note)
                self._committed(case, note)

    @rule(case=cases)
    def begin(self, case: int) -> None:
        """Write an update, which assigns its ids, and leave its transaction open."""
        if case in self.open:
            return
        note = self._note(case)

        def write() -> None:
            with transaction.atomic():
                self.world.change(self.cast.cases[case], note)
                current().reached("written")

        self.open[case] = (Worker(write, stops_at="written").start(), note)

    @precondition(lambda self: self.open)
    @rule(place=places, commits=st.booleans())
    def end(self, place: int, commits: bool) -> None:
        case = sorted(self.open)[place % len(self.open)]
        worker, note = self.open.pop(case)
        if commits:
            worker.thaw()
            self._committed(case, note)
        else:
            worker.kill()

    # --- Workers -----------------------------------------------------------------------------

    @rule(
        rested=st.booleans(),
        fate=fates,
        point=st.sampled_from(STREAM_POINTS),
        nth=nth,
        redis_fails=failures,
    )
    def stream_worker(
        self, rested: bool, fate: str, point: str, nth: int, redis_fails: str
    ) -> None:
        """A worker runs a turn; ``rested``: after all leases and waits have expired."""
        self.time_passes(leases=rested, waits=rested)
        if fate == FREEZES and point == IN_TRANSACTION:
            fate = DIES
        self._turn(self._stream_turn, fate, point, nth, redis_fails)

    @rule(rested=st.booleans(), fate=fates, point=st.sampled_from(WEBHOOK_POINTS), nth=nth)
    def webhook_worker(self, rested: bool, fate: str, point: str, nth: int) -> None:
        self.time_passes(leases=rested, waits=rested)
        self._turn(self._webhook_turn, fate, point, nth)

    @precondition(lambda self: self.frozen)
    @rule(place=places, point=st.sampled_from(("", "appended", "answered", "sending")))
    def thaw(self, place: int, point: str) -> None:
        """A frozen worker continues, possibly to the next point only."""
        worker = self.frozen.pop(place % len(self.frozen))
        worker.stops_at, worker.nth = point, 0
        worker.thaw()
        if worker.is_frozen:
            self.frozen.append(worker)

    # --- Time and losses ---------------------------------------------------------------------------

    @rule(leases=st.booleans(), waits=st.booleans(), sweeps=st.booleans())
    def time_passes(self, leases: bool, waits: bool, sweeps: bool = False) -> None:
        """Leases and waits expire, and the sweep probes the streams."""
        channels = Channel.objects.filter(agency=self.world.agency)
        if leases:
            channels.filter(lease_until__isnull=False).update(lease_until=Now() - PAST)
        if waits:
            channels.update(next_attempt_at=Now() - PAST)
            Delivery.objects.filter(channel__in=channels, sent_at=None).update(
                next_attempt_at=Now() - PAST
            )
        if sweeps:
            sweep.sweep()

    @rule(what=st.sampled_from(("all", "all", "tail", "head")), keep=st.integers(0, 6))
    def stream_loses(self, what: str, keep: int) -> None:
        """Redis comes back empty or from an old copy, or the stream is trimmed."""
        if what == "head":
            self.world.trim(keep)
        else:
            self.world.keep_entries(keep if what == "tail" else 0)

    # --- The agency's side -------------------------------------------------------------------

    @rule(case=cases, answer=st.sampled_from(sorted(ANSWERS)))
    def inbox_answers(self, case: int, answer: str) -> None:
        self.world.inbox.answers[self.cast.cases[case].reference] = answer

    @rule(lost=st.booleans(), back_to=st.none() | places)
    def system_asks(self, lost: bool, back_to: int | None) -> None:
        if back_to is not None:
            self.world.cursor = min(back_to, self.world.cursor)
        self.world.read(lost=lost)

    @rule(up_to=places)
    def system_acknowledges(self, up_to: int) -> None:
        self.world.acknowledge(up_to)

    # --- Operators -----------------------------------------------------------------------------

    @rule(stream=st.booleans(), stops=st.booleans())
    def operator_pauses_or_resumes(self, stream: bool, stops: bool) -> None:
        channel = self.world.stream if stream else self.world.webhook
        if stops:
            operators.pause(channel=channel, by=self.cast.moderator, reason="Audit.")
        else:
            operators.resume(channel=channel, by=self.cast.moderator)

    @rule(what=st.sampled_from(("one", "dead", "from")), place=places)
    def operator_resends(self, what: str, place: int) -> None:
        channel, by = self.world.webhook, self.cast.moderator
        channel.refresh_from_db()
        seq = 1 + place % max(channel.numbered_seq, 1)
        if what == "dead" and not resend.is_open(channel.pk):
            resending.resend_dead_letters(channel=channel, by=by)
        elif channel.numbered_seq and what == "one":
            resending.resend_one(delivery=channel.deliveries.get(seq=seq), by=by)
        elif channel.numbered_seq and what == "from" and not resend.is_open(channel.pk):
            resending.replay(channel=channel, by=by, from_seq=seq)

    @precondition(lambda self: resend.is_open(self.world.webhook.pk))
    @rule()
    def operator_stops_a_resend(self) -> None:
        resending.stop_resend(channel=self.world.webhook, by=self.cast.moderator)

    # --- Invariants ----------------------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        self.has_broken_off = True
        self.world.check()
        self.has_broken_off = False

    def teardown(self) -> None:
        """Repair everything; then everything must arrive. Frozen workers continue afterwards."""
        try:
            if not self.has_broken_off:
                self._repair()
        finally:
            for worker, _note in self.open.values():
                worker.kill()
            for worker in self.frozen:
                worker.kill()
            self.world.withdraw_all()

    def _repair(self) -> None:
        for case in sorted(self.open):
            worker, note = self.open.pop(case)
            worker.thaw()
            self._committed(case, note)
        self.world.inbox.answers.clear()
        self._resume()
        self._drain()
        self.world.check_whole()
        while self.frozen:
            worker = self.frozen.pop()
            worker.stops_at = ""
            worker.thaw()
            self.world.check()
        self._drain()
        self.world.check_whole()

    def _drain(self) -> None:
        """Run what the sweep finds until it finds nothing, and read as the agency's system does."""
        turns = {self.world.stream.pk: self._stream_turn, self.world.webhook.pk: self._webhook_turn}
        for _ in range(MAX_TURNS):
            if not resend.is_open(self.world.webhook.pk):
                resending.resend_dead_letters(channel=self.world.webhook, by=self.cast.moderator)
            self.time_passes(leases=True, waits=True)
            due = set(sweep.sweep()) & set(turns)
            for channel_id in sorted(due):
                Worker(turns[channel_id]).run()
            self.world.read(lost=False)
            self.world.check()
            if not due:
                return
        raise AssertionError("the channels are never drained")

    # --- Helpers -------------------------------------------------------------------------------

    def _note(self, case: int) -> str:
        return self.world.next_note(self.cast.cases[case])

    def _committed(self, case: int, note: str) -> None:
        self.world.committed[self.cast.cases[case].reference].append(note)

    def _stream_turn(self) -> None:
        tasks.push_channel(self.world.stream.pk)

    def _webhook_turn(self) -> None:
        tasks.push_webhook_channel(self.world.webhook.pk)

    def _turn(
        self, turn: Callable[[], Any], fate: str, point: str, nth: int, redis_fails: str = ""
    ) -> None:
        if fate == FREEZES and len(self.frozen) < MAX_FROZEN:
            worker = Worker(turn, stops_at=point, nth=nth, redis_fails=redis_fails).start()
            if worker.is_frozen:
                self.frozen.append(worker)
        else:
            Worker(
                turn, stops_at=point if fate == DIES else "", nth=nth, redis_fails=redis_fails
            ).run()

    def _resume(self) -> None:
        for channel in self.world.channels:
            operators.resume(channel=channel, by=self.cast.moderator)
