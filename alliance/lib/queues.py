"""The Celery queues and the options of the Redis transport. Read by the settings.

A message is a wake-up; the work is in PostgreSQL. The broker may lose or repeat a message. It must not hang a
process, hide a message for long, or deliver one that a healthy worker is still processing.
"""

from __future__ import annotations

from typing import Any

NAMES = ("default", "stream", "webhook", "mail")

# The longest that Redis keeps a message of a dead worker from the others. Every time limit is below it.
VISIBILITY_SECONDS = 60
HARD_LIMIT_SECONDS = 55
SOFT_LIMIT_SECONDS = 45
# How often workers look for such messages. The library looks every hundred seconds, unless told both numbers.
RESTORE_EVERY_SECONDS = 5
SILENCE_SECONDS = 5


def transport_options(
    url: str, *, visibility_seconds: int = VISIBILITY_SECONDS, sentinel_master: str = ""
) -> dict[str, Any]:
    """Return Celery's transport options for the Redis at ``url``.

    Sentinels (``sentinel://…``) are asked for the Redis that they know as ``sentinel_master``.
    """
    options = _redis(visibility_seconds)
    if url.startswith("sentinel"):
        options |= {"master_name": sentinel_master, "sentinel_kwargs": dict(_TIMEOUTS)}
    return options


# The default is none, which hangs a worker on a silent network for good. Waiting for a message is not cut
# short by it: that is done by polling.
_TIMEOUTS = {"socket_timeout": SILENCE_SECONDS, "socket_connect_timeout": SILENCE_SECONDS}


def _redis(visibility_seconds: int) -> dict[str, Any]:
    return {
        "visibility_timeout": visibility_seconds,
        "unacked_restore_interval": RESTORE_EVERY_SECONDS,
        "unacked_restore_throttle": 1,
        # A worker killed while it restores must not keep the others from it for the default's five minutes.
        "unacked_mutex_expire": 2 * RESTORE_EVERY_SECONDS,
        **_TIMEOUTS,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
