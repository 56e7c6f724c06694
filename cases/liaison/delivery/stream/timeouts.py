"""How long the sweeper waits for the streams' Redis: it sweeps the lanes of everybody else as well.

What it asks there, nobody waits for: whether a stream has lost something, whether an account is as it should
be. So it gives up within a fraction of a second and, after a silence, asks nothing for a while.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from django.conf import settings

from alliance.lib import redis as connections

PAUSE_AFTER_SILENCE_SECONDS = 5.0
# By the server's address: until when it is asked nothing, by this process's own clock.
_until: dict[str, float] = {}


@contextmanager
def server() -> Iterator[redis.Redis]:
    """Give the streams' Redis to somebody in a hurry; should it be away or silent, the pause begins."""
    url = settings.LIAISON_REDIS_URL
    try:
        yield connections.liaison(connections.IMPATIENT_SECONDS)
    except (redis.ConnectionError, redis.TimeoutError):
        _until[url] = time.monotonic() + PAUSE_AFTER_SILENCE_SECONDS
        raise
    _until.pop(url, None)


def is_pausing() -> bool:
    """Say whether Redis was silent a moment ago and is left alone for now."""
    return time.monotonic() < _until.get(settings.LIAISON_REDIS_URL, 0.0)
