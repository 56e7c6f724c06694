"""Consumer groups are the agencies' own, within bounds: all streams share the memory of one Redis.

An account that may make groups and consumers may make any number of them, and Redis goes on doing so when it has
no room left for entries. So a stream with more than anybody needs loses its groups: their consumers find that out
as after any loss of the stream (``docs/liaison-api.md``), and go on from their own cursor.
"""

from __future__ import annotations

from typing import Any

import redis
import structlog

from alliance.lib import redis as connections

from . import patience
from .models import Channel

log = structlog.get_logger(__name__)

GROUPS_AT_MOST = 50
# Of all groups of a stream together. One is kept for each name that a worker ever took.
CONSUMERS_AT_MOST = 1000


def sweep() -> list[str]:
    """Take its groups from every stream that has too many, or too many consumers in them; return these streams.

    Raises nothing: a Redis that does not answer is met again at the next sweep.
    """
    if patience.is_pausing():
        return []
    keys = Channel.objects.filter(kind=Channel.Kind.STREAM).values_list("stream_key", flat=True)
    try:
        with patience.server() as server:
            crowded = _crowded(server, [key for key in keys if key])
        for key in crowded:
            log.warning("stream_groups_taken_away", stream=key)
            _take_away(connections.liaison(), key)
    except redis.RedisError as error:
        log.warning("stream_groups_not_checked", error=type(error).__name__)
        return []
    return crowded


def _crowded(server: redis.Redis, keys: list[str]) -> list[str]:
    """Return which of these streams have more than they should; only small answers are asked for."""
    streams = _each(server, "xinfo_stream", keys)
    groups = {key: int(found["groups"]) for key, found in streams.items()}
    few = [key for key in keys if 0 < groups.get(key, 0) <= GROUPS_AT_MOST]
    consumers = {
        key: sum(int(one["consumers"]) for one in found)
        for key, found in _each(server, "xinfo_groups", few).items()
    }
    return [
        key
        for key in keys
        if groups.get(key, 0) > GROUPS_AT_MOST or consumers.get(key, 0) > CONSUMERS_AT_MOST
    ]


def _each(server: redis.Redis, command: str, keys: list[str]) -> dict[str, Any]:
    """Return the answer for each stream that is there, in one round trip."""
    if not keys:
        return {}
    pipeline = server.pipeline(transaction=False)
    for key in keys:
        getattr(pipeline, command)(key)
    answers = pipeline.execute(raise_on_error=False)
    return {
        key: answer
        for key, answer in zip(keys, answers, strict=True)
        if not isinstance(answer, Exception)
    }


def _take_away(server: redis.Redis, key: str) -> None:
    names = [group["name"] for group in server.xinfo_groups(key)]
    pipeline = server.pipeline(transaction=False)
    for name in names:
        pipeline.xgroup_destroy(key, name)
    pipeline.execute()
