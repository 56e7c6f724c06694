"""Consumer groups are the agencies' own, within bounds: all streams share the memory of one Redis.

An account that may make groups and consumers may make any number of them, and Redis goes on doing so when it has
no room left for entries. So a stream with more than anybody needs loses its groups: their consumers find that out
as after any loss of the stream (``docs/liaison-api.md``), and go on from their own cursor.
"""

from __future__ import annotations

import redis
import structlog

from alliance.lib import redis as connections
from cases.liaison.delivery.stream import timeouts
from cases.liaison.models import Channel

log = structlog.get_logger(__name__)

GROUPS_AT_MOST = 50
# Of all groups of a stream together. One is kept for each name that a worker ever took.
CONSUMERS_AT_MOST = 1000

# KEYS[1] the stream. ARGV[1] from how many groups on their consumers need not be counted. Returns both numbers.
_COUNT = """
local function field(info, name)
  for i = 1, #info, 2 do
    if info[i] == name then
      return info[i + 1]
    end
  end
end
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


def sweep() -> list[str]:
    """Take its groups from every stream that has too many, or too many consumers in them; return these streams.

    Raises nothing: a Redis that does not answer is met again at the next sweep.
    """
    if timeouts.is_pausing():
        return []
    keys = Channel.objects.filter(kind=Channel.Kind.STREAM).values_list("stream_key", flat=True)
    try:
        with timeouts.server() as server:
            crowded = _crowded(server, [key for key in keys if key])
        for key in crowded:
            log.warning("stream_groups_taken_away", stream=key)
            _take_away(connections.liaison(), key)
    except redis.RedisError as error:
        log.warning("stream_groups_not_checked", error=type(error).__name__)
        return []
    return crowded


def _crowded(server: redis.Redis, keys: list[str]) -> list[str]:
    """Return which of these streams have more than they should, in one round trip."""
    pipeline = server.pipeline(transaction=False)
    script = server.register_script(_COUNT)
    for key in keys:
        script(keys=[key], args=[GROUPS_AT_MOST], client=pipeline)
    counts = zip(keys, pipeline.execute(), strict=True)
    return [
        key
        for key, (groups, consumers) in counts
        if groups > GROUPS_AT_MOST or consumers > CONSUMERS_AT_MOST
    ]


def _take_away(server: redis.Redis, key: str) -> None:
    names = [group["name"] for group in server.xinfo_groups(key)]
    pipeline = server.pipeline(transaction=False)
    for name in names:
        pipeline.xgroup_destroy(key, name)
    pipeline.execute()
