"""The lane of a webhook or e-mail channel: one in flight per case, several cases at once.

1. *Take* the lane and *number* what is new, exactly as the stream's relay does; carry out an order to send
   again (:mod:`cases.liaison.delivery.resend`), as far as the time goes.
2. *Send* the first unsent delivery of each case, each in a thread of its own. The threads know nothing of
   the database, and no transaction is open while they wait; the lease is renewed meanwhile.
3. *Record* what came of each, and go on with the next of that case.

Killed between 2 and 3, the next worker sends the same again, with the same id: the receiver knows it.
A worker that was frozen while another took the lane starts nothing more: it looks at its lease before it
sends when it has not renewed it lately, and what it has in flight is heads of cases that the other one
has sent, or sends, first as well. So a case's updates first arrive in their order, whoever sends them.
A lane that hangs occupies one worker for some seconds, then its breaker opens; other lanes go on.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial

from django.db.models import Exists, OuterRef

from cases.liaison.delivery import lease, resend
from cases.liaison.delivery.crash_points import reached
from cases.liaison.delivery.lease import LEASE, give_back, take
from cases.liaison.delivery.numbering import BATCH, number
from cases.liaison.delivery.push import email, ordering, recording, webhook
from cases.liaison.delivery.push.outcome import Job, Opens, Outcome, Sender
from cases.liaison.models import Channel, Delivery
from cases.liaison.models.channel import BREAKER_OPENS_AT

SLICE_SECONDS = 20.0
LOOK_EVERY_SECONDS = 1.0
HEADS = 50
# What a sender is made of: when it changes, what has not begun is left for one that is made anew.
SENDER_FIELDS = (
    "url",
    "email",
    "secret_sealed",
    "previous_secret_sealed",
    "previous_secret_until",
)
# A lease renewed longer ago than this is looked at before anything is sent.
LEASE_IS_SURE_FOR_SECONDS = LEASE.total_seconds() / 2

SENDERS: dict[str, Opens] = {
    Channel.Kind.WEBHOOK: webhook.opened,
    Channel.Kind.EMAIL: email.opened,
}


def drain(channel_id: int) -> int:
    """Send what is due in the channel, for :data:`SLICE_SECONDS` at most; return how many arrived.

    Returns 0 at once when another worker has the lane or it rests. After the last answer was waited for
    a slice may have taken :data:`alliance.lib.http.TOTAL_SECONDS` longer.
    """
    arrived = 0
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        taken_at = time.monotonic()
        token = take(channel_id)
        if token is None:
            return arrived
        try:
            _number_all(channel_id)
            reached("lane_taken")
            while time.monotonic() < until and resend.go_on(channel_id):
                reached("put_back")
                if not lease.keep(channel_id, token):
                    return arrived
            channel = Channel.objects.get(pk=channel_id)
            if channel.is_paused:
                return arrived
            with SENDERS[channel.kind](channel) as sender:
                turn = _Slice(channel, token, sender, taken_at=taken_at, until=until)
                arrived += turn.run()
        finally:
            give_back(channel_id, token)
        # A change committed since the last look may have found the lane taken: look once more.
        if not has_work(channel_id):
            return arrived
    return arrived


def has_work(channel_id: int) -> bool:
    """Say whether a delivery of the channel waits for its number, may be sent now, or is to be sent again."""
    waiting = Delivery.objects.filter(channel_id=channel_id)
    return waiting.filter(seq=None).exists() or waiting.due().exists() or resend.is_open(channel_id)


class _Slice:
    """One worker's turn at one lane."""

    def __init__(
        self,
        channel: Channel,
        token: uuid.UUID,
        sender: Sender,
        *,
        taken_at: float,
        until: float,
    ) -> None:
        self.channel_id, self.token, self.sender = channel.pk, token, sender
        self.made_of = tuple(getattr(channel, name) for name in SENDER_FIELDS)
        self.kept_at, self.until = taken_at, until
        # Half open: one delivery is the probe, and nothing else goes until it has arrived.
        self.is_probing = channel.failures >= BREAKER_OPENS_AT
        self.goes_on = True
        self.arrived = 0
        self.queue: deque[Job] = deque()
        self.in_flight: dict[Future[Outcome], Job] = {}

    def run(self) -> int:
        """Send and record until nothing is due, the lane has to rest, or the time is up."""
        with ThreadPoolExecutor(self.sender.at_once, thread_name_prefix="lane") as threads:
            while True:
                self._start(threads)
                if not self.in_flight:
                    return self.arrived
                done, _ = wait(self.in_flight, LOOK_EVERY_SECONDS, FIRST_COMPLETED)
                for future in done:
                    self._record(self.in_flight.pop(future), future.result())
                if not done:
                    self._keep()

    def _start(self, threads: ThreadPoolExecutor) -> None:
        room = (1 if self.is_probing else self.sender.at_once) - len(self.in_flight)
        while room > 0 and self.goes_on and (self.queue or self._refill()):
            if not self._may_send():
                return
            job = self.queue.popleft()
            self.in_flight[threads.submit(partial(self.sender.send, job))] = job
            room -= 1

    def _may_send(self) -> bool:
        """Say whether there is time, and the lane is still ours."""
        if time.monotonic() - self.kept_at > LEASE_IS_SURE_FOR_SECONDS:
            self._keep()
        return self.goes_on and time.monotonic() < self.until

    def _keep(self) -> None:
        """Renew the lease; go on no longer when it is another worker's."""
        asked_at = time.monotonic()
        if lease.keep(self.channel_id, self.token):
            self.kept_at = asked_at
        else:
            self.goes_on = False

    def _refill(self) -> bool:
        new = Delivery.objects.filter(channel=OuterRef("pk"), seq=None)
        channel = Channel.objects.filter(pk=self.channel_id).annotate(has_new=Exists(new))
        *made_of, has_new = channel.values_list(*SENDER_FIELDS, "has_new").get()
        if tuple(made_of) != self.made_of:
            self.goes_on = False
            return False
        # What was committed since, too: one that hangs must not hold up what is new of others.
        if has_new:
            _number_all(self.channel_id)
        while self._may_send() and ordering.put_aside(self.channel_id):
            pass
        busy = [job.referral_id for job in self.in_flight.values()]
        due = Delivery.objects.filter(channel_id=self.channel_id).due()
        rows = due.exclude(update__referral__in=busy).order_by("next_attempt_at", "seq")
        self.queue.extend(_job(row) for row in rows.select_related("update")[:HEADS])
        return bool(self.queue)

    def _record(self, job: Job, outcome: Outcome) -> None:
        reached("answered")
        asked_at = time.monotonic()
        goes_on = recording.record(self.channel_id, self.token, job, outcome, probe=self.is_probing)
        reached("noted")
        self.goes_on = self.goes_on and goes_on
        if goes_on:
            self.kept_at = asked_at
        if outcome.verdict == outcome.verdict.SENT:
            self.arrived += 1
            self.is_probing = False


def _number_all(channel_id: int) -> None:
    while number(channel_id) == BATCH:
        pass


def _job(row: Delivery) -> Job:
    return Job(
        delivery_id=row.pk,
        seq=row.seq or 0,
        attempts=row.attempts,
        referral_id=row.update.referral_id,
        update_id=row.update.pk,
        kind=row.update.kind,
        created_at=row.update.created_at,
        payload=row.update.payload,
    )
