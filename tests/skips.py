"""Reports tests that were skipped because a program is missing."""

from __future__ import annotations

from typing import Any


def report(terminalreporter: Any, kind: str, reason: str) -> None:
    """Report how many tests were skipped for ``reason``.

    This counts reports: under pytest-xdist, the controlling process collects no tests.
    """
    skipped = terminalreporter.stats.get("skipped", [])
    if count := sum(reason in str(report.longrepr) for report in skipped):
        title = f"{count} {kind} TESTS WERE SKIPPED"
        terminalreporter.section(title, sep="!", red=True, bold=True)
        terminalreporter.line(f"{reason[0].upper()}{reason[1:]}, and run them.")
