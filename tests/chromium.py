"""A pytest plugin for the browser tests: Chromium as the launcher found it, or a loud count of what was skipped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dev import browser
from tests import skips

# `make test` sets it, to nothing where there is none; pytest by itself looks around.
CHROMIUM = os.environ["CHROMIUM"] if "CHROMIUM" in os.environ else browser.find({})
FOLDER = Path(__file__).parent / "browser"
# The synchronous Playwright keeps an event loop in this thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

REASON = "there is no Chromium here: install chromium, or name one in CHROMIUM"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all under tests/browser, and skip what needs Chromium where there is none."""
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker("browser")
    if not CHROMIUM:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say aloud how many tests a missing Chromium cost."""
    skips.say(terminalreporter, "BROWSER", REASON)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """What Playwright starts Chromium with. Root has no sandbox, containers have little /dev/shm."""
    arguments = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": arguments}
