"""Limits on consumer groups: agencies create them, and all streams share the memory of one Redis.

An account that may create groups and consumers may create any number of them, even when Redis has no memory
left for entries. So all groups of a stream that exceeds the limits are deleted. Consumers handle this as they
handle any loss of the stream (``docs/liaison-api.md``), and continue from their own cursor.
"""

from __future__ import annotations

import redis
import structlog

from alliance.lib import redis as connections
from cases.liaison.delivery.stream import timeouts
from cases.liaison.delivery.stream.lua import FIELD
from cases.liaison.models import Channel

log = structlog.get_logger(__name__)

MAX_GROUPS = 50
# For all groups of a stream together. Redis keeps one for each name that was ever used.
MAX_CONSUMERS = 1000

# KEYS[1] the stream. ARGV[1] the number of groups above which consumers are not counted. Returns both numbers.
_COUNT = (
    FIELD
    + """
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {0, 0}
end
local groups, consumers = field(redis.call('XINFO', 'STREAM', KEYS[1]), 'groups'), 0
if groups <= tonumber(ARGV[1]) then
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    consumers = consumers + field(group, 'consumers')
  end
end
return {groups, consumers}
"""
)


def sweep() -> list[str]:
    """Delete all groups of every stream with too many groups or consumers. Return these streams.

    Never raises: if Redis does not answer, the next sweep tries again.
    """
    if timeouts.is_pausing():
        return []
    keys = Channel.objects.filter(kind=Channel.Kind.STREAM).values_list("stream_key", flat=True)
    try:
        with timeouts.server() as server:
            over = _over_limits(server, [key for key in keys if key])
        for key in over:
            log.warning("stream_groups_deleted", stream=key)
            _delete_groups(connections.liaison(), key)
    except redis.RedisError as error:
        log.warning("stream_groups_not_checked", error=type(error).__name__)
        return []
    return over


def _over_limits(server: redis.Redis, keys: list[str]) -> list[str]:
    """Return which of these streams exceed the limits, in one round trip."""
    pipeline = server.pipeline(transaction=False)
    script = server.register_script(_COUNT)
    for key in keys:
        script(keys=[key], args=[MAX_GROUPS], client=pipeline)
    counts = zip(keys, pipeline.execute(), strict=True)
    return [
        key
        for key, (groups, consumers) in counts
        if groups > MAX_GROUPS or consumers > MAX_CONSUMERS
    ]


def _delete_groups(server: redis.Redis, key: str) -> None:
    names = [group["name"] for group in server.xinfo_groups(key)]
    pipeline = server.pipeline(transaction=False)
    for name in names:
        pipeline.xgroup_destroy(key, name)
    pipeline.execute()
