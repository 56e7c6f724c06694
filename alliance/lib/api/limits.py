"""Limits of requests in each minute, counted in the cache.

Counting is atomic in Redis. Without Redis, each process counts in its memory (:mod:`alliance.lib.cache`): the API
goes on, and a caller gets as many times the limit as there are processes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache

WINDOW_SECONDS = 60


@dataclass(frozen=True)
class Allowance:
    """What a caller has left: ``remaining`` requests in the next ``reset`` seconds."""

    limit: int
    remaining: int
    reset: int
    is_exceeded: bool

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


def take(caller: str, *, limit: int) -> Allowance:
    """Count one request of ``caller``, of at most ``limit`` in this minute."""
    now = int(time.time())
    window = now // WINDOW_SECONDS
    key = f"api-limit:{caller}:{window}"
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    try:
        used = cache.incr(key)
    except ValueError:  # Redis came back or went away between the two calls
        used = 1
    return Allowance(
        limit=limit,
        remaining=max(limit - used, 0),
        reset=(window + 1) * WINDOW_SECONDS - now,
        is_exceeded=used > limit,
    )
