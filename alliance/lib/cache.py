"""A Redis cache that falls back to memory while Redis is unreachable.

The cache holds the counters of the login rate limits. Without Redis each process counts separately: an attacker gets
a few times as many attempts, and all users can still log in.
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

# Requests wait for the cache.
TIMEOUT_SECONDS = 1.0
# Redis is not used for this long after a failure, so that a page with ten cache calls does not wait ten times.
PAUSE_SECONDS = 3.0


class FallbackCache(RedisCache):
    """Django's Redis cache with a fallback to this process's memory."""

    # A class attribute, because each thread has its own cache object.
    unreachable_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            # One retry covers a stale connection.
            "retry": Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        }
        params["OPTIONS"] = options | params.get("OPTIONS", {})
        super().__init__(server, params)
        self._fallback = LocMemCache("redis-fallback", {**params, "OPTIONS": {}})

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= FallbackCache.unreachable_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except redis.RedisError as error:
                FallbackCache.unreachable_until = time.monotonic() + PAUSE_SECONDS
                log.warning("cache_away", error=type(error).__name__)
        return getattr(self._fallback, method)(*args, **kwargs)

    def is_unreachable(self) -> bool:
        """Return whether Redis fails to respond now, regardless of earlier failures."""
        try:
            self._cache.get_client().ping()
        except redis.RedisError:
            return True
        return False

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        self._fallback.clear()
        return self._call("clear")
