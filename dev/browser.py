"""Chromium for the browser tests: found, or installed by root through the system's package manager.

PORTAL_INSTALL=0 forbids the installation; it is announced before it begins.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.console import say, step
from dev.paths import LOGS, shown

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
PATIENT_APT = ("-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1")
APT = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *PATIENT_APT)
DNF = ("dnf", "install", "-y", "-q")
FETCH_SECONDS = 300.0


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


def manager(environment: Mapping[str, str]) -> str | None:
    """The package manager to use: None for other accounts than root, and where PORTAL_INSTALL is 0."""
    if os.geteuid() != 0 or environment.get("PORTAL_INSTALL") == "0":
        return None
    return next((name for name in PACKAGES if shutil.which(name)), None)


def ensure(environment: Mapping[str, str]) -> str | None:
    """The path of a Chromium, installed first where that is possible; None where none can be had."""
    found = find(environment)
    if found is None and not environment.get("CHROMIUM") and (name := manager(environment)):
        say(f"  Chromium is missing: installing {' and '.join(PACKAGES[name])} on this machine")
        say(f"  with {name}, as root. PORTAL_INSTALL=0 forbids that and skips the browser tests.")
        with step("Installing Chromium") as current:
            installed = install(name)
            current.note = "" if installed else f"failed: see {shown(LOGS / 'browser.log')}"
        found = find(environment)
    with step("Chromium") as current:
        current.note = found or "NOT FOUND: install chromium, or set CHROMIUM to its path"
    return found


def install(name: str) -> bool:
    """Installs the packages with the manager of that name; whether that succeeded.

    The download is limited to `FETCH_SECONDS`. The installation that follows has no limit: a package manager
    that is killed half-way leaves the machine in need of repair.
    """
    log = LOGS / "browser.log"
    log.write_text("")
    packages = PACKAGES[name]
    if name == "apt-get":
        # Old lists may do where the update fails.
        _run(("apt-get", "update", "-qq", *PATIENT_APT), log, 60)
        fetch: Sequence[str] = (*APT, "--download-only", *packages)
        unpack: Sequence[str] = (*APT, "--no-download", *packages)
    else:
        fetch, unpack = (*DNF, "--downloadonly", *packages), (*DNF, "-C", *packages)
    return _run(fetch, log, FETCH_SECONDS) and _run(unpack, log, None)


def _run(command: Sequence[str], log: Path, seconds: float | None) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with log.open("a") as output:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            output.write(f"stopped after {seconds:g} s\n")
            return False
    return done.returncode == 0
