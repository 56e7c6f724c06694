"""The portal's processes of one round: start, kill, freeze and restart them by name."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from dev.processes import PROC, Process

WORKERS = {
    "stream-1": "default,stream",
    "stream-2": "default,stream",
    "hook-1": "webhook,mail",
    "hook-2": "webhook,mail",
}


class Helper:
    """A helper process that receives messages on its standard input, one JSON object a line."""

    def __init__(
        self, module: str, *arguments: str, log: Path, environment: dict[str, str]
    ) -> None:
        with log.open("ab") as errors:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=environment,
                cwd=Path(__file__).parents[2],
                text=True,
                start_new_session=True,
            )
        self._lock = threading.Lock()

    def read_line(self) -> str:
        """Wait for a line of output. Fails if the process ends."""
        assert self.popen.stdout is not None
        line = self.popen.stdout.readline()
        assert line, f"{self.popen.args!r} ended"
        return line.strip()

    def send(self, **message: Any) -> None:
        """Send a message that has no reply."""
        with self._lock:
            self._write(message)

    def request(self, **message: Any) -> str:
        """Send a message and return the reply."""
        with self._lock:
            self._write(message)
            return self.read_line()

    def _write(self, message: dict[str, Any]) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(json.dumps(message) + "\n")
        self.popen.stdin.flush()

    def end(self) -> None:
        """Kill the process."""
        kill_group(self.popen.pid)
        self.popen.wait(timeout=10)
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class Portal:
    """Named slots, each with one process that leads its own session."""

    def __init__(self, forkserver: Helper, folder: Path) -> None:
        self._forkserver, self._folder = forkserver, folder
        self._recipes: dict[str, dict[str, Any]] = {}
        self._running: dict[str, Process] = {}
        self._lock = threading.RLock()
        self._over = threading.Event()
        self.ended_by_themselves = 0
        threading.Thread(target=self._restart_exited, daemon=True).start()

    def _restart_exited(self) -> None:
        """Restart processes that exited, as ``dev.keep`` and the containers' restart policy do."""
        while not self._over.wait(0.5):
            with self._lock:
                for slot, process in list(self._running.items()):
                    if not process.alive and slot != "world":
                        self.ended_by_themselves += 1
                        kill_group(process.pid)
                        self.start(slot)

    def add(self, slot: str, role: str, arguments: Any, **more: Any) -> None:
        """Define what runs in ``slot``, and start it."""
        log = str(self._folder / f"{slot}.log")
        self._recipes[slot] = {"role": role, "arguments": arguments, "log": log, **more}
        self.start(slot)

    def start(self, slot: str, **environment: str) -> int:
        """Start the slot's process with these additions to its environment. Return its id."""
        with self._lock:
            if self._over.is_set():
                return 0
            recipe = dict(self._recipes[slot])
            recipe["environment"] = recipe.get("environment", {}) | environment
            pid = int(self._forkserver.request(**recipe))
            self._running[slot] = Process.of(pid)
            return pid

    def kill(self, slot: str, *, alone: bool = False) -> int:
        """kill -9 the slot's process, with its children unless ``alone``. Return its former id."""
        with self._lock:
            process = self._running.pop(slot, None)
        pid = process.pid if process else 0
        if pid and alone:
            kill(pid)
        elif pid:
            kill_group(pid)
        return pid

    def restart(self, slot: str, **environment: str) -> None:
        """kill -9, then start again."""
        self.kill(slot)
        self.start(slot, **environment)

    def pid(self, slot: str) -> int:
        """Return the id of the slot's process; 0 without one."""
        with self._lock:
            process = self._running.get(slot)
            return process.pid if process else 0

    def child(self, slot: str, pick: int) -> int:
        """Return the id of a child of the slot's process; 0 without children."""
        found = children(self.pid(slot))
        return found[pick % len(found)] if found else 0

    def slots(self, beginning: str) -> list[str]:
        """Return the slots whose names begin with ``beginning``."""
        return sorted(slot for slot in self._recipes if slot.startswith(beginning))

    def end(self) -> None:
        """Kill all processes. None is started afterwards."""
        with self._lock:
            self._over.set()
        for slot in list(self._running):
            self.kill(slot)


def children(pid: int) -> list[int]:
    """Return the ids of the children of a process."""
    if not pid:
        return []
    listed = PROC / str(pid) / "task" / str(pid) / "children"
    try:
        return sorted(int(word) for word in listed.read_text().split())
    except OSError:
        pass  # the process is gone, or the system has no such file
    if PROC.joinpath("self").exists():
        return []
    listed = subprocess.run(
        ["ps", "-Ao", "pid=,ppid="], capture_output=True, text=True, check=False
    )
    pairs = (line.split() for line in listed.stdout.splitlines())
    return sorted(int(child) for child, parent in pairs if int(parent) == pid)


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to a process, if it exists."""
    with contextlib.suppress(ProcessLookupError):
        if pid:
            os.kill(pid, number)


def kill_group(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to the process group that ``pid`` leads or led, if it exists."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if pid:
            os.killpg(pid, number)


def freeze(pid: int, *, group: bool) -> Process | None:
    """SIGSTOP a process, or its whole group. Return it, to distinguish it from a later process with its id."""
    if not pid:
        return None
    process = Process.of(pid)
    (kill_group if group else kill)(pid, signal.SIGSTOP)
    return process


def thaw(process: Process | None, *, group: bool) -> None:
    """Let the process continue, if it is still the same."""
    if process and process.alive:
        (kill_group if group else kill)(process.pid, signal.SIGCONT)
