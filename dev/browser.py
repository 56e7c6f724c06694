"""Chromium for the browser tests: found, or installed with apt-get unless PORTAL_INSTALL=0 forbids it."""

import os
import shutil
from collections.abc import Mapping

from dev.console import say, step
from dev.paths import LOGS, relative
from dev.programs import logged, output

# The headless shell is Chromium without windows; the browser tests take two thirds of the time with it.
NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"),
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/usr/lib/chromium/chromium",
    "/usr/lib64/chromium-browser/chromium-browser",
)
PACKAGES = ("chromium-headless-shell", "chromium")  # the first one that there is
FONTS = "fonts-noto-cjk"
LIMITS = ("-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1")
APT = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *LIMITS)
FETCH_SECONDS = 300.0


def find(environment: Mapping[str, str]) -> str | None:
    """Return the path of a Chromium that starts: CHROMIUM, else on the PATH, else in the usual places."""
    # Ubuntu's `chromium-browser` may only print how to install a snap, so each is started.
    if named := environment.get("CHROMIUM"):
        return named if output(named, "--version") else None
    candidates = [*(shutil.which(name) for name in NAMES), *PLACES]
    return next((path for path in candidates if path and output(path, "--version")), None)


def may_install(environment: Mapping[str, str]) -> bool:
    """Return whether Chromium can be installed: by root, with apt-get, unless PORTAL_INSTALL is 0."""
    allowed = os.geteuid() == 0 and environment.get("PORTAL_INSTALL") != "0"
    return allowed and shutil.which("apt-get") is not None


def ensure(environment: Mapping[str, str]) -> str | None:
    """Return the path of a Chromium, installed first if allowed; None if there is none."""
    found = find(environment)
    if found is None and not environment.get("CHROMIUM") and may_install(environment):
        say(
            f"  Chromium is missing: installing {' or '.join(PACKAGES)} and {FONTS} on this machine"
        )
        say("  with apt-get, as root. PORTAL_INSTALL=0 forbids that and skips the browser tests.")
        with step("Installing Chromium") as current:
            current.note = "" if install() else f"failed: see {relative(LOGS / 'browser.log')}"
        found = find(environment)
    with step("Chromium") as current:
        current.note = found or "not found: install chromium, or set CHROMIUM to its path"
    return found


def install() -> bool:
    """Install Chromium and fonts for Chinese; return whether that succeeded."""
    log = LOGS / "browser.log"
    log.write_text("")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # The existing lists may suffice if the update fails.
    logged(log, "apt-get", "update", "-qq", *LIMITS, timeout=60, env=environment)
    for package in PACKAGES:
        download = (*APT, "--download-only", package, FONTS)
        if logged(log, *download, timeout=FETCH_SECONDS, env=environment):
            # Without a time limit: apt-get killed during an installation leaves the system broken.
            return logged(log, *APT, "--no-download", package, FONTS, env=environment)
    return False
