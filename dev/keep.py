"""Keeps one program running: `python -m dev.keep program argument…`.

Honcho ends every process of a Procfile when one of them exits. This one restarts its program instead, as the
restart policy of compose.yaml does in production. A program that keeps failing is restarted at longer
intervals and the log says so; the other processes go on.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

# Seconds before the next start, by how many quick exits there were in a row.
PAUSES = (1.0, 1.0, 2.0, 5.0, 15.0, 60.0)
# A program that ran this long, in seconds, had started properly.
STEADY = 10.0
# Honcho kills what has not ended after five seconds; the program must not outlive this process.
PATIENCE = 4.0
PR_SET_PDEATHSIG = 1


def follow_parent() -> None:
    """Asks Linux to end this process when its parent is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(*_: object) -> None:
    """Handles SIGTERM and SIGINT. Raises `SystemExit`."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise SystemExit(0)


def once(command: list[str]) -> int:
    """Runs the program until it exits and returns its status. Its own children, such as a pool, end with it."""
    child = subprocess.Popen(command, process_group=0, preexec_fn=follow_parent)  # noqa: PLW1509  # one thread
    try:
        return child.wait()
    except SystemExit:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
        raise
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def keep(command: list[str]) -> None:
    """Runs the program again and again, until a signal ends this process."""
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    failures = 0
    while True:
        began = time.monotonic()
        status = once(command)
        failures = 1 if time.monotonic() - began > STEADY else failures + 1
        pause = PAUSES[min(failures, len(PAUSES)) - 1]
        often = f", {failures} times in a row" if failures > 1 else ""
        print(f"ended with {status}{often}: restart in {pause:g} s", flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    keep(sys.argv[1:])
