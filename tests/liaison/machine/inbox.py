"""The agency's side of its webhook: what it answers is drawn, what reaches it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cases.liaison.delivery.push import recording, sending
from cases.liaison.delivery.push.outcome import Job, Outcome, Verdict
from cases.liaison.models import Channel
from tests.liaison.machine import held

# In the first two the update is stored; of the second the portal never hears.
ANSWERS = {
    "taken": Outcome(Verdict.SENT, status=200),
    "silent": Outcome(Verdict.UNWELL, error="timed_out"),
    "refused": Outcome(Verdict.REFUSED, status=422),
    "broken": Outcome(Verdict.UNWELL, status=500),
    "away": Outcome(Verdict.UNWELL, error="connect_failed"),
    "busy": Outcome(Verdict.THROTTLED, status=429),
    "gone": Outcome(Verdict.GONE, status=410),
}
AT_ONCE = 3


class Inbox:
    """Keeps each update once, by its id, in the order of their first arrival."""

    at_once = AT_ONCE

    def __init__(self) -> None:
        # By case; who is not named is taken.
        self.answers: dict[str, str] = {}
        self.ids: set[str] = set()
        self.arrived: dict[str, list[str]] = {}

    def send(self, job: Job) -> Outcome:
        """Take the place of :class:`~cases.liaison.delivery.push.outcome.Sender`'s."""
        worker = held.current()
        assert job.referral_id not in worker.busy, "two of one case in flight"
        worker.busy.add(job.referral_id)
        held.reached("sending")
        case = job.payload["case"]["reference"]
        answer = self.answers.get(case, "taken")
        if answer in ("taken", "silent") and str(job.update_id) not in self.ids:
            self.ids.add(str(job.update_id))
            self.arrived.setdefault(case, []).append(job.payload["note"])
        held.reached("arrived")
        return ANSWERS[answer]


# By channel: where its webhooks go.
ADDRESSES: dict[int, Inbox] = {}


def install(patch: pytest.MonkeyPatch) -> None:
    """Let webhook lanes send to :data:`ADDRESSES`."""

    @contextmanager
    def opened(channel: Channel) -> Iterator[Inbox]:
        yield ADDRESSES[channel.pk]

    record = recording.record

    def recorded(channel_id: int, token: Any, job: Job, *args: Any, **named: Any) -> bool:
        held.current().busy.discard(job.referral_id)
        return record(channel_id, token, job, *args, **named)

    patch.setitem(sending.SENDERS, Channel.Kind.WEBHOOK, opened)
    patch.setattr(recording, "record", recorded)
