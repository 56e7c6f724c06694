"""Who has the page of a case open. Redis keeps it for :data:`LIFE`; while Redis is unreachable, nobody is shown."""

from __future__ import annotations

from datetime import timedelta

import redis
import structlog

from alliance.lib import clock
from alliance.lib import redis as connections
from cases.models import Case
from members.models import User

log = structlog.get_logger(__name__)

# A heartbeat is sent every 30 seconds, so one may be lost.
LIFE = timedelta(seconds=75)
MAX_NAMES = 10


def record(*, case: Case, by: User) -> list[str]:
    """Record that ``by`` is looking at the case, and return the names of the others who are, the latest first."""
    now = clock.now().timestamp()
    key = f"presence:case:{case.pk}"
    try:
        with connections.shared(connections.SHORT_TIMEOUT_SECONDS).pipeline() as commands:
            commands.zadd(key, {str(by.pk): now})
            commands.zremrangebyscore(key, "-inf", now - LIFE.total_seconds())
            commands.expire(key, LIFE)
            commands.zrevrange(key, 0, MAX_NAMES)
            found = commands.execute()[-1]
    except redis.RedisError as error:
        log.warning("presence_unknown", error=type(error).__name__)
        return []
    others = [pk for pk in map(int, found) if pk != by.pk][:MAX_NAMES]
    if not others:
        return []
    # Access may have ended since.
    names = dict(User.objects.filter(pk__in=others, is_active=True).values_list("pk", "name"))
    return [names[pk] for pk in others if pk in names]
