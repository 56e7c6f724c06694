"""Restarts a program when it exits: `python -m dev.keep program argument…`.

Honcho stops all processes of a Procfile when one of them exits. With this wrapper each program is restarted
on its own, as by compose.yaml in production, after a pause that grows while it keeps failing.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

# The pause before the next start, in seconds, doubles with each failure up to this.
LONGEST_PAUSE = 60.0
# A program that ran for this many seconds had started properly.
STEADY_SECONDS = 10.0
# Honcho sends SIGKILL after five seconds. The program must end before that.
STOP_SECONDS = 4.0


def end_with_parent() -> None:
    """Ask Linux to send SIGTERM to this process when its parent dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def stop(*_: object) -> None:
    """Handle SIGTERM and SIGINT. Raises `SystemExit`."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(0)


def run_once(command: list[str]) -> int:
    """Run the program and return its exit status. Its process group ends with it."""
    child = subprocess.Popen(command, process_group=0, preexec_fn=end_with_parent)  # noqa: PLW1509  # one thread
    try:
        return child.wait()
    except SystemExit:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)
        raise
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def keep(command: list[str]) -> None:
    """Run the program again whenever it exits, until a signal ends this process."""
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    failures = 0
    while True:
        began = time.monotonic()
        status = run_once(command)
        failures = 1 if time.monotonic() - began > STEADY_SECONDS else failures + 1
        pause = min(2.0 ** (failures - 1), LONGEST_PAUSE)
        count = f", {failures} times in a row" if failures > 1 else ""
        print(f"exited with {status}{count}: restart in {pause:g} s", flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    keep(sys.argv[1:])
