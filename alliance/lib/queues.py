"""The queues, and what a broker is told: Redis, or RabbitMQ when its URL says so. Read by the settings.

A message is a wake-up; the work is in PostgreSQL. So a broker may lose or repeat one, but must never hang a
process, keep a message from everybody for long, or hand out one that a healthy worker is still busy with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kombu import Queue

# ``import`` and ``dossier`` are for tasks of minutes' work in slices. They are declared, and read by a worker
# of their own, ahead of the first such task: no release finds a task in a queue that nobody reads.
NAMES = ("default", "stream", "webhook", "mail", "import", "dossier")

# The longest that Redis keeps a message of a dead worker from the others. Every time limit is below it.
VISIBILITY_SECONDS = 60
HARD_LIMIT_SECONDS = 55
SOFT_LIMIT_SECONDS = 45
# How often workers look for such messages. The library looks every hundred seconds, unless told both numbers.
RESTORE_EVERY_SECONDS = 5
SILENCE_SECONDS = 5


@dataclass(frozen=True)
class BrokerSettings:
    """What depends on the kind of broker."""

    queues: list[Queue]
    transport_options: dict[str, Any]


def broker_settings(
    url: str, *, visibility_seconds: int = VISIBILITY_SECONDS, sentinel_master: str = ""
) -> BrokerSettings:
    """Return the settings for the broker at ``url``.

    Sentinels (``sentinel://…``) are asked for the Redis that they know as ``sentinel_master``.
    """
    if url.partition(":")[0].startswith(("amqp", "pyamqp")):
        quorum = {"x-queue-type": "quorum"}
        return BrokerSettings(
            [Queue(name, routing_key=name, queue_arguments=quorum) for name in NAMES],
            # A message counts as sent when most of RabbitMQ's nodes have it.
            {"confirm_publish": True},
        )
    options = _redis(visibility_seconds)
    if url.startswith("sentinel"):
        options |= {"master_name": sentinel_master, "sentinel_kwargs": dict(_PATIENCE)}
    return BrokerSettings([Queue(name, routing_key=name) for name in NAMES], options)


# The default is none, which hangs a worker on a silent network for good. Waiting for a message is not cut
# short by it: that is done by polling.
_PATIENCE = {"socket_timeout": SILENCE_SECONDS, "socket_connect_timeout": SILENCE_SECONDS}


def _redis(visibility_seconds: int) -> dict[str, Any]:
    return {
        "visibility_timeout": visibility_seconds,
        "unacked_restore_interval": RESTORE_EVERY_SECONDS,
        "unacked_restore_throttle": 1,
        # A worker killed while it restores must not keep the others from it for the default's five minutes.
        "unacked_mutex_expire": 2 * RESTORE_EVERY_SECONDS,
        **_PATIENCE,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
