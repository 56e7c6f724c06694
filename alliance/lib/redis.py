"""Redis clients with timeouts. The library has none by default."""

from __future__ import annotations

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

TIMEOUT_SECONDS = 5.0
# For best-effort commands that must not delay the caller.
SHORT_TIMEOUT_SECONDS = 0.3


@cache
def _client(url: str, timeout: float = TIMEOUT_SECONDS) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        health_check_interval=30,
        # The library retries for seconds by default. One immediate retry covers a stale connection. Callers handle
        # longer outages: their work is in PostgreSQL.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
    )


def liaison(timeout: float = TIMEOUT_SECONDS) -> redis.Redis:
    """Return the client of the Redis with the agencies' streams, which is not the broker."""
    return _client(settings.LIAISON_REDIS_URL, timeout)


def shared(timeout: float = TIMEOUT_SECONDS) -> redis.Redis:
    """Return the client of the Redis with the portal's short-lived flags."""
    return _client(settings.REDIS_URL, timeout)
