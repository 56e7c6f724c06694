"""What the lanes of webhooks and e-mail have in common: a job, what came of it, and a sender."""

from __future__ import annotations

import enum
import time
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

# What is kept of an answer to a delivery.
EXCERPT_AT_MOST = 500


class Verdict(enum.Enum):
    """What a try tells: of the delivery, and of the other side as a whole."""

    SENT = "sent"
    # This delivery was not taken; others may be.
    REFUSED = "refused"
    # The other side is not there, or not well: it counts towards the lane's breaker.
    UNWELL = "unwell"
    # The other side asks for a rest: the whole lane gives it one.
    THROTTLED = "throttled"
    # There is nobody any more: the channel is paused until a person resumes it.
    GONE = "gone"


@dataclass(frozen=True)
class Job:
    """One delivery to be sent, with all that a sender needs: it does not ask the database."""

    delivery_id: int
    seq: int
    attempts: int
    referral_id: int
    update_id: uuid.UUID
    kind: str
    created_at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of one try. ``rest_seconds`` is how long the other side asked us to wait, if it did."""

    verdict: Verdict
    duration_ms: int = 0
    status: int | None = None
    error: str = ""
    excerpt: str = ""
    rest_seconds: float | None = None

    @property
    def reason(self) -> str:
        """Return the outcome in a few words, as it is stored and shown to operators."""
        return f"HTTP {self.status}" if self.status else self.error

    @property
    def is_refusal(self) -> bool:
        """Whether this very delivery was not taken: the other side answered it with an error of its own.

        No answer at all, a gateway's, or a request to wait says nothing of it.
        """
        answered = self.status is not None and self.verdict == Verdict.UNWELL
        return answered or self.verdict == Verdict.REFUSED


class Sender(Protocol):
    """Sends jobs of one channel, several at once from different threads; no database in there."""

    at_once: int

    def send(self, job: Job) -> Outcome:
        """Try once. Nothing is raised: whatever happens is an outcome."""


class Opens(Protocol):
    """Makes the sender of a channel, for one slice of work. In the registry by kind."""

    def __call__(self, channel: Any) -> AbstractContextManager[Sender]: ...


def milliseconds_since(started: float) -> int:
    """Return how long ago ``started`` of :func:`time.monotonic` was."""
    return int((time.monotonic() - started) * 1000)


def printable(text: str, *, limit: int, lines: bool = False) -> str:
    """Return the beginning of ``text`` without control characters, fit to be stored and shown.

    In a few words, or with ``lines`` as it was laid out.
    """
    kept = "\n\t" if lines else ""
    text = text[: limit * 2].replace("\r\n", "\n")
    shown = "".join(c if c.isprintable() or c in kept else " " for c in text)[:limit]
    return shown if lines else shown.strip()
