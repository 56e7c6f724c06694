"""One round of the harness: its input and its results."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.faults.checker import Verdict
from tests.faults.schedule import Fault


@dataclass
class Round:
    """A round and its results."""

    name: str
    seed: int
    faults: list[Fault]
    verdict: Verdict = field(default_factory=Verdict)
    done: dict[str, int] = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    # Processes that exited by themselves and were restarted, as in production.
    ended_by_themselves: int = 0
    acknowledged: int = 0
    committed: int = 0
    delivered: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    drained_after: float | None = None
