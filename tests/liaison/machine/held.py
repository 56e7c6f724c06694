"""Workers that die or freeze at a named point. Only one of them runs at any time: every run is the same."""

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
# Far beyond what a run takes: time passes when a rule says so.
FAR = timedelta(hours=1)
BATCH = 2
# So many tries until a case is parked.
TRIES = 3


class Killed(BaseException):
    """The process ends here: nothing that comes after is done, not even what ``finally`` says."""


class Worker:
    """One turn of a worker that, when it reaches ``stops_at`` for the ``nth`` time, dies or freezes there.

    ``redis_fails`` lets the first append fail ``before`` it is done, or ``after``, its answer lost.
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
        # The cases it has in flight.
        self.busy: set[int] = set()
        self._go_on, self._stands = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def run(self) -> None:
        """Do the turn in this thread, to its end or to its death."""
        try:
            self._do()
        except Killed:
            pass

    def start(self) -> Self:
        """Do the turn in a thread of its own until it ends or freezes."""
        self.freezes = True
        self._thread.start()
        self._wait()
        return self

    def thaw(self) -> None:
        """Let it go on from where it froze, to its end."""
        self._stands.clear()
        self._go_on.set()
        self._wait()

    def kill(self) -> None:
        """End it where it is frozen."""
        self.is_killed = True
        self.thaw()

    def reached(self, point: str) -> None:
        """Called at every point of its turn."""
        if point != self.stops_at:
            return
        self.nth -= 1
        if self.nth >= 0:
            return
        self.stops_at = ""
        self.is_killed = not self.freezes
        if self.freezes:
            self.is_frozen = True
            self._stands.set()
            self._go_on.wait()
            self.is_frozen = False
        if self.is_killed:
            raise Killed

    def _live(self) -> None:
        try:
            self._do()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001  (raised in the thread that waits)
            self.error = error
        finally:
            connections.close_all()
            self._stands.set()

    def _do(self) -> None:
        _here.worker = self
        try:
            self.turn()
        finally:
            _here.worker = None

    def _wait(self) -> None:
        assert self._stands.wait(30), "a worker neither ends nor stops"
        if not self.is_frozen:
            self._thread.join(30)
        if self.error:
            raise self.error


def current() -> Worker:
    """Return the worker whose turn it is in this thread."""
    worker: Worker = _here.worker
    return worker


def reached(point: str) -> None:
    """Stands for :func:`cases.liaison.delivery.crash_points.reached`."""
    if worker := getattr(_here, "worker", None):
        worker.reached(point)


class InTurn:
    """Stands for the pool of threads: what is submitted is done at once, here, in order."""

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


def over_the_network(append: Callable[..., int]) -> Callable[..., int]:
    """Return ``append`` as it is when Redis or the way there fails: :attr:`Worker.redis_fails`."""

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
    """Put the workers under control, and keep every clock out of the game."""
    for module in (relay, sending, tasks):
        patch.setattr(module, "reached", reached)
    patch.setattr(lease, "release", _unless_killed(lease.release))
    patch.setattr(numbering, "BATCH", BATCH)
    patch.setattr(resend, "SLICE", BATCH)
    patch.setattr(lease, "LEASE", FAR)
    patch.setattr(stream, "append", over_the_network(stream.append))
    patch.setattr(sending, "ThreadPoolExecutor", InTurn)
    patch.setattr(sending, "wait", _in_order)
    patch.setattr(relay, "RETRY_AFTER_FAILURE", FAR)
    patch.setattr(relay, "RETRY_AT_MOST_SECONDS", FAR.total_seconds())
    patch.setattr(recording, "GIVE_UP_AFTER", TRIES)
    for name in ("FIRST_RETRY_SECONDS", "FIRST_PROBE_SECONDS", "THROTTLE_SECONDS"):
        patch.setattr(recording, name, FAR.total_seconds())
