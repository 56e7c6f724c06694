"""The harness has teeth: each well-known wrong relay fails it, and the portal's own passes the same faults."""

from __future__ import annotations

from typing import Any

import pytest

from tests.faults.harness import Harness
from tests.faults.judge import Verdict
from tests.faults.rounds import Round
from tests.faults.schedule import Fault

# The test database is only asked for its tables: pytest makes it for those who are marked.
pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("faults"), pytest.mark.django_db]

# For each mutant, faults that must show it.
SCENARIOS: dict[str, list[Fault]] = {
    # Several times: one who dies with a single update in hand may leave nothing to show.
    "textbook": [Fault(at, "crash_point", {"point": "appended"}) for at in (0.5, 1.5, 2.5)],
    "marks_first": [
        Fault(
            0.3, "webhook_misbehaves", {"hook": 0, "mode": "error", "keeps": False, "seconds": 1}
        ),
        Fault(1.5, "crash_point", {"point": "before_append"}),
    ],
    # No fault at all: a worker is held up for a moment, and nothing sweeps.
    "clears_late": [],
    # Every other web process is slow: others begin after it and commit before it.
    "cursor": [Fault(0.2, "network_slow", {"route": "pg_web0", "seconds": 4.0, "delay": 0.03})],
    "no_rewind": [Fault(1.0, "streams_wiped", {"how": "flush", "seconds": 0})],
}
CONDITIONS: dict[str, dict[str, Any]] = {
    # The second of two commits falls between the last look and the end of the nap.
    "clears_late": {
        "sweeps": False,
        "nap": 2.5,
        "clients": 1,
        "pauses": [4.0, 0.5],
        "seconds": 7.0,
    },
    "cursor": {"clients": 6, "cases": 12},
}
# Found by waiting in vain: so long as the portal's own relay never takes.
PATIENCE = 5.0


def finds(mutant: str, verdict: Verdict) -> bool:
    """Whether the verdict says what is wrong with the mutant, and not just anything."""
    if mutant == "textbook":
        return verdict.doubled > 0
    if mutant == "marks_first":
        return verdict.lost > 0 and verdict.doubled == 0
    if mutant == "clears_late":
        return verdict.stuck > 0 and verdict.doubled == verdict.disordered == 0
    return verdict.lost > 0 or verdict.stuck > 0


def round_of(faulty: Harness, mutant: str, *, with_it: bool) -> Round:
    """One short round under the faults that show ``mutant``, with it in the workers or without."""
    conditions = {"world": "few", "cases": 4, "rate": 8.0, "seconds": 4.0} | CONDITIONS.get(
        mutant, {}
    )
    return faulty.run(
        f"{'mutant' if with_it else 'right'}-{mutant}".replace("_", "-"),
        1,
        SCENARIOS[mutant],
        mutant=mutant if with_it else "",
        patience=PATIENCE if with_it else 30.0,
        **conditions,
    )


@pytest.mark.parametrize("mutant", SCENARIOS)
def test_a_wrong_relay_is_found_out(faulty: Harness, mutant: str) -> None:
    made = round_of(faulty, mutant, with_it=True)
    assert made.acknowledged > 1
    # It works, only wrongly: a mutant that merely breaks would be found out by anybody.
    for log in (faulty.folder / made.name).glob("*-1.log"):
        assert "raised unexpected" not in log.read_text()
        assert "Signal handler" not in log.read_text()
    assert not made.verdict.is_good
    assert finds(mutant, made.verdict), made.verdict


def test_the_right_one_needs_no_sweep(faulty: Harness) -> None:
    """As to the other faults, the round of all kinds shows that it bears them."""
    made = round_of(faulty, "clears_late", with_it=False)
    assert made.acknowledged > 1
    assert made.verdict.is_good, made.verdict.reasons
