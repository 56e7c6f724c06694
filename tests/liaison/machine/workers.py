"""Workers that die or freeze at a named point. Only one runs at a time, so that runs are reproducible."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any, Self

import pytest
import redis
from django.db import connections

from cases.liaison import tasks
from cases.liaison.delivery import lease, numbering, resend
from cases.liaison.delivery.push import recording, sending
from cases.liaison.delivery.stream import append as stream
from cases.liaison.delivery.stream import relay

_here = threading.local()
# Longer than any run. Time passes by rules only.
FAR = timedelta(hours=1)
BATCH = 2
# Attempts until a delivery becomes a dead letter.
TRIES = 3


class Killed(BaseException):
    """The process ends here. Nothing after this runs, not even ``finally`` blocks."""


class Worker:
    """One turn of a worker that, when it reaches ``stops_at`` for the ``nth`` time, dies or freezes there.

    ``redis_fails`` makes the first append fail ``before`` it is done, or ``after`` it, with its response lost.
    """

    def __init__(
        self,
        turn: Callable[[], Any],
        *,
        stops_at: str = "",
        nth: int = 0,
        redis_fails: str = "",
    ) -> None:
        self.turn, self.stops_at, self.nth, self.redis_fails = turn, stops_at, nth, redis_fails
        self.is_frozen = self.is_killed = self.freezes = False
        self.error: BaseException | None = None
        # The cases in flight.
        self.busy: set[int] = set()
        self._go_on, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run_in_thread, daemon=True)

    def run(self) -> None:
        """Run the turn in this thread until it ends or dies."""
        try:
            self._do()
        except Killed:
            pass

    def start(self) -> Self:
        """Run the turn in a new thread until it ends or freezes."""
        self.freezes = True
        self._thread.start()
        self._wait()
        return self

    def thaw(self) -> None:
        """Let the frozen worker continue to the end."""
        self._stopped.clear()
        self._go_on.set()
        self._wait()

    def kill(self) -> None:
        """Kill the frozen worker."""
        self.is_killed = True
        self.thaw()

    def reached(self, point: str) -> None:
        """Called at every point of the turn."""
        if point != self.stops_at:
            return
        self.nth -= 1
        if self.nth >= 0:
            return
        self.stops_at = ""
        self.is_killed = not self.freezes
        if self.freezes:
            self.is_frozen = True
            self._stopped.set()
            self._go_on.wait()
            self.is_frozen = False
        if self.is_killed:
            raise Killed

    def _run_in_thread(self) -> None:
        try:
            self._do()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001  (raised in the waiting thread)
            self.error = error
        finally:
            connections.close_all()
            self._stopped.set()

    def _do(self) -> None:
        _here.worker = self
        try:
            self.turn()
        finally:
            _here.worker = None

    def _wait(self) -> None:
        assert self._stopped.wait(30), "the worker neither ends nor freezes"
        if not self.is_frozen:
            self._thread.join(30)
        if self.error:
            raise self.error


def current() -> Worker:
    """Return the worker of this thread."""
    worker: Worker = _here.worker
    return worker


def reached(point: str) -> None:
    """Replaces :func:`cases.liaison.delivery.crash_points.reached`."""
    if worker := getattr(_here, "worker", None):
        worker.reached(point)


class SerialExecutor:
    """Replaces the thread pool: runs each submitted task at once, in this thread."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(self, task: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(task())
        return future


def _in_order(futures: Iterable[Future[Any]], *_: Any) -> tuple[list[Future[Any]], Collection[Any]]:
    return list(futures), ()


def unreliable(append: Callable[..., int]) -> Callable[..., int]:
    """Return ``append`` with the failures of :attr:`Worker.redis_fails`."""

    def appended(*args: Any) -> int:
        worker = current()
        fails, worker.redis_fails = worker.redis_fails, ""
        if fails == "before":
            raise redis.ConnectionError("refused")
        last = append(*args)
        if fails == "after":
            raise redis.TimeoutError("no answer")
        return last

    return appended


def _unless_killed(release: Callable[..., None]) -> Callable[..., None]:
    def released(*args: Any) -> None:
        if not current().is_killed:
            release(*args)

    return released


def install(patch: pytest.MonkeyPatch) -> None:
    """Control the workers, and disable everything that depends on time."""
    for module in (relay, sending, tasks):
        patch.setattr(module, "reached", reached)
    patch.setattr(lease, "release", _unless_killed(lease.release))
    patch.setattr(numbering, "BATCH", BATCH)
    patch.setattr(resend, "SLICE", BATCH)
    patch.setattr(lease, "LEASE", FAR)
    patch.setattr(stream, "append", unreliable(stream.append))
    patch.setattr(sending, "ThreadPoolExecutor", SerialExecutor)
    patch.setattr(sending, "wait", _in_order)
    patch.setattr(relay, "RETRY_AFTER_FAILURE", FAR)
    patch.setattr(relay, "MAX_RETRY_SECONDS", FAR.total_seconds())
    patch.setattr(recording, "DEAD_AFTER_ATTEMPTS", TRIES)
    for name in ("FIRST_RETRY_SECONDS", "FIRST_PROBE_SECONDS", "THROTTLE_SECONDS"):
        patch.setattr(recording, name, FAR.total_seconds())
