"""What was run and what came of it, as JSON for machines and as a table for people."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tests.faults.harness import PATIENCE
from tests.faults.rounds import Round

WIPES = "streams_wiped"


def summary(rounds: list[Round]) -> dict[str, Any]:
    """Return everything in numbers, added up over the rounds."""
    kinds: Counter[str] = Counter()
    points: Counter[str] = Counter()
    delivered: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    for made in rounds:
        kinds.update(made.done)
        points.update(made.points)
        delivered.update(_by_kind(made.delivered))
        repeated.update(_by_kind(made.repeated))
    drains = [made.drained_after for made in rounds if made.drained_after is not None]
    return {
        "is_good": all(made.verdict.is_good for made in rounds),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "settings": PATIENCE,
        "rounds": len(rounds),
        "seconds": round(sum(made.seconds for made in rounds)),
        "faults": sum(kinds.values()),
        "wipes": sum(count for kind, count in kinds.items() if kind.startswith(WIPES)),
        "kinds": dict(sorted(kinds.items())),
        "crash_points_reached": dict(sorted(points.items())),
        "processes_that_gave_up": sum(made.ended_by_themselves for made in rounds),
        "commits": sum(made.committed for made in rounds),
        "acknowledged": sum(made.acknowledged for made in rounds),
        "deliveries": dict(sorted(delivered.items())),
        "repeated_and_recognised": dict(sorted(repeated.items())),
        **{
            name: sum(getattr(made.verdict, name) for made in rounds)
            for name in ("lost", "doubled", "disordered", "stuck")
        },
        "drained_after_seconds": sorted(drains),
        "rounds_not_drained": len(rounds) - len(drains),
    }


def _by_kind(counts: dict[str, int]) -> Counter[str]:
    """By kind of channel: the names are ``a-stream-17``."""
    found: Counter[str] = Counter()
    for name, count in counts.items():
        found[name.split("-")[1]] += count
    return found


def details(rounds: list[Round]) -> list[dict[str, Any]]:
    """Return each round with its seed, its faults in their order, and its verdict."""
    return [asdict(made) for made in rounds]


def table(told: dict[str, Any]) -> str:
    """Return the summary as Markdown."""
    drains = told["drained_after_seconds"] or [float("nan")]
    middle = drains[len(drains) // 2]
    rows = [
        ("rounds", told["rounds"]),
        ("faults", told["faults"]),
        ("of them wipes of the streams' Redis", told["wipes"]),
        ("commits (acknowledged to a client)", f"{told['commits']} ({told['acknowledged']})"),
        ("deliveries", sum(told["deliveries"].values())),
        ("lost", told["lost"]),
        ("doubled", told["doubled"]),
        ("out of order", told["disordered"]),
        ("stuck", told["stuck"]),
        ("drained after the last fault, seconds", f"median {middle}, longest {drains[-1]}"),
        ("duration, minutes", round(told["seconds"] / 60, 1)),
    ]
    parts = [
        _markdown(("", ""), rows),
        _markdown(("channel", "deliveries", "came again, recognised"), _channels(told)),
        _markdown(("fault", "times"), told["kinds"].items()),
        _markdown(("crash point", "reached"), told["crash_points_reached"].items()),
    ]
    return "\n\n".join(parts)


def _channels(told: dict[str, Any]) -> list[tuple[str, int, int]]:
    again = told["repeated_and_recognised"]
    return [(kind, count, again.get(kind, 0)) for kind, count in told["deliveries"].items()]


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
