"""Redis connections that never hang: the library's default is no time-out at all."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_SECONDS = 5.0
# For what nobody needs, and others wait behind: better lost than late.
SHORT_TIMEOUT_SECONDS = 0.3


@cache
def _client(url: str, timeout: float = TIMEOUT_SECONDS) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        health_check_interval=30,
        # The library would try again for seconds. One immediate try covers a connection that went
        # stale; what lasts longer, silence above all, is for the callers: they have rows to come
        # back to.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )


def liaison(timeout: float = TIMEOUT_SECONDS) -> redis.Redis:
    """Return the client of the Redis that holds the agencies' streams (never the broker's)."""
    return _client(settings.LIAISON_REDIS_URL, timeout)


def shared() -> redis.Redis:
    """Return the client of the Redis that the portal keeps its short-lived flags in."""
    return _client(settings.REDIS_URL)


def shared_short_timeout() -> redis.Redis:
    """Return a client like :func:`shared` that gives up within a fraction of a second."""
    return _client(settings.REDIS_URL, SHORT_TIMEOUT_SECONDS)
