"""Looks up known vulnerabilities of the pinned packages with pip-audit, if its service can be reached."""

import importlib.util
import re
import sys

from dev.paths import ROOT
from dev.programs import captured

# The exit status of pip-audit if it found a vulnerability. Others except 0 mean that pip-audit failed.
FOUND = 1
UNREACHABLE = re.compile(r"Connection|Max retries|timed out|Tunnel|HTTPError|Proxy")


def verdict(returncode: int, text: str) -> tuple[int, str]:
    """Return the exit status and the last line of the check, for the result of pip-audit."""
    # A mirror of the package index has no vulnerabilities. pip-audit then skips the package and returns 0.
    if returncode == 0 and (unknown := text.count("could not be audited")):
        return 0, f"skipped: the service of pip-audit did not answer for {unknown} packages"
    if returncode == 0:
        return 0, "no known vulnerabilities"
    if not (returncode == FOUND and "Found" in text) and UNREACHABLE.search(text):
        return 0, "skipped: the service of pip-audit cannot be reached from here"
    return 1, text


def _python(*arguments: str) -> tuple[int, str]:
    return captured(sys.executable, "-m", *arguments, timeout=120, cwd=ROOT)


def main() -> int:
    """Print the result. Return 1 for a known vulnerability, and 0 if there is none or no lookup is possible."""
    if not importlib.util.find_spec("pip_audit"):
        print("skipped: pip-audit is not installed and cannot be installed from here")
        return 0
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "15")
    status, line = verdict(
        *_python("pip_audit", *options, "-r", "requirements.txt", "-r", "requirements-ocr.txt")
    )
    print(line)
    return status


if __name__ == "__main__":
    sys.exit(main())
