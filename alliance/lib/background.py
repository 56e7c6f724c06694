"""One thread of this process for what nobody should wait for: small calls, in their order, none of them needed."""

from __future__ import annotations

import contextvars
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class Background:
    """Runs calls one after the other, in a thread that is started with the first of them.

    What is called must not raise and must give up in time: a process that ends waits for it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        # What a forked child must not touch, nor let be cleaned up: it is its parent's.
        self._of_parent: list[ThreadPoolExecutor] = []
        self._begin()
        os.register_at_fork(after_in_child=self._begin_anew)

    def run(self, key: str, call: Callable[..., None], *args: Any) -> None:
        """Have ``call(*args)`` run soon, unless a call with this ``key`` waits to be run already.

        Returns at once and never raises; the context (that of the log, say) goes along. Nothing is run any more
        when the process is about to end.
        """
        if key in self._waiting:
            return
        self._waiting.add(key)
        try:
            self._thread.submit(contextvars.copy_context().run, self._run, key, call, args)
        except RuntimeError:
            self._waiting.discard(key)

    def flush(self, seconds: float = 10.0) -> None:
        """Wait until all that was handed over before is done. Raises :class:`TimeoutError` if it takes longer."""
        self._thread.submit(lambda: None).result(seconds)

    def _run(self, key: str, call: Callable[..., None], args: tuple[Any, ...]) -> None:
        # First, as a wake-up's flag: what comes from now on may be too late for this call.
        self._waiting.discard(key)
        call(*args)

    def _begin(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=self.name)
        self._waiting: set[str] = set()

    def _begin_anew(self) -> None:
        self._of_parent.append(self._thread)
        self._begin()
