"""The Celery queues and the options of the Redis transport. Read by the settings.

A message is only a wake-up; the work is in PostgreSQL. The broker may lose or repeat a message. It must not block a
process, hide a message for long, or redeliver one that a healthy worker is still processing.
"""

from __future__ import annotations

from typing import Any

# Webhooks wait for the servers of others, so they have separate queues. Members' webhooks delay no agency's.
NAMES = ("default", "stream", "webhook", "member_webhook", "mail")
# Exists only with the setting OCR_ENABLED, and has workers of its own.
OCR = "ocr"

# Redis redelivers the message of a dead worker after this time. All task time limits are shorter.
VISIBILITY_SECONDS = 60
HARD_LIMIT_SECONDS = 55
SOFT_LIMIT_SECONDS = 45
# How often workers look for such messages. The default is every hundred seconds.
RESTORE_EVERY_SECONDS = 5
SILENCE_SECONDS = 5


def queue_names(*, ocr: bool) -> tuple[str, ...]:
    """Return the names of the queues that workers may read, with :data:`OCR` if reading pictures is on."""
    return (*NAMES, OCR) if ocr else NAMES


def transport_options(
    url: str, *, visibility_seconds: int = VISIBILITY_SECONDS, sentinel_master: str = ""
) -> dict[str, Any]:
    """Return Celery's transport options for the Redis at ``url``.

    For Sentinel (``sentinel://…``), ``sentinel_master`` is the name of the master.
    """
    options = _redis(visibility_seconds)
    if url.startswith("sentinel"):
        options |= {"master_name": sentinel_master, "sentinel_kwargs": dict(_TIMEOUTS)}
    return options


# Without timeouts (the default), a worker hangs forever if the network drops packets. Waiting for messages is not
# affected, because it polls.
_TIMEOUTS = {"socket_timeout": SILENCE_SECONDS, "socket_connect_timeout": SILENCE_SECONDS}


def _redis(visibility_seconds: int) -> dict[str, Any]:
    return {
        "visibility_timeout": visibility_seconds,
        "unacked_restore_interval": RESTORE_EVERY_SECONDS,
        "unacked_restore_throttle": 1,
        # If a worker is killed while it restores messages, the others take over after this time instead of five minutes.
        "unacked_mutex_expire": 2 * RESTORE_EVERY_SECONDS,
        **_TIMEOUTS,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
