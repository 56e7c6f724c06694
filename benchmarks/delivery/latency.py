"""Latency from the return of COMMIT to the arrival at a consumer of the stream, in milliseconds."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.delivery import programs, scenario
from benchmarks.delivery.figures import milliseconds, spread
from cases.liaison.models import Channel, Delivery

STREAMS = 4


def at_rates(folder: Path, seconds: float) -> dict[str, dict[str, float]]:
    """Return the latency at 100 and at 1,000 updates a second, and at 5 a second with lost wake-ups.

    100/s: one case per transaction, through the outbox. 1,000/s: 100 transactions a second of ten updates
    each, made by PostgreSQL (:func:`~benchmarks.delivery.scenario.timed_copies`), because writing them through
    the outbox would take a whole core.
    """
    queues, concurrency = programs.WORKER
    with programs.worker(folder, queues=queues, concurrency=concurrency):
        setup = scenario.make(channels=STREAMS, cases=10)
        _settle(setup)
        return {
            "100/s": _measure(setup, per_second=100, seconds=seconds),
            "1000/s": _measure(setup, per_second=100, copies=10, seconds=seconds),
            "no wake-up": _measure(setup, per_second=5, seconds=seconds, lose="all"),
            "task lost": _measure(setup, per_second=5, seconds=seconds, lose="sent"),
        }


def _measure(
    setup: scenario.Scenario, *, per_second: float, seconds: float, copies: int = 0, lose: str = ""
) -> dict[str, float]:
    reader = programs.Reader([channel.stream_key or "" for channel in setup.channels])
    plan: dict[str, Any] = {
        "cases": _mixed(setup),
        "by": setup.moderator.pk,
        "per_second": per_second,
        "channels": [channel.pk for channel in setup.channels],
        "copies": copies,
        "seconds": seconds,
        "lose": lose,
    }
    written = programs.write(plan)
    _settle(setup)
    time.sleep(0.3)
    arrived = reader.arrivals()
    commits: dict[str, int] = written["commits"]
    missing = commits.keys() - arrived.keys()
    if missing:
        raise RuntimeError(f"{len(missing)} updates did not arrive")
    found = spread([milliseconds(arrived[update] - at) for update, at in commits.items()])
    offered = per_second * (copies or 1)
    return found | {
        "offered": offered,
        "achieved": len(commits) / written["seconds"],
        "writer late ms": written["late"] * 1000,
    }


def _mixed(setup: scenario.Scenario) -> list[int]:
    """Return the cases in an order that alternates between agencies."""
    each = len(setup.referrals) // len(setup.channels)
    return [
        setup.referrals[i % STREAMS * each + i // STREAMS].case_id for i in range(each * STREAMS)
    ]


def _settle(setup: scenario.Scenario, seconds: float = 60.0) -> None:
    """Wait until all deliveries are sent and no channel is leased."""
    until = time.monotonic() + seconds
    unsent = Delivery.objects.filter(channel__in=setup.channels, sent_at=None)
    busy = Channel.objects.filter(
        pk__in=[one.pk for one in setup.channels], lease_until__isnull=False
    )
    while unsent.exists() or busy.exists():
        if time.monotonic() > until:
            raise RuntimeError("the channels were not drained in time")
        time.sleep(0.05)
