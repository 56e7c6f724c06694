"""Wake-ups for workers: coalesced, no data in them, none of them needed.

What has to be done lies in PostgreSQL. A flag in Redis coalesces the wake-ups for it: whoever sets it
sends the task, and the task clears it before it looks, so a change committed after that sends another.
The flag dies by itself, so a lost task costs seconds. A thread of its own sends them, so that nobody's page
waits for a broker, least of all for one that is away: after one failure nothing is tried for a while, and
sweeps find the rows later.
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

# Without Redis and its flags a process sends the same wake-up no more often than this.
UNFLAGGED_EVERY_SECONDS = 1.0


class Pause:
    """Until when nothing is tried, by this process's own clock: nothing at all, or no flags."""

    until = 0.0
    flags_until = 0.0


# When this process last sent what it could not flag. One entry for each lane, and for each test update sent
# while Redis was away: there are few.
_unflagged: dict[str, float] = {}


def send(task: str, *args: Any, queue: str, flag: str) -> None:
    """Have ``task`` sent unless one with the same ``flag`` waits already. Returns at once and never raises."""
    if time.monotonic() >= Pause.until:
        BACKGROUND.run(flag, _send, task, args, queue, flag)


def _send(task: str, args: tuple[Any, ...], queue: str, flag: str) -> None:
    if time.monotonic() < Pause.until:
        return
    try:
        if _is_first(flag):
            PRODUCER.send(task, args, queue=queue)
    except Exception as error:  # noqa: BLE001  (whatever the broker raises: the sweep finds the rows)
        Pause.until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
        log.warning("wake_up_lost", flag=flag, error=type(error).__name__)


def _is_first(flag: str) -> bool:
    """Set the flag; return whether it was not set before. Raises :class:`redis.RedisError`.

    Where the broker is another server than the flags' Redis, it is used without it.
    """
    if settings.CELERY_BROKER_URL == settings.REDIS_URL:
        return _set(flag)
    if time.monotonic() >= Pause.flags_until:
        try:
            return _set(flag)
        except redis.RedisError as error:
            Pause.flags_until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
            log.warning("wake_flags_away", error=type(error).__name__)
    last = _unflagged.get(flag, -UNFLAGGED_EVERY_SECONDS)
    if time.monotonic() - last < UNFLAGGED_EVERY_SECONDS:
        return False
    _unflagged[flag] = time.monotonic()
    return True


def _set(flag: str) -> bool:
    return bool(connections.shared_short_timeout().set(_key(flag), 1, nx=True, ex=FLAG_SECONDS))


def notify(flag: str) -> None:
    """Give a sign to those who look at :func:`notifications`. Returns at once and never raises; it may be lost."""
    if time.monotonic() >= Pause.until:
        BACKGROUND.run(flag, _notify, flag)


def _notify(flag: str) -> None:
    if time.monotonic() < Pause.until:
        return
    try:
        pipeline = connections.shared_short_timeout().pipeline(transaction=False)
        pipeline.incr(_key(flag))
        pipeline.expire(_key(flag), NOTIFICATIONS_SECONDS)
        pipeline.execute()
    except redis.RedisError as error:
        Pause.until = time.monotonic() + PAUSE_AFTER_FAILURE_SECONDS
        log.warning("sign_lost", flag=flag, error=type(error).__name__)


def notifications(flag: str) -> int:
    """Return how many signs were given. Raises :class:`redis.RedisError`."""
    return int(connections.shared().get(_key(flag)) or 0)


def clear(*flags: str) -> None:
    """Take the flags away: what is committed from now on sends a wake-up of its own."""
    try:
        connections.shared().delete(*map(_key, flags))
    except redis.RedisError as error:
        log.warning("wake_flag_not_cleared", flag=flags[0], error=type(error).__name__)


def is_set(flag: str) -> bool:
    """Say whether a wake-up with this flag is on its way."""
    return bool(connections.shared().exists(_key(flag)))


def _key(flag: str) -> str:
    return f"portal:wake:{flag}"
