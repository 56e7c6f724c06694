"""Runs the portal's programs with the Python of .venv."""

import signal
import subprocess
from collections.abc import Mapping

from dev import venv
from dev.configuration import for_programs
from dev.console import Problem
from dev.paths import LOGS, ROOT, relative
from dev.programs import logged, reason


def command(*arguments: str) -> list[str]:
    """Return a command line that runs .venv's Python."""
    return [str(venv.PYTHON), *arguments]


def run_logged(name: str, values: Mapping[str, str], *arguments: str) -> str:
    """Run .venv's Python with its output in the log of that name. Return the output. Raises `Problem`."""
    log = LOGS / f"{name}.log"
    log.write_text("")
    if not logged(log, *command(*arguments), cwd=ROOT, env=for_programs(values)):
        raise Problem(f"{name} failed ({reason(log)}). See {relative(log)}.")
    return log.read_text(errors="replace")


def run_foreground(values: Mapping[str, str], *arguments: str) -> int:
    """Run .venv's Python on the terminal and return its exit status."""
    child = subprocess.Popen(command(*arguments), cwd=ROOT, env=for_programs(values))
    # Ctrl-C also reaches the program, which decides how it ends: pytest prints its summary first.
    previous = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, previous)
        if child.poll() is None:
            child.terminate()
            child.wait()
