"""Trimming: deletes old entries at the head of streams, so that streams do not grow without limit.

An entry is deleted when every consumer group of its stream has acknowledged it and it was sent more than
``LIAISON_KEEP_ACKNOWLEDGED_STREAM_DAYS`` days ago. A stream without groups is never trimmed, because nothing is
known about its readers. The last entry and the last acknowledged number are always kept.

Trimming is not mistaken for a loss. A loss is detected by the last ID of a stream, which Redis keeps when the
head is deleted. PostgreSQL keeps every update: a stream that is lost is refilled from its first number, and the next
run trims it again.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import NamedTuple

import redis
import structlog
from django.conf import settings
from django.db.models import Min
from django.db.models.functions import Now

from alliance.lib import redis as connections
from cases.liaison.delivery.stream.lua import FIELD
from cases.liaison.models import Channel, Delivery

log = structlog.get_logger(__name__)

# The most entries that one call of the script deletes: Redis serves no other client meanwhile.
BATCH = 1000
# The most batches of one stream in one run.
MAX_BATCHES = 100
# A run ends after this time. The next run continues.
RUN_SECONDS = 20.0

# KEYS[1] the stream. ARGV[1] the highest sequence to delete; 0 deletes nothing.
# A group has acknowledged what is below its oldest pending entry and below the last entry delivered to it.
# That entry's own number is kept: a test entry, "<sequence>-<n>", may follow it undelivered.
# Checks the groups and deletes in one step, so that no group can be created or set back in between.
# Returns the first sequence in the stream, the last one that all groups have acknowledged, and the number of
# deleted entries.
_TRIM = (
    FIELD
    + """
local function sequence(id)
  return tonumber(string.match(id, '^(%d+)'))
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {0, 0, 0}
end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
local first, groups = field(info, 'first-entry'), redis.call('XINFO', 'GROUPS', KEYS[1])
if not first or #groups == 0 then
  return {0, 0, 0}
end
local kept = sequence(field(info, 'last-generated-id'))
for _, group in ipairs(groups) do
  kept = math.min(kept, sequence(field(group, 'last-delivered-id')))
  if field(group, 'pending') > 0 then
    kept = math.min(kept, sequence(redis.call('XPENDING', KEYS[1], field(group, 'name'))[2]))
  end
end
local last, deleted = math.min(kept - 1, tonumber(ARGV[1])), 0
if last >= sequence(first[1]) then
  deleted = redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f-0', last + 1))
end
return {sequence(first[1]), kept - 1, deleted}
"""
)


class _Stream(NamedTuple):
    """The first sequence in a stream, the last acknowledged one, and how many entries were deleted now."""

    first: int
    acknowledged: int
    deleted: int


def trim_all() -> int:
    """Trim the streams of all channels. Return how many entries were deleted.

    The order is random, so that a run that ends early does not always skip the same streams. Never raises
    :class:`redis.RedisError`: if Redis does not respond, the run ends, and the next run continues.
    """
    until = time.monotonic() + RUN_SECONDS
    deleted = 0
    try:
        for channel in Channel.objects.filter(kind=Channel.Kind.STREAM).order_by("?"):
            if time.monotonic() > until:
                break
            try:
                deleted += trim(channel)
            except redis.ResponseError:
                log.exception("stream_not_trimmed", channel=channel.pk)
    except redis.RedisError as error:
        log.warning("streams_not_trimmed", error=type(error).__name__)
    if deleted:
        log.info("streams_trimmed", entries=deleted)
    return deleted


def trim(channel: Channel) -> int:
    """Trim the stream of one channel. Return how many entries were deleted.

    At most :data:`MAX_BATCHES` times :data:`BATCH` entries. Idempotent. Raises :class:`redis.RedisError`.
    """
    key = channel.stream_key or ""
    deleted = 0
    stream = _call(key, up_to=0)
    for _ in range(MAX_BATCHES):
        # The numbers up to sent_seq are known to be those of this database.
        last = min(stream.acknowledged, channel.sent_seq, stream.first + BATCH - 1)
        last = _last_old(channel, stream.first, last)
        if last < stream.first:
            break
        deleted += _call(key, up_to=last).deleted
        stream = stream._replace(first=last + 1)
    return deleted


def _call(key: str, *, up_to: int) -> _Stream:
    script = connections.liaison().register_script(_TRIM)
    return _Stream(*map(int, script(keys=[key], args=[up_to])))


def _last_old(channel: Channel, first: int, last: int) -> int:
    """Return the last number up to which all deliveries from ``first`` to ``last`` are old enough to delete.

    Returns ``first - 1`` if the first one is too young.
    """
    days = max(settings.LIAISON_KEEP_ACKNOWLEDGED_STREAM_DAYS, 1)
    deliveries = Delivery.objects.filter(channel=channel, seq__gte=first, seq__lte=last)
    young = deliveries.exclude(sent_at__lt=Now() - timedelta(days=days))
    youngest: int | None = young.aggregate(seq=Min("seq"))["seq"]
    return last if youngest is None else youngest - 1
