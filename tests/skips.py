"""Tests that were skipped because a program is missing are counted aloud at the end of the run."""

from __future__ import annotations

from typing import Any


def say(terminalreporter: Any, kind: str, reason: str) -> None:
    """Say how many tests were skipped for ``reason``, if any were.

    Counted from the reports: under pytest-xdist the process that sums up collects no tests.
    """
    skipped = terminalreporter.stats.get("skipped", [])
    if count := sum(reason in str(report.longrepr) for report in skipped):
        title = f"{count} {kind} TESTS WERE SKIPPED"
        terminalreporter.section(title, sep="!", red=True, bold=True)
        terminalreporter.line(f"{reason[0].upper()}{reason[1:]}, and run them.")
