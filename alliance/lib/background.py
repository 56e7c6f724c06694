"""A background thread for short, best-effort calls, which run in order."""

from __future__ import annotations

import contextvars
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class Background:
    """Runs calls one after the other in a thread that starts with the first call.

    A call must not raise and must have a time limit, because the process waits for it at exit.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        # Executors of the parent process. A forked child must neither use them nor garbage-collect them.
        self._inherited: list[ThreadPoolExecutor] = []
        self._start()
        os.register_at_fork(after_in_child=self._restart)

    def run(self, key: str, call: Callable[..., None], *args: Any) -> None:
        """Queue ``call(*args)``, unless a call with this ``key`` is already queued.

        Returns at once and never raises. The call runs in a copy of the caller's context. Calls are dropped while
        the process exits.
        """
        if key in self._waiting:
            return
        self._waiting.add(key)
        try:
            self._thread.submit(contextvars.copy_context().run, self._run, key, call, args)
        except RuntimeError:
            self._waiting.discard(key)

    def flush(self, seconds: float = 10.0) -> None:
        """Wait up to ``seconds`` for the queued calls to finish. Raises :class:`TimeoutError`."""
        self._thread.submit(lambda: None).result(seconds)

    def _run(self, key: str, call: Callable[..., None], args: tuple[Any, ...]) -> None:
        # Before the call: it may miss a change that is made from now on, so the key must be free again.
        self._waiting.discard(key)
        call(*args)

    def _start(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=self.name)
        self._waiting: set[str] = set()

    def _restart(self) -> None:
        self._inherited.append(self._thread)
        self._start()
