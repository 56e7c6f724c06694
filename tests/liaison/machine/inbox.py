"""The agency's webhook endpoint: its responses are drawn by rules, its updates are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cases.liaison.delivery.push import recording, sending
from cases.liaison.delivery.push.outcome import Job, Outcome, Verdict
from cases.liaison.models import Channel
from tests.liaison.machine import workers

# The first two store the update; the response of the second is lost.
ANSWERS = {
    "taken": Outcome(Verdict.SENT, status=200),
    "silent": Outcome(Verdict.UNAVAILABLE, error="timed_out"),
    "refused": Outcome(Verdict.REFUSED, status=422),
    "broken": Outcome(Verdict.UNAVAILABLE, status=500),
    "away": Outcome(Verdict.UNAVAILABLE, error="connect_failed"),
    "busy": Outcome(Verdict.THROTTLED, status=429),
    "gone": Outcome(Verdict.GONE, status=410),
}
AT_ONCE = 3


class Inbox:
    """Stores each update once, by id, in the order of arrival."""

    at_once = AT_ONCE

    def __init__(self) -> None:
        # By case. Other cases are accepted.
        self.answers: dict[str, str] = {}
        self.ids: set[str] = set()
        self.arrived: dict[str, list[str]] = {}

    def send(self, job: Job) -> Outcome:
        """Replaces :meth:`cases.liaison.delivery.push.outcome.Sender.send`."""
        worker = workers.current()
        assert job.ordering_key not in worker.busy, "two of one case in flight"
        worker.busy.add(job.ordering_key)
        workers.reached("sending")
        case = job.payload["case"]["reference"]
        answer = self.answers.get(case, "taken")
        if answer in ("taken", "silent") and str(job.update_id) not in self.ids:
            self.ids.add(str(job.update_id))
            self.arrived.setdefault(case, []).append(job.payload["note"])
        workers.reached("arrived")
        return ANSWERS[answer]


# By channel: its endpoint.
ADDRESSES: dict[int, Inbox] = {}


def install(patch: pytest.MonkeyPatch) -> None:
    """Let webhook channels send to :data:`ADDRESSES`."""

    @contextmanager
    def opened(channel: Channel) -> Iterator[Inbox]:
        yield ADDRESSES[channel.pk]

    record = recording.record

    def recorded(channel_id: int, token: Any, job: Job, *args: Any, **named: Any) -> bool:
        workers.current().busy.discard(job.ordering_key)
        return record(channel_id, token, job, *args, **named)

    patch.setitem(sending.SENDERS, Channel.Kind.WEBHOOK, opened)
    patch.setattr(recording, "record", recorded)
