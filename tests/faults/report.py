"""The results of a run, as JSON and as Markdown tables."""

from __future__ import annotations

import os
import platform
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tests.faults.harness import SHORT_WAITS
from tests.faults.rounds import Round

WIPES = "streams_wiped"


def summary(rounds: list[Round]) -> dict[str, Any]:
    """Return the sums over all rounds."""
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
        "settings": SHORT_WAITS,
        "rounds": len(rounds),
        "seconds": round(sum(made.seconds for made in rounds)),
        "faults": sum(kinds.values()),
        "wipes": sum(count for kind, count in kinds.items() if kind.startswith(WIPES)),
        "kinds": dict(sorted(kinds.items())),
        "crash_points_reached": dict(sorted(points.items())),
        "processes_that_exited": sum(made.ended_by_themselves for made in rounds),
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
    """Return the counts by kind of channel, from names such as ``a-stream-17``."""
    found: Counter[str] = Counter()
    for name, count in counts.items():
        found[name.split("-")[1]] += count
    return found


def details(rounds: list[Round]) -> list[dict[str, Any]]:
    """Return each round with its seed, its faults and its verdict."""
    return [asdict(made) for made in rounds]


def table(found: dict[str, Any]) -> str:
    """Return the summary as Markdown."""
    drains = found["drained_after_seconds"] or [float("nan")]
    middle = drains[len(drains) // 2]
    rows = [
        ("rounds", found["rounds"]),
        ("faults", found["faults"]),
        ("of them wipes of the streams' Redis", found["wipes"]),
        ("commits (acknowledged to a client)", f"{found['commits']} ({found['acknowledged']})"),
        ("deliveries", sum(found["deliveries"].values())),
        ("lost", found["lost"]),
        ("doubled", found["doubled"]),
        ("out of order", found["disordered"]),
        ("stuck", found["stuck"]),
        ("drained after the last fault, seconds", f"median {middle}, longest {drains[-1]}"),
        ("duration, minutes", round(found["seconds"] / 60, 1)),
    ]
    parts = [
        _markdown(("", ""), rows),
        _markdown(("channel", "deliveries", "recognised duplicates"), _channels(found)),
        _markdown(("fault", "times"), found["kinds"].items()),
        _markdown(("crash point", "reached"), found["crash_points_reached"].items()),
    ]
    return "\n\n".join(parts)


def _channels(found: dict[str, Any]) -> list[tuple[str, int, int]]:
    again = found["repeated_and_recognised"]
    return [(kind, count, again.get(kind, 0)) for kind, count in found["deliveries"].items()]


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
