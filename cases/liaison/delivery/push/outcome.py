"""What webhook and email delivery share: a job, its outcome, and the sender protocol."""

from __future__ import annotations

import enum
import time
import uuid
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

# The most characters of a response that are stored.
MAX_EXCERPT = 500


class Verdict(enum.Enum):
    """What an attempt shows about the delivery and about the receiver."""

    SENT = "sent"
    # The receiver refused this delivery; it may accept others.
    REFUSED = "refused"
    # The receiver is unreachable or failing: the attempt counts towards the circuit breaker.
    UNAVAILABLE = "unavailable"
    # The receiver asks for a pause: the whole channel backs off.
    THROTTLED = "throttled"
    # The receiver no longer exists: the channel is paused until a person resumes it.
    GONE = "gone"


@dataclass(frozen=True)
class Job:
    """One delivery to send, with everything a sender needs: senders do not query the database.

    ``ordering_key`` is the id of the referral or the case whose updates are sent in order.
    """

    delivery_id: int
    seq: int
    attempts: int
    ordering_key: int
    update_id: uuid.UUID
    kind: str
    created_at: datetime
    payload: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """The outcome of one attempt. ``retry_after_seconds`` is the pause that the receiver asked for, if any."""

    verdict: Verdict
    duration_ms: int = 0
    status: int | None = None
    error: str = ""
    excerpt: str = ""
    retry_after_seconds: float | None = None

    @property
    def reason(self) -> str:
        """The HTTP status or the name of the error, as it is stored and shown to operators."""
        return f"HTTP {self.status}" if self.status else self.error

    @property
    def is_refusal(self) -> bool:
        """Whether the receiver itself answered this delivery with an error.

        A missing answer, an answer of a gateway and a request to wait are not refusals.
        """
        answered = self.status is not None and self.verdict == Verdict.UNAVAILABLE
        return answered or self.verdict == Verdict.REFUSED


class Sender(Protocol):
    """Sends the jobs of one channel, up to ``at_once`` at a time from different threads. Uses no database."""

    at_once: int

    def send(self, job: Job) -> Outcome:
        """Make one attempt. Never raises: every error is an outcome."""


class Opens(Protocol):
    """Creates the sender of a channel for one run."""

    def __call__(self, channel: Any) -> AbstractContextManager[Sender]: ...


def milliseconds_since(started: float) -> int:
    """Return the milliseconds since ``started``, a value of :func:`time.monotonic`."""
    return int((time.monotonic() - started) * 1000)


def printable(text: str, *, limit: int, lines: bool = False) -> str:
    """Return the first ``limit`` characters of ``text`` without control characters, to store and show.

    Line breaks and tabs become spaces, unless ``lines`` is true.
    """
    kept = "\n\t" if lines else ""
    text = text[: limit * 2].replace("\r\n", "\n")
    shown = "".join(c if c.isprintable() or c in kept else " " for c in text)[:limit]
    return shown if lines else shown.strip()
