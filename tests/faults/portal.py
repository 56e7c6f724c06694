"""The portal's processes of one round, by name: started, killed, frozen, started again."""

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


class Told:
    """A helper process that is told things over its standard input, a JSON object a line."""

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

    def hear(self) -> str:
        """Wait for a line; fail when the process ended instead."""
        assert self.popen.stdout is not None
        line = self.popen.stdout.readline()
        assert line, f"{self.popen.args!r} ended"
        return line.strip()

    def tell(self, **told: Any) -> None:
        """Say something that is not answered."""
        with self._lock:
            self._say(told)

    def ask(self, **told: Any) -> str:
        """Say something and wait for the answer."""
        with self._lock:
            self._say(told)
            return self.hear()

    def _say(self, told: dict[str, Any]) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(json.dumps(told) + "\n")
        self.popen.stdin.flush()

    def end(self) -> None:
        """End it for good."""
        kill_group(self.popen.pid)
        self.popen.wait(timeout=10)
        for pipe in (self.popen.stdin, self.popen.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class Portal:
    """Slots with processes in them. A slot's process leads a session of its own."""

    def __init__(self, nursery: Told, folder: Path) -> None:
        self._nursery, self._folder = nursery, folder
        self._recipes: dict[str, dict[str, Any]] = {}
        self._running: dict[str, Process] = {}
        self._lock = threading.RLock()
        self._over = threading.Event()
        self.ended_by_themselves = 0
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self) -> None:
        """Start again what ended by itself, as ``dev.keep`` and the containers' restart policy do."""
        while not self._over.wait(0.5):
            with self._lock:
                for slot, process in list(self._running.items()):
                    if not process.alive and slot != "world":
                        self.ended_by_themselves += 1
                        kill_group(process.pid)
                        self.start(slot)

    def add(self, slot: str, role: str, arguments: Any, **more: Any) -> None:
        """Say what runs in ``slot``, and start it."""
        log = str(self._folder / f"{slot}.log")
        self._recipes[slot] = {"role": role, "arguments": arguments, "log": log, **more}
        self.start(slot)

    def start(self, slot: str, **environment: str) -> int:
        """Start the slot's process anew, with more in its environment if so; return its id."""
        with self._lock:
            if self._over.is_set():
                return 0
            recipe = dict(self._recipes[slot])
            recipe["environment"] = recipe.get("environment", {}) | environment
            pid = int(self._nursery.ask(**recipe))
            self._running[slot] = Process.of(pid)
            return pid

    def kill(self, slot: str, *, alone: bool = False) -> int:
        """kill -9 the slot's process with its children, or without them; return what its id was."""
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
        """Return the id of the slot's process, 0 when it is down."""
        with self._lock:
            process = self._running.get(slot)
            return process.pid if process else 0

    def child(self, slot: str, pick: int) -> int:
        """Return the id of one of the children of the slot's process, 0 when it has none."""
        found = children(self.pid(slot))
        return found[pick % len(found)] if found else 0

    def slots(self, beginning: str) -> list[str]:
        """Return the names of the slots that begin so."""
        return sorted(slot for slot in self._recipes if slot.startswith(beginning))

    def end(self) -> None:
        """Kill everything; nothing is started any more."""
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
        pass  # it is gone, or there is no such list here
    if PROC.joinpath("self").exists():
        return []
    told = subprocess.run(["ps", "-Ao", "pid=,ppid="], capture_output=True, text=True, check=False)
    pairs = (line.split() for line in told.stdout.splitlines())
    return sorted(int(child) for child, parent in pairs if int(parent) == pid)


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to one process, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        if pid:
            os.kill(pid, number)


def kill_group(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to the session that ``pid`` leads or led, as far as it is still there."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if pid:
            os.killpg(pid, number)


def freeze(pid: int, *, group: bool) -> Process | None:
    """SIGSTOP a process, or its whole session; return it, to be told from a later one of its number."""
    if not pid:
        return None
    process = Process.of(pid)
    (kill_group if group else kill)(pid, signal.SIGSTOP)
    return process


def thaw(process: Process | None, *, group: bool) -> None:
    """Let it go on, if it is still the same."""
    if process and process.alive:
        (kill_group if group else kill)(process.pid, signal.SIGCONT)
