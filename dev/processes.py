"""Processes, identified by PID and start time, because the system reuses PIDs."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dev.programs import output

PROC = Path("/proc")


def started_at(pid: int) -> str | None:
    """Return when the process started, as the system prints it; None if it ended or is a zombie."""
    if not (PROC / "self" / "stat").exists():  # macOS
        state, _, started = output("ps", "-o", "stat=,lstart=", "-p", str(pid)).partition(" ")
        return None if not state or state.startswith("Z") else started.strip()
    try:
        stat = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name in brackets may contain anything, so count from its end: field 3 is the state, 22 the start.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


@dataclass(frozen=True)
class Process:
    """A process: its PID and its start time."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Process":
        """Return the process that has this PID now. If there is none, the result is not `alive`."""
        return cls(pid, started_at(pid) or "gone")

    @classmethod
    def load(cls, text: str) -> "Process | None":
        """Parse what `dump` returned; None for any other text."""
        pid, _, started = text.strip().partition(" ")
        return cls(int(pid), started) if pid.isdigit() and started else None

    def dump(self) -> str:
        """Return one line that `load` parses."""
        return f"{self.pid} {self.started}"

    @property
    def alive(self) -> bool:
        """Whether this process, and not a later one with the same PID, is running."""
        return started_at(self.pid) == self.started

    def signal(self, number: signal.Signals) -> None:
        """Send a signal if the process is alive."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def stop(self, timeout: float = 10.0) -> bool:
        """Send SIGTERM, then SIGKILL after `timeout` seconds. Return whether the process was alive."""
        return self.alive and stop_all([self], timeout)


def stop_all(processes: list[Process], timeout: float) -> bool:
    """Send SIGTERM to all, then SIGKILL after `timeout` seconds. Return whether there were any."""
    for number, seconds in ((signal.SIGTERM, timeout), (signal.SIGKILL, 5.0)):
        for process in processes:
            process.signal(number)
        deadline = time.monotonic() + seconds
        while any(process.alive for process in processes) and time.monotonic() < deadline:
            time.sleep(0.05)
    return bool(processes)


def recorded(path: Path) -> Process | None:
    """Return the process that a PID file names, if it is alive."""
    try:
        process = Process.load(path.read_text(errors="replace"))
    except FileNotFoundError:
        return None
    return process if process and process.alive else None


def marked(name: str, value: str) -> list[Process]:
    """Return the processes with NAME=value in their environment; none on a system without /proc."""
    wanted = os.fsencode(f"{name}={value}")
    return _find(lambda entry: wanted in (entry / "environ").read_bytes().split(b"\0"))


def working_in(folder: Path) -> list[Process]:
    """Return the processes whose working directory is the folder; none on a system without /proc."""
    return _find(lambda entry: (entry / "cwd").readlink() == folder)


def _find(matches: Callable[[Path], bool]) -> list[Process]:
    found = []
    for entry in PROC.glob("[0-9]*"):
        with suppress(OSError):  # another account's process, or it has ended
            if int(entry.name) != os.getpid() and matches(entry):
                found.append(Process.of(int(entry.name)))
    return [process for process in found if process.alive]
