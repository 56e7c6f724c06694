"""Chromium for the browser tests: found, or installed by root through the system's package manager."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from dev import system_packages
from dev.console import step

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
PLACES = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/usr/lib/chromium/chromium"),
    Path("/usr/lib64/chromium-browser/chromium-browser"),
)
PACKAGES = {
    "apt-get": ("chromium", "fonts-noto-cjk"),
    "dnf": ("chromium", "google-noto-sans-cjk-fonts"),
}
FETCH_SECONDS = 300


def works(program: str) -> bool:
    """Whether the program starts: Ubuntu's `chromium-browser` may only say where to find a snap."""
    try:
        command = [program, "--version"]
        done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find(environment: Mapping[str, str]) -> str | None:
    """The path of a Chromium that starts: CHROMIUM, the PATH, then the usual places."""
    if named := environment.get("CHROMIUM"):
        return named if works(named) else None
    candidates = [found for name in NAMES if (found := shutil.which(name))]
    candidates += [str(place) for place in PLACES if place.exists()]
    return next((candidate for candidate in candidates if works(candidate)), None)


def ensure(environment: Mapping[str, str]) -> str | None:
    """The path of a Chromium, installed first where that is possible; None where none can be had."""
    with step("Chromium") as current:
        found = find(environment)
        wanted = found is None and not environment.get("CHROMIUM")
        if wanted and system_packages.install(PACKAGES, "browser.log", seconds=FETCH_SECONDS):
            found = find(environment)
        current.note = found or "NOT TO BE HAD: install chromium, or name one in CHROMIUM"
    return found
