"""Processes remembered across runs of the launcher, told apart from strangers that got their number later."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


def _from_proc(pid: int) -> str | None:
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except (OSError, UnicodeDecodeError):
        return None
    # The name in brackets may hold anything, so count from its end: field 3 is the state, 22 the start.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _from_ps(pid: int) -> str | None:
    try:
        told = subprocess.run(
            ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    state, _, started = told.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def started_at(pid: int) -> str | None:
    """When the process began, in the system's own words; None when there is none or only its zombie is left."""
    return _from_proc(pid) if (PROC / "self" / "stat").exists() else _from_ps(pid)


@dataclass(frozen=True)
class Process:
    """One process for good: a number and when it began."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Process":
        """The process that has this number now, dead already or not."""
        return cls(pid, started_at(pid) or "gone")

    @classmethod
    def load(cls, text: str) -> "Process | None":
        """Reads what `dump` wrote; None for anything else."""
        pid, _, started = text.strip().partition(" ")
        return cls(int(pid), started) if pid.isdigit() and started else None

    def dump(self) -> str:
        """One line that `load` reads back."""
        return f"{self.pid} {self.started}"

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return started_at(self.pid) == self.started

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal, and does nothing when the process is gone."""
        if self.alive:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                pass

    def stop(self, patience: float = 10.0) -> bool:
        """Ends the process: politely, and by force after `patience` seconds. Whether it had been alive."""
        if not self.alive:
            return False
        self.signal(signal.SIGTERM)
        if not self.gone_within(patience):
            self.signal(signal.SIGKILL)
            self.gone_within(5)
        return True

    def gone_within(self, seconds: float) -> bool:
        """Waits for the process to end, at most so long. Whether it has."""
        deadline = time.monotonic() + seconds
        while self.alive:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def stop_all(processes: list[Process], patience: float) -> bool:
    """Ends them all at once, by force after `patience` seconds. Whether there were any."""
    for process in processes:
        process.signal(signal.SIGTERM)
    deadline = time.monotonic() + patience
    for process in processes:
        if not process.gone_within(max(0.0, deadline - time.monotonic())):
            process.signal(signal.SIGKILL)
            process.gone_within(5)
    return bool(processes)


def remembered(path: Path) -> Process | None:
    """The process written down in a file, if there is one and it is still alive."""
    try:
        process = Process.load(path.read_text())
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return process if process and process.alive else None


def marked(name: str, value: str) -> list[Process]:
    """Every process whose environment says name=value. Empty where the system has no /proc."""
    wanted = os.fsencode(f"{name}={value}")
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in environment and int(entry.name) != os.getpid():
            found.append(Process.of(int(entry.name)))
    return [process for process in found if process.alive]


def working_in(folder: Path) -> list[Process]:
    """Every process whose working directory is the folder. Empty where the system has no /proc."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(Process.of(int(entry.name)))
        except OSError:
            continue
    return [process for process in found if process.alive]
