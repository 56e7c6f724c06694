"""Pytest plugin of the browser tests: finds Chromium, or reports how many tests were skipped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dev import browser
from tests import skips

# Set by `make test`, empty if there is no Chromium; without `make test`, it is searched for.
CHROMIUM = os.environ["CHROMIUM"] if "CHROMIUM" in os.environ else browser.find({})
FOLDER = Path(__file__).parent / "browser"
# Playwright's sync API runs an event loop in this thread; Django would assume async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

REASON = "there is no Chromium here: install chromium, or name one in CHROMIUM"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests in tests/browser, and skip them if there is no Chromium."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker("browser")
    if not CHROMIUM:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Report how many tests were skipped without Chromium."""
    skips.report(terminalreporter, "BROWSER", REASON)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Set Chromium's path and options: root has no sandbox, containers have little /dev/shm."""
    arguments = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": arguments}
