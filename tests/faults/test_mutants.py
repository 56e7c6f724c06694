"""Mutation tests of the harness: each wrong relay fails, and the real one passes the same faults."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.checker import Verdict
from tests.faults.harness import Harness
from tests.faults.rounds import Round
from tests.faults.schedule import Fault

# The marker lets pytest create the test database, from which the tables are copied.
pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("faults"), pytest.mark.django_db]

# For each mutant, faults that reveal it.
SCENARIOS: dict[str, list[Fault]] = {
    # Several times: a worker that dies with a single update may leave no trace.
    "textbook": [Fault(at, "crash_point", {"point": "appended"}) for at in (0.5, 1.5, 2.5)],
    "marks_first": [
        Fault(
            0.3, "webhook_misbehaves", {"hook": 0, "mode": "error", "keeps": False, "seconds": 1}
        ),
        Fault(1.5, "crash_point", {"point": "before_append"}),
    ],
    # No fault: a worker is delayed, and there are no sweeps.
    "clears_late": [],
    # Every other web process is slow, so that others begin later and commit earlier.
    "cursor": [Fault(0.2, "network_slow", {"route": "pg_web0", "seconds": 4.0, "delay": 0.03})],
    "no_rewind": [Fault(1.0, "streams_wiped", {"how": "flush", "seconds": 0})],
}
CONDITIONS: dict[str, dict[str, Any]] = {
    # The second of two commits falls between the last read and the end of the delay.
    "clears_late": {
        "sweeps": False,
        "nap": 2.5,
        "clients": 1,
        "pauses": [4.0, 0.5],
        "seconds": 7.0,
    },
    "cursor": {"clients": 6, "cases": 12},
}
# The real relay never takes this long.
DRAIN_SECONDS = 5.0


def finds(mutant: str, verdict: Verdict) -> bool:
    """Return whether the verdict shows the specific error of the mutant."""
    if mutant == "textbook":
        return verdict.doubled > 0
    if mutant == "marks_first":
        return verdict.lost > 0 and verdict.doubled == 0
    if mutant == "clears_late":
        return verdict.stuck > 0 and verdict.doubled == verdict.disordered == 0
    return verdict.lost > 0 or verdict.stuck > 0


def round_of(faulty: Harness, mutant: str, *, with_it: bool) -> Round:
    """Run a short round with the faults that reveal ``mutant``, with or without it."""
    conditions = {"world": "few", "cases": 4, "rate": 8.0, "seconds": 4.0} | CONDITIONS.get(
        mutant, {}
    )
    return faulty.run(
        f"{'mutant' if with_it else 'right'}-{mutant}".replace("_", "-"),
        1,
        SCENARIOS[mutant],
        mutant=mutant if with_it else "",
        drain_seconds=DRAIN_SECONDS if with_it else 30.0,
        **conditions,
    )


@pytest.mark.parametrize("mutant", SCENARIOS)
def test_a_wrong_relay_is_detected(faulty: Harness, mutant: str) -> None:
    made = round_of(faulty, mutant, with_it=True)
    assert made.acknowledged > 1
    # The mutant must not merely crash.
    for log in (faulty.folder / made.name).glob("*-1.log"):
        assert "raised unexpected" not in log.read_text()
        assert "Signal handler" not in log.read_text()
    assert not made.verdict.is_good
    assert finds(mutant, made.verdict), made.verdict


def test_the_real_relay_needs_no_sweep(faulty: Harness) -> None:
    """The round in test_quick covers the other faults."""
    made = round_of(faulty, "clears_late", with_it=False)
    assert made.acknowledged > 1
    assert made.verdict.is_good, made.verdict.reasons
