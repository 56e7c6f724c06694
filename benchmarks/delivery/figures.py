"""Percentiles, and the table and JSON that a run prints."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p99 and the maximum, by nearest rank, and the count."""
    ordered = sorted(values)

    def rank(share: float) -> float:
        return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]

    return {"p50": rank(0.5), "p99": rank(0.99), "max": ordered[-1], "count": len(ordered)}


def milliseconds(nanoseconds: float) -> float:
    """Convert nanoseconds to milliseconds."""
    return nanoseconds / 1e6


@dataclass(frozen=True)
class Line:
    """One figure and its goal, a minimum if ``at_least``, otherwise a maximum."""

    what: str
    value: float
    unit: str
    goal: float
    at_least: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the goal is reached."""
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def table(lines: Sequence[Line]) -> str:
    """Return the figures as a Markdown table."""
    rows = ["| figure | measured | goal | | |", "|---|---:|---:|---|---|"]
    for line in lines:
        sign = "≥" if line.at_least else "≤"
        unit = f" {line.unit}" if line.unit else ""
        rows.append(
            f"| {line.what} | {line.value:.3g}{unit} | {sign} {line.goal:g}{unit} "
            f"| {'met' if line.is_met else 'missed'} | {line.note} |"
        )
    return "\n".join(rows)


def as_json(lines: Sequence[Line], details: dict[str, object]) -> str:
    """Return everything as one line of JSON."""
    figures = [asdict(line) | {"met": line.is_met} for line in lines]
    return json.dumps({"figures": figures, "details": details}, default=str)
