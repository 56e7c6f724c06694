"""Calls that run at the same moment, each on a database connection of its thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

from alliance.lib.refusals import Refusal


def run_concurrently(*calls: Callable[[], Any], seconds: float = 30) -> list[Any]:
    """Run the calls in threads that start together; return the result or the refusal of each.

    Any other exception is raised, and a call that takes more than ``seconds`` raises ``TimeoutError``.
    """
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    pool = ThreadPoolExecutor(len(calls))
    try:
        futures = [pool.submit(run, call) for call in calls]
        return [future.result(timeout=seconds) for future in futures]
    finally:
        pool.shutdown(wait=False)
