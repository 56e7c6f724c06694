"""The stream channel: compare-and-append, so that Redis itself refuses duplicates and gaps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis
import structlog
from django.conf import settings

from alliance.lib import redis as connections
from cases.liaison.delivery.stream.lua import FIELD

log = structlog.get_logger(__name__)

# KEYS[1] the stream. ARGV: pairs of sequence and entry, sequences ascending without gaps.
# Entry IDs are "<sequence>-0". Entries up to the stream's last ID are skipped, and nothing is appended after a
# gap (the caller rewinds).
# Returns the last sequence in the stream after the call. If the stream has another update under one of the
# sequences, appends nothing and returns the negative of that sequence.
_APPEND = (
    FIELD
    + """
local last = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local id = field(redis.call('XINFO', 'STREAM', KEYS[1]), 'last-generated-id')
  last = tonumber(string.match(id, '^(%d+)'))
end
for i = 1, #ARGV, 2 do
  local sequence = tonumber(ARGV[i])
  if sequence > last + 1 then
    return last
  end
  if sequence <= last then
    local kept = redis.call('XRANGE', KEYS[1], ARGV[i] .. '-0', ARGV[i] .. '-0')[1]
    if kept and cjson.decode(kept[2][2]).id ~= cjson.decode(ARGV[i + 1]).id then
      return -sequence
    end
  end
  if sequence == last + 1 then
    redis.call('XADD', KEYS[1], ARGV[i] .. '-0', 'update', ARGV[i + 1])
    last = sequence
  end
end
return last
"""
)

# KEYS[1] the stream. ARGV[1] the entry. A test takes no number: its ID is "<last>-<n + 1>", after the last
# entry and before the next one. _APPEND ignores it, because it reads the first part of IDs only. Returns the
# ID and the new length of the stream.
_APPEND_TEST = (
    FIELD
    + """
local last, part = '0', 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local last_id = field(redis.call('XINFO', 'STREAM', KEYS[1]), 'last-generated-id')
  last, part = string.match(last_id, '^(%d+)-(%d+)')
end
local id = redis.call('XADD', KEYS[1], last .. '-' .. (tonumber(part) + 1), 'update', ARGV[1])
return {id, redis.call('XLEN', KEYS[1])}
"""
)


@dataclass(frozen=True)
class Entry:
    """One update with its number in the stream. ``payload`` is JSON as PostgreSQL writes it."""

    sequence: int
    payload: str


def encoded(payload: dict[str, Any]) -> str:
    """Return ``payload`` as PostgreSQL writes it: JSON with spaces, and non-ASCII characters unescaped."""
    return json.dumps(payload, ensure_ascii=False)


def append(key: str, entries: Sequence[Entry]) -> int:
    """Append those ``entries`` that the stream does not have. Return the last sequence it then has.

    A result below the last entry's sequence means that the stream has lost entries. Raises
    :class:`redis.RedisError` if Redis does not answer; the entries may have been appended. Raises
    :class:`redis.DataError` if the stream has another update under one of the numbers: the database has been
    replaced by an older copy since, and appending would skip the updates that reuse those numbers.
    """
    arguments: list[str] = []
    for entry in entries:
        arguments += [str(entry.sequence), entry.payload]
    last = int(connections.liaison().register_script(_APPEND)(keys=[key], args=arguments))
    if last < 0:
        raise redis.DataError(f"the stream has another update under the number {-last}")
    return last


def append_test(key: str, entry: str) -> tuple[str, int]:
    """Append a test entry, which takes no number. Return its ID and the length of the stream.

    Raises :class:`redis.RedisError` if Redis does not answer.
    """
    entry_id, length = connections.liaison().register_script(_APPEND_TEST)(keys=[key], args=[entry])
    return entry_id.decode(), int(length)


def last_sequences(keys: Sequence[str], server: redis.Redis | None = None) -> list[int]:
    """Return the last sequence of each stream in one round trip; 0 for one that does not exist.

    ``server`` is a client of the streams' Redis with other timeouts than the default one.
    """
    server = server or connections.liaison()
    pipeline = server.pipeline(transaction=False)
    script = server.register_script(_APPEND)
    for key in keys:
        script(keys=[key], args=[], client=pipeline)
    return [int(last) for last in pipeline.execute()]


def expire(key: str) -> None:
    """Let Redis delete a stream that no channel uses any more, after ``LIAISON_KEEP_FORMER_STREAM_DAYS``.

    Never raises: if Redis does not respond, the stream stays and the log names it.
    """
    try:
        connections.liaison().expire(key, settings.LIAISON_KEEP_FORMER_STREAM_DAYS * 86_400)
    except redis.RedisError:
        log.warning("former_stream_not_expired", stream=key, exc_info=True)
