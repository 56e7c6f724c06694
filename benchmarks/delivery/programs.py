"""The processes of a measurement: Celery workers as in production, a writer, a reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.processes import Process, free_port, wait_for

# As in the Procfile.
WORKER = ("default,stream,mail", 4)
WEBHOOK_WORKER = ("webhook", 2)


@contextmanager
def worker(
    folder: Path, *, queues: str, concurrency: int, application: str = "alliance", **extra: str
) -> Iterator[Process]:
    """Run a Celery worker until the block ends. Yields it when it is ready."""
    name = f"bench{free_port()}"
    command = [sys.executable, "-m", "celery", "-A", application, "worker", "-Q", queues]
    command += ["--concurrency", str(concurrency), "--loglevel", "INFO", "-n", f"{name}@localhost"]
    process = Process(command, folder / f"{name}.log", {**os.environ, "LOG_LEVEL": "INFO", **extra})
    try:
        wait_for(lambda: process.says(" ready."), seconds=60, what=f"worker ready, see {folder}")
        yield process
    finally:
        process.stop()


def write(plan: dict[str, Any]) -> dict[str, Any]:
    """Run :mod:`benchmarks.delivery.writer` with ``plan`` and return its result."""
    command = [sys.executable, "-m", "benchmarks.delivery.writer", json.dumps(plan)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class Reader:
    """A consumer of streams in its own process, which waits in ``XREAD BLOCK`` like an agency's system."""

    def __init__(self, keys: Sequence[str]) -> None:
        command = [sys.executable, "-m", "benchmarks.delivery.reader", *keys]
        self._popen = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._popen.stdout is not None
        if self._popen.stdout.readline().strip() != "ready":
            raise RuntimeError("the reader does not start")

    def arrivals(self) -> dict[str, int]:
        """Stop the reader. Return the arrival times by update id, in monotonic nanoseconds.

        Raises :class:`RuntimeError` if an update arrived twice.
        """
        output, _ = self._popen.communicate("stop\n", timeout=30)
        entries = json.loads(output)
        arrived = dict(entries)
        if len(arrived) != len(entries):
            raise RuntimeError("an update arrived twice")
        return arrived
