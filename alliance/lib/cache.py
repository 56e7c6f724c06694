"""A cache that goes on without Redis: then each process remembers for itself, and nobody is turned away.

The limits on guessing passwords are counted here. Without Redis every process counts on its own, so that a
guesser gets a few times as many tries, and not as many as they like; and everybody else can still log in.
"""

from __future__ import annotations

import time
from typing import Any

import redis
import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

# Somebody waits for their page.
TIMEOUT_SECONDS = 1.0
# After a failure Redis is left alone for so long: a page that asks ten times must not wait ten times.
PAUSE_SECONDS = 3.0


class FallbackCache(RedisCache):
    """Django's Redis cache; while Redis cannot be reached, a cache in this process's memory."""

    # Each thread has a cache object of its own: what one has found out holds for the process.
    unreachable_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            # One more try covers a connection that has gone stale.
            "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        }
        params["OPTIONS"] = options | params.get("OPTIONS", {})
        super().__init__(server, params)
        self._here = LocMemCache("while-redis-is-away", {**params, "OPTIONS": {}})

    def _ask(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= FallbackCache.unreachable_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except redis.RedisError as error:
                FallbackCache.unreachable_until = time.monotonic() + PAUSE_SECONDS
                log.warning("cache_away", error=type(error).__name__)
        return getattr(self._here, method)(*args, **kwargs)

    def is_unreachable(self) -> bool:
        """Ask Redis itself, whatever was found out before."""
        try:
            self._cache.get_client().ping()
        except redis.RedisError:
            return True
        return False

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        self._here.clear()
        return self._ask("clear")
