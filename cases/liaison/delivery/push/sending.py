"""Delivers what is due in one webhook or email channel: one in flight per case, several cases at once.

1. *Acquire* the channel's lease (:mod:`cases.liaison.delivery.lease`), *number* new deliveries
   (:mod:`cases.liaison.delivery.numbering`), and carry out an open resend order
   (:mod:`cases.liaison.delivery.resend`) as far as the time allows.
2. *Send* the first unsent delivery of each case, each in its own thread. The threads do not use the
   database, and no transaction is open while they wait. The lease is renewed meanwhile.
3. *Record* the outcome of each attempt, and continue with the next delivery of that case.

If a worker is killed between 2 and 3, the next worker sends the same deliveries again with the same ids, and
the receiver recognises them. A frozen worker that has lost its lease sends nothing more, because it checks a
lease that it has not renewed recently before it sends. The deliveries that it has in flight are the first of
their cases, which the other worker sends first as well. The updates of a case therefore arrive in order for
the first time, whichever worker sends them. A receiver that hangs occupies one worker for some seconds; then
the circuit breaker of its channel opens. Other channels are not affected.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial

from django.db.models import Exists, OuterRef

from cases.liaison.delivery import lease, numbering, resend
from cases.liaison.delivery.crash_points import reached
from cases.liaison.delivery.push import email, ordering, recording, webhook
from cases.liaison.delivery.push.outcome import Job, Opens, Outcome, Sender
from cases.liaison.models import Channel, Delivery

SLICE_SECONDS = 20.0
# If no attempt ends within this time, the lease is renewed.
RENEW_LEASE_AFTER_SECONDS = 1.0
# How many deliveries are read at a time.
HEADS = 50
# The fields that a sender is made from. When they change, the run ends and the next one makes a new sender.
SENDER_FIELDS = (
    "url",
    "email",
    "secret_sealed",
    "previous_secret_sealed",
    "previous_secret_until",
)
# A lease that was renewed longer ago is checked before anything is sent.
CHECK_LEASE_AFTER_SECONDS = lease.LEASE.total_seconds() / 2

SENDERS: dict[str, Opens] = {
    Channel.Kind.WEBHOOK: webhook.opened,
    Channel.Kind.EMAIL: email.opened,
}


def drain(channel_id: int) -> int:
    """Send what is due in the channel, for up to :data:`SLICE_SECONDS`. Return how many deliveries arrived.

    Returns 0 at once when another worker has the lease or the channel backs off. Waiting for the last
    answers may take up to :data:`alliance.lib.http.TOTAL_SECONDS` longer.
    """
    arrived = 0
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        acquired_at = time.monotonic()
        token = lease.acquire(channel_id)
        if token is None:
            return arrived
        try:
            numbering.assign_all_numbers(channel_id)
            reached("lease_acquired")
            if not _run_resend_order(channel_id, token, until):
                return arrived
            channel = Channel.objects.get(pk=channel_id)
            if channel.is_paused:
                return arrived
            with SENDERS[channel.kind](channel) as sender:
                one = _Drain(channel, token, sender, acquired_at=acquired_at, until=until)
                arrived += one.run()
        finally:
            lease.release(channel_id, token)
        # The wake-up of a change committed after the last read may have found the lease taken.
        if not has_work(channel_id):
            return arrived
    return arrived


def _run_resend_order(channel_id: int, token: uuid.UUID, until: float) -> bool:
    """Carry out the channel's resend order until the time is up. Return whether the lease is still held."""
    while time.monotonic() < until and resend.run_open_order(channel_id):
        reached("slice_done")
        if not lease.renew(channel_id, token):
            return False
    return True


def has_work(channel_id: int) -> bool:
    """Return whether the channel has a delivery without a number, one that is due, or an open resend order."""
    ordered_by = Channel.objects.only("member").get(pk=channel_id).ordered_by
    waiting = Delivery.objects.filter(channel_id=channel_id)
    if waiting.filter(seq=None).exists() or waiting.due(ordered_by).exists():
        return True
    return resend.is_open(channel_id)


class _Drain:
    """One worker's sending in one channel, under one lease."""

    def __init__(
        self,
        channel: Channel,
        token: uuid.UUID,
        sender: Sender,
        *,
        acquired_at: float,
        until: float,
    ) -> None:
        self.channel_id, self.token, self.sender = channel.pk, token, sender
        self.ordered_by = channel.ordered_by
        self.sender_fields = tuple(getattr(channel, name) for name in SENDER_FIELDS)
        self.renewed_at, self.until = acquired_at, until
        # With the breaker half open one delivery is the probe, and nothing else is sent until it has arrived.
        self.is_probing = channel.is_tripped
        self.may_continue = True
        self.arrived = 0
        self.queue: deque[Job] = deque()
        self.in_flight: dict[Future[Outcome], Job] = {}

    def run(self) -> int:
        """Send and record until nothing is due, the channel must back off, or the time is up."""
        with ThreadPoolExecutor(self.sender.at_once, thread_name_prefix="channel") as threads:
            while True:
                self._start(threads)
                if not self.in_flight:
                    return self.arrived
                done, _ = wait(self.in_flight, RENEW_LEASE_AFTER_SECONDS, FIRST_COMPLETED)
                for future in done:
                    self._record(self.in_flight.pop(future), future.result())
                if not done:
                    self._renew_lease()

    def _start(self, threads: ThreadPoolExecutor) -> None:
        """Hand jobs to the threads that are free."""
        free = (1 if self.is_probing else self.sender.at_once) - len(self.in_flight)
        while free > 0 and self.may_continue and (self.queue or self._refill()):
            if not self._may_send():
                return
            job = self.queue.popleft()
            self.in_flight[threads.submit(partial(self.sender.send, job))] = job
            free -= 1

    def _may_send(self) -> bool:
        """Return whether there is time left and the lease is still held."""
        if time.monotonic() - self.renewed_at > CHECK_LEASE_AFTER_SECONDS:
            self._renew_lease()
        return self.may_continue and time.monotonic() < self.until

    def _renew_lease(self) -> None:
        """Renew the lease. If another worker has it, start nothing more."""
        requested_at = time.monotonic()
        if lease.renew(self.channel_id, self.token):
            self.renewed_at = requested_at
        else:
            self.may_continue = False

    def _refill(self) -> bool:
        """Read the next due deliveries into the queue. Return whether there are any."""
        unnumbered = Delivery.objects.filter(channel=OuterRef("pk"), seq=None)
        channel = Channel.objects.filter(pk=self.channel_id).annotate(has_new=Exists(unnumbered))
        *sender_fields, has_new = channel.values_list(*SENDER_FIELDS, "has_new").get()
        if tuple(sender_fields) != self.sender_fields:
            self.may_continue = False
            return False
        # Number what was committed since: a case that hangs must not delay new updates of other cases.
        if has_new:
            numbering.assign_all_numbers(self.channel_id)
        while self._may_send() and ordering.defer_blocked(self.channel_id, self.ordered_by):
            pass
        busy = [job.ordering_key for job in self.in_flight.values()]
        due = Delivery.objects.filter(channel_id=self.channel_id).due(self.ordered_by)
        rows = due.exclude(**{f"update__{self.ordered_by}__in": busy}).order_by(
            "next_attempt_at", "seq"
        )
        self.queue.extend(_job(row) for row in rows.select_related("update")[:HEADS])
        return bool(self.queue)

    def _record(self, job: Job, outcome: Outcome) -> None:
        """Record an outcome. Recording renews the lease."""
        reached("answered")
        requested_at = time.monotonic()
        may_continue = recording.record(
            self.channel_id, self.token, job, outcome, probe=self.is_probing
        )
        reached("noted")
        self.may_continue = self.may_continue and may_continue
        if may_continue:
            self.renewed_at = requested_at
        if outcome.verdict == outcome.verdict.SENT:
            self.arrived += 1
            self.is_probing = False


def _job(row: Delivery) -> Job:
    return Job(
        delivery_id=row.pk,
        seq=row.seq or 0,
        attempts=row.attempts,
        ordering_key=row.update.ordering_key,
        update_id=row.update.pk,
        kind=row.update.kind,
        created_at=row.update.created_at,
        payload=row.update.payload,
    )
