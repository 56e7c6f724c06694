"""Short timeouts for the sweeper's requests to the streams' Redis.

The requests check whether a stream lost entries and whether accounts are correct. They are not urgent, and
the sweeper must not delay the other channels. It therefore times out within a fraction of a second, and
after a timeout it sends no requests for :data:`PAUSE_AFTER_SILENCE_SECONDS`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from django.conf import settings

from alliance.lib import redis as connections

PAUSE_AFTER_SILENCE_SECONDS = 5.0
# By URL of the server: until when no request is sent, by this process's monotonic clock.
_until: dict[str, float] = {}


@contextmanager
def server() -> Iterator[redis.Redis]:
    """Yield a client of the streams' Redis with a short timeout. A timeout or lost connection begins the pause."""
    url = settings.LIAISON_REDIS_URL
    try:
        yield connections.liaison(connections.SHORT_TIMEOUT_SECONDS)
    except (redis.ConnectionError, redis.TimeoutError):
        _until[url] = time.monotonic() + PAUSE_AFTER_SILENCE_SECONDS
        raise
    _until.pop(url, None)


def is_pausing() -> bool:
    """Return whether Redis did not answer a moment ago, so that no request is sent for now."""
    return time.monotonic() < _until.get(settings.LIAISON_REDIS_URL, 0.0)
