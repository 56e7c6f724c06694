"""The quick version of ``make faults``: every kind of fault once, and every crash point."""

from __future__ import annotations

import pytest

from tests.faults.harness import Harness
from tests.faults.schedule import KINDS, POINTS, draw

# The marker lets pytest create the test database, from which the tables are copied.
pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("faults"), pytest.mark.django_db]
SEED = 20260301


def test_the_same_seed_gives_the_same_faults() -> None:
    first, again = (draw(seed=SEED, faults=200, wipes=20, every=0.6) for _ in range(2))
    assert first == again
    assert len(first) == 200
    assert first != draw(seed=SEED + 1, faults=200, wipes=20, every=0.6)
    kinds = {fault.kind for fault in first}
    assert kinds == {*KINDS, "streams_wiped", "crash_point"}
    assert sum(fault.kind == "streams_wiped" for fault in first) == 20
    assert {f.values["point"] for f in first if f.kind == "crash_point"} == set(POINTS)


def test_a_round_of_faults_passes(faulty: Harness) -> None:
    faults = draw(seed=SEED, faults=len(KINDS) + len(POINTS) + 3, wipes=3, every=0.35)
    made = faulty.run("quick", SEED, faults, seconds=18.0, rate=4.0)
    assert made.verdict.is_good, made.verdict.reasons
    assert made.acknowledged > 5
    assert sum(made.done.values()) == len(faults)
