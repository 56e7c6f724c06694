"""Celery workers, a beat and Redis servers for tests, as processes that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

import dev.processes
from alliance.lib.queues import NAMES

QUEUES = ",".join(NAMES)


def wait_for(condition: Callable[[], object], *, seconds: float = 20.0, what: str = "") -> None:
    """Poll ``condition`` until it is true; fail with ``what`` after ``seconds``."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"timed out after {seconds:g} s: {what or condition}")


def ends_within(process: dev.processes.Process, seconds: float) -> bool:
    """Wait up to ``seconds`` for a process to end. Return whether it did."""
    until = time.monotonic() + seconds
    while process.alive and time.monotonic() < until:
        time.sleep(0.02)
    return not process.alive


def free_port() -> int:
    """Return an unused loopback port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A child process that logs to a file and is killed when the test ends."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                command,
                env=environment,
                cwd=settings.BASE_DIR,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def says(self, text: str) -> bool:
        """Return whether the output contains ``text``."""
        return text in self.log.read_text(errors="replace")

    def kill(self) -> None:
        """Send SIGKILL to the process and its children, which share a session."""
        try:
            os.killpg(self.popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.popen.wait(timeout=10)

    def stop(self) -> None:
        """Send SIGTERM, then SIGKILL if the process does not end."""
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(timeout=8)
            except subprocess.TimeoutExpired:
                pass
        self.kill()


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of a child: this process's, with the test database."""
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}"
        f"@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
    return os.environ | {
        "DATABASE_URL": url,
        "REDIS_URL": settings.REDIS_URL,
        "CELERY_BROKER_URL": settings.CELERY_BROKER_URL,
        "LIAISON_REDIS_URL": settings.LIAISON_REDIS_URL,
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
        **extra,
    }


@contextmanager
def worker(
    log: Path, *, concurrency: int = 2, arguments: Sequence[str] = (), **extra: str
) -> Iterator[Process]:
    """Run a Celery worker on the test database; it is ready when the block starts."""
    process = start_worker(log, concurrency=concurrency, arguments=arguments, **extra)
    try:
        wait_for(lambda: process.says(" ready."), seconds=40, what=f"worker ready, see {log}")
        yield process
    finally:
        process.kill()  # a warm shutdown takes seconds


def start_worker(
    log: Path, *, concurrency: int = 2, arguments: Sequence[str] = (), **extra: str
) -> Process:
    """Start a Celery worker without waiting for it."""
    command = [sys.executable, "-m", "celery", "-A", "alliance", "worker", "-Q", QUEUES]
    command += ["--concurrency", str(concurrency), "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle", "-n", f"test{free_port()}@localhost"]
    return Process([*command, *arguments], log, environment(**extra))


def start_beat(folder: Path) -> Process:
    """Start a Celery beat with its log and schedule in ``folder``."""
    command = [sys.executable, "-m", "celery", "-A", "alliance", "beat", "--loglevel", "INFO"]
    command += ["--pidfile=", "--schedule", str(folder / "schedule")]
    return Process(command, folder / "beat.log", environment())


class RedisServer:
    """A Redis server for one test that can be stopped, wiped and restarted on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: Process | None = None

    def start(self) -> None:
        """Start the server and wait until it accepts connections."""
        command = [redis_binary(), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self.folder), "--appendonly", "yes", "--save", ""]
        self.process = Process(command, self.folder / "redis.log", dict(os.environ))
        wait_for(self._answers, what="Redis")

    def stop(self, *, wipe: bool = False) -> None:
        """Kill the server; with ``wipe``, delete its data."""
        if self.process:
            self.process.kill()
        if wipe:
            for path in self.folder.glob("*.aof*"):
                path.unlink()
            for path in self.folder.glob("appendonlydir/*"):
                path.unlink()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def redis_binary() -> str:
    """Return the Redis server found by the launcher: the system's or the one from pip."""
    import sysconfig

    from dev import redis_server

    packages = Path(sysconfig.get_paths()["purelib"])
    found = redis_server.find_on_machine() or redis_server.find_in_packages(packages)
    if found is None:
        raise AssertionError("no Redis server was found: run the tests through make test")
    return str(found)
