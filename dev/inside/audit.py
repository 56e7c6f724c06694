"""Looks up known vulnerabilities of the pinned packages with pip-audit, where its service can be reached."""

import importlib.util
import re
import subprocess
import sys

from dev.paths import ROOT

SECONDS = 120
# What pip-audit exits with when it found something; anything else than this and 0 is a failure of its own.
FOUND = 1
# How pip-audit words that the service, or the way there, is at fault.
UNREACHABLE = re.compile(r"Connection|Max retries|timed out|Tunnel|HTTPError|Proxy")


def installed() -> bool:
    """Whether pip-audit can be run, installed now if need be."""
    if importlib.util.find_spec("pip_audit"):
        return True
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    done = _run(*pip, "--require-hashes", "-r", str(ROOT / "requirements-audit.txt"))
    return done is not None and done.returncode == 0


def verdict(returncode: int, text: str) -> tuple[int, str]:
    """Return the exit status of the check and its last line, for what pip-audit answered and printed."""
    # A mirror of the package index answers without the vulnerabilities: pip-audit then skips, and succeeds.
    if returncode == 0 and (unknown := text.count("could not be audited")):
        return 0, f"skipped: the service of pip-audit did not answer for {unknown} packages"
    if returncode == 0:
        return 0, "no known vulnerabilities"
    if returncode == FOUND and "Found" in text:
        return 1, text
    if UNREACHABLE.search(text):
        return 0, "skipped: the service of pip-audit cannot be reached from here"
    return 1, text


def main() -> int:
    """Prints what was found; returns 1 for a known vulnerability, 0 also when nothing can be looked up."""
    if not installed():
        print("skipped: pip-audit is not installed and cannot be installed from here")
        return 0
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "15")
    files = ("-r", str(ROOT / "requirements.txt"))
    done = _run(sys.executable, "-m", "pip_audit", *options, *files)
    if done is None:
        print("skipped: the service of pip-audit does not answer")
        return 0
    status, line = verdict(done.returncode, done.stdout + done.stderr)
    print(line)
    return status


def _run(*command: str) -> "subprocess.CompletedProcess[str] | None":
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=SECONDS, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return None


if __name__ == "__main__":
    sys.exit(main())
