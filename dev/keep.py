"""Keeps one program running: `python -m dev.keep program argument…`.

Honcho ends all processes of a Procfile when one of them dies. Here a process that dies is started again, as
the restart policy of compose.yaml does in production, so that killing one shows what the portal does then.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

PAUSE = 1.0
# Honcho kills what has not ended after five seconds; the program must not outlive this one.
PATIENCE = 4.0
# A program that dies this soon, this often, will not get better by itself.
SOON, OFTEN = 10.0, 5


PR_SET_PDEATHSIG = 1


def follow_parent() -> None:
    """Asks Linux to end this process when its parent is killed, so that nothing outlives its keeper."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Keeper:
    """Runs one command again and again until it is told to stop."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.child: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()

    def stop(self, *_: int | FrameType | None) -> None:
        """Handles SIGTERM and SIGINT: asks the program to end, once."""
        if not self.stopping.is_set():
            self.stopping.set()
            signal.setitimer(signal.ITIMER_REAL, PATIENCE)
            self._signal(signal.SIGTERM, group=False)

    def kill(self, *_: int | FrameType | None) -> None:
        """Handles the alarm that `stop` set."""
        self._signal(signal.SIGKILL, group=True)

    def _signal(self, number: signal.Signals, *, group: bool) -> None:
        if self.child:
            try:
                (os.killpg if group else os.kill)(self.child.pid, number)
            except (ProcessLookupError, PermissionError):
                pass

    def run(self) -> int:
        """Runs the program; returns 0 when stopped, 1 when it keeps failing at once."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGALRM, self.kill)
        failures = 0
        while not self.stopping.is_set():
            began = time.monotonic()
            self.child = subprocess.Popen(
                self.command,
                process_group=0,
                preexec_fn=follow_parent,  # noqa: PLW1509  # there is one thread here
            )
            status = self.child.wait()
            # Its own children, such as a worker's pool, must not linger.
            self._signal(signal.SIGKILL, group=True)
            if self.stopping.is_set():
                break
            failures = failures + 1 if time.monotonic() - began < SOON else 1
            if failures >= OFTEN:
                print(f"ended with {status}, {failures} times in a row: giving up", flush=True)
                return 1
            print(f"ended with {status}: starting it again", flush=True)
            time.sleep(PAUSE)
        return 0


if __name__ == "__main__":
    sys.exit(Keeper(sys.argv[1:]).run())
