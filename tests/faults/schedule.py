"""The faults of one round, drawn from a seed. The same seed gives the same faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from cases.liaison.delivery import crash_points

POINTS = (*crash_points.POINTS, *crash_points.PUSH_POINTS)
ROUTES = ("pg", "pg_web0", "pg_web1", "broker", "broker_web", "streams", "hook0", "hook1", "mail")
SLOTS = ("stream-1", "stream-2", "hook-1", "hook-2")
WIPES = ("flush", "flush", "restart", "tail", "tail", "one_stream")
ANSWERS = (
    *("silence", "reset", "error", "busy", "away", "missing"),
    *("redirect", "moved", "dripping", "garbage", "endless"),
)
Draw = Callable[[random.Random], dict[str, Any]]


@dataclass(frozen=True)
class Fault:
    """A fault ``at`` this many seconds after the beginning of the round. ``values`` are its parameters."""

    at: float
    kind: str
    values: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the fault for the report."""
        return asdict(self)


def _seconds(least: float, most: float) -> Draw:
    return lambda chance: {"seconds": round(chance.uniform(least, most), 2)}


def _slot(chance: random.Random) -> dict[str, Any]:
    return {"slot": chance.choice(SLOTS), "pick": chance.randrange(1000)}


def _frozen(chance: random.Random) -> dict[str, Any]:
    # Longer than the lease of five seconds.
    return _slot(chance) | {"seconds": round(chance.uniform(5.5, 7.0), 2)}


def _route(least: float, most: float) -> Draw:
    return lambda chance: {"route": chance.choice(ROUTES)} | _seconds(least, most)(chance)


def _answer(chance: random.Random) -> dict[str, Any]:
    return {
        "hook": chance.randrange(2),
        "mode": chance.choice(ANSWERS),
        "keeps": chance.random() < 0.5,
        "seconds": round(chance.uniform(0.3, 2.5), 2),
    }


def _pick(chance: random.Random) -> dict[str, Any]:
    return {"pick": chance.randrange(1000)}


# By kind of fault: its weight, and the function that draws its parameters.
KINDS: dict[str, tuple[int, Draw]] = {
    "pool_process_killed": (18, _slot),
    "worker_killed": (5, _slot),
    "worker_killed_alone": (3, _slot),
    "pool_process_frozen": (3, _frozen),
    "worker_frozen": (1, _frozen),
    "zombie_at_point": (3, _frozen),
    "beat_killed": (3, _seconds(0.2, 4.0)),
    "web_killed": (8, _pick),
    "api_killed": (3, _seconds(0.0, 0.5)),
    "broker_restarted": (4, _seconds(0.0, 1.0)),
    "broker_restarted_empty": (2, _seconds(0.0, 1.0)),
    "broker_wiped": (4, lambda _: {}),
    "streams_restarted": (5, _seconds(0.0, 1.5)),
    "session_ended": (6, _pick),
    "postgres_crashed": (2, _pick),
    "postgres_restarted": (1, lambda chance: {"gently": chance.random() < 0.5}),
    "network_cut": (10, _route(0.0, 0.0)),
    "network_refuses": (5, _route(0.2, 1.5)),
    "network_slow": (6, lambda chance: _route(0.5, 2.0)(chance) | {"delay": 0.15}),
    "network_stalls": (4, _route(0.5, 6.0)),
    "answers_lost": (8, _route(0.1, 0.8)),
    "answers_torn": (5, _route(0.1, 0.8)),
    "webhook_misbehaves": (22, _answer),
}


def draw(*, seed: int, faults: int, wipes: int, every: float) -> list[Fault]:
    """Return ``faults`` faults, ``wipes`` of them wipes of the streams' Redis, ``every`` seconds on average.

    Each crash point occurs once, then each other kind as far as possible. The others are random.
    """
    chance = random.Random(seed)
    chosen: list[tuple[str, dict[str, Any]]] = [
        (
            "streams_wiped",
            {"how": chance.choice(WIPES), "seconds": round(chance.uniform(0, 0.8), 2)},
        )
        for _ in range(wipes)
    ]
    chosen += [("crash_point", {"point": point}) for point in POINTS]
    weights = {kind: weight for kind, (weight, _draw) in KINDS.items()}
    kinds = [*KINDS, *chance.choices(list(weights), list(weights.values()), k=faults)]
    chosen += [(kind, KINDS[kind][1](chance)) for kind in kinds]
    chosen = chosen[:faults]
    chance.shuffle(chosen)
    made, at = [], 0.5
    for kind, values in chosen:
        at += chance.expovariate(1 / every)
        made.append(Fault(round(at, 2), kind, values))
    return made
