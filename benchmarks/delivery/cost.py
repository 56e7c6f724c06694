"""What delivery costs the person whose click changes a case: the outbox, and the wake-up after the commit.

The case update is a seller's objection recorded and refused, in turn: two services of the portal that
law enforcement is told of. Without the outbox they are the same but for ``outbox.record``. One agency follows
the case, by one stream.
"""

from __future__ import annotations

import time
from pathlib import Path
from unittest import mock

from cases.liaison import outbox, wake
from cases.models import Case
from cases.services import decisions

from . import ground, programs
from .figures import spread

PAUSE_SECONDS = 0.03


def outbox_and_wake_up(folder: Path, rounds: int) -> dict[str, float]:
    """Return ms of a case update with and without the outbox, its share, and ms of a wake-up after it.

    The two kinds take turns, so that what else the machine does is spread over both.
    """
    queues, concurrency = programs.WORKER
    made = ground.make(channels=1, cases=1)
    case = made.referrals[0].case
    decisions.record_removal(case=case, by=made.moderator)
    spent: dict[str, list[float]] = {"with": [], "without": [], "after": []}
    with programs.worker(folder, queues=queues, concurrency=concurrency):
        for n in range(rounds + 5):
            with mock.patch.object(outbox, "record", return_value=[]):
                without, _ = _update(case, made, n)
            whole, after = _update(case, made, n)
            if n >= 5:
                spent["with"].append(whole)
                spent["without"].append(without)
                spent["after"].append(after)
    found = {name: spread(values) for name, values in spent.items()}
    return {
        "with ms": found["with"]["p50"],
        "without ms": found["without"]["p50"],
        "share": found["with"]["p50"] / found["without"]["p50"] - 1,
        "after commit ms": found["after"]["p50"],
        "after commit p99 ms": found["after"]["p99"],
    }


def _update(case: Case, made: ground.Ground, n: int) -> tuple[float, float]:
    """Record an objection and refuse it; return ms without wake-ups, and ms of a wake-up."""
    waking: list[float] = []

    def timed(channel_id: int, kind: str) -> None:
        started = time.perf_counter()
        wake.wake(channel_id, kind)
        waking.append(time.perf_counter() - started)

    whole = 0.0
    with mock.patch.object(outbox, "wake", timed):
        for service, words in (
            (decisions.record_counter_notice, {"statement": f"They are the maker's own ({n})."}),
            (decisions.uphold_again, {"facts": f"The invoice is another's ({n})."}),
        ):
            # Whoever works with cases pauses between two clicks; the worker is done by then.
            time.sleep(PAUSE_SECONDS)
            started = time.perf_counter()
            service(case=case, by=made.moderator, **words)
            whole += time.perf_counter() - started
    return (whole - sum(waking)) * 1000 / 2, sum(waking) * 1000 / max(len(waking), 1)
