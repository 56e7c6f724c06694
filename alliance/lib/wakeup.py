"""Coalesced, best-effort wake-ups for workers.

The work itself is in PostgreSQL. A flag in Redis coalesces wake-ups: the process that sets the flag sends the task,
and the task clears the flag before it queries, so that a later commit sends another wake-up. The flag expires, so a
lost task causes a delay of seconds. A background thread sends the tasks, so that requests do not wait for the broker.
After a failure nothing is sent for a few seconds; periodic sweeps find the rows.
"""

from __future__ import annotations

import time
from typing import Any

import redis
import structlog
from django.conf import settings

from alliance.lib import broker
from alliance.lib import redis as connections
from alliance.lib.background import Background

log = structlog.get_logger(__name__)

FLAG_SECONDS = 5
NOTIFICATIONS_SECONDS = 3600
PAUSE_AFTER_FAILURE_SECONDS = 3.0

PRODUCER = broker.TaskProducer(connections.SHORT_TIMEOUT_SECONDS)
BACKGROUND = Background("wakeup")

# The minimum interval between equal wake-ups of a process while Redis, and thus the flags, are unreachable.
UNFLAGGED_EVERY_SECONDS = 1.0


class Pause:
    """Cooldown of this process after a failure, as monotonic times: for everything, and for flags only."""

    until = 0.0
    flags_until = 0.0


# When this process last sent each wake-up without a flag. There are few entries: one per channel and per test update.
_unflagged: dict[str, float] = {}


def send(task: str, *args: Any, queue: str, flag: str) -> None:
    """Send ``task`` in the background, unless ``flag`` is already set. Returns at once and never raises."""
    if time.monotonic() >= Pause.until:
        BACKGROUND.run(flag, _send, task, args, queue, flag)


def _send(task: str, args: tuple[Any, ...], queue: str, flag: str) -> None:
    if time.monotonic() < Pause.until:
        return
    try:
        if _is_first(flag):
            PRODUCER.send(task, args, queue=queue)
    except Exception as error:  # noqa: BLE001  (any broker error: the sweep finds the rows)
        Pause.until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
        log.warning("wake_up_lost", flag=flag, error=type(error).__name__)


def _is_first(flag: str) -> bool:
    """Set the flag and return whether it was not set before. Raises :class:`redis.RedisError`.

    If the broker is not the Redis of the flags, an unreachable Redis is not an error: a minimum interval replaces the
    flag.
    """
    if settings.CELERY_BROKER_URL == settings.REDIS_URL:
        return _set(flag)
    if time.monotonic() >= Pause.flags_until:
        try:
            return _set(flag)
        except redis.RedisError as error:
            Pause.flags_until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
            log.warning("wake_flags_unreachable", error=type(error).__name__)
    last = _unflagged.get(flag, -UNFLAGGED_EVERY_SECONDS)
    if time.monotonic() - last < UNFLAGGED_EVERY_SECONDS:
        return False
    _unflagged[flag] = time.monotonic()
    return True


def _set(flag: str) -> bool:
    return bool(
        connections.shared(connections.SHORT_TIMEOUT_SECONDS).set(
            _key(flag), 1, nx=True, ex=FLAG_SECONDS
        )
    )


def notify(flag: str) -> None:
    """Increment the counter of :func:`notifications`. Best effort: returns at once and never raises."""
    if time.monotonic() >= Pause.until:
        BACKGROUND.run(flag, _notify, flag)


def _notify(flag: str) -> None:
    if time.monotonic() < Pause.until:
        return
    try:
        pipeline = connections.shared(connections.SHORT_TIMEOUT_SECONDS).pipeline(transaction=False)
        pipeline.incr(_key(flag))
        pipeline.expire(_key(flag), NOTIFICATIONS_SECONDS)
        pipeline.execute()
    except redis.RedisError as error:
        Pause.until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
        log.warning("notification_lost", flag=flag, error=type(error).__name__)


def notifications(flag: str) -> int:
    """Return the value of the notification counter. Raises :class:`redis.RedisError`."""
    return int(connections.shared().get(_key(flag)) or 0)


def clear(*flags: str) -> None:
    """Clear the flags, so that later commits send new wake-ups."""
    try:
        connections.shared().delete(*map(_key, flags))
    except redis.RedisError as error:
        log.warning("wake_flag_not_cleared", flag=flags[0], error=type(error).__name__)


def is_set(flag: str) -> bool:
    """Return whether a wake-up with this flag is pending."""
    return bool(connections.shared().exists(_key(flag)))


def _key(flag: str) -> str:
    return f"portal:wake:{flag}"
