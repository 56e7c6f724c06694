"""How every channel stands, in a constant number of queries and at any number of deliveries.

Counts stop at :data:`alliance.lib.counts.CAP` and go through partial indexes, so that a backlog of a
million costs what one of a thousand does. *Waiting* is what has no ``sent_at``: for a pull channel, what
its agency has not fetched yet. What was given up waits as well, until somebody sends it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.lib.counts import CAP
from cases.liaison.delivery.rates import Rate, rates
from cases.liaison.models import Channel

__all__ = ["LaneState", "LaneStatus", "Rate", "lanes", "of", "rates"]

# A channel may be told to alert from more than the cap on; nothing is counted beyond this.
COUNTED_AT_MOST = 10_000


class LaneState(models.TextChoices):
    """How a channel stands, the worst first."""

    PAUSED = "paused", _("Paused")
    INACTIVE = "inactive", _("Not in use")
    OPEN = "open", _("Not reachable")
    HALF_OPEN = "half_open", _("Being probed")
    BEHIND = "behind", _("Behind")
    OK = "ok", _("In order")

    @property
    def rank(self) -> int:
        """Return the place in the order, 0 for the worst."""
        return list(LaneState).index(self)


@dataclass(frozen=True)
class LaneStatus:
    """One channel at one moment, by PostgreSQL's clock.

    ``oldest_at`` is since when the channel has been waiting to deliver something: when the oldest update that
    was never sent was made, or when one that had been sent was first ordered again, whichever is earlier.
    Neither resuming nor sending again changes it for what has not arrived.
    """

    channel: Channel
    at: datetime
    backlog: int
    backlog_is_capped: bool
    oldest_at: datetime | None
    dead: int
    dead_is_capped: bool
    sent_last_hour: int
    failed_last_hour: int
    state: LaneState
    is_behind: bool

    @property
    def oldest_age(self) -> timedelta:
        """Return how long the channel has been waiting to deliver something; nothing when nothing waits."""
        return max(self.at - self.oldest_at, timedelta()) if self.oldest_at else timedelta()


def lanes(channels: QuerySet[Channel] | None = None) -> list[LaneStatus]:
    """Return the status of ``channels`` (all when ``None``), in their order, in two queries."""
    chosen = Channel.objects.all() if channels is None else channels
    return of(chosen.select_related("agency"))


def of(channels: Iterable[Channel]) -> list[LaneStatus]:
    """Return the status of ``channels``, which bring their agencies, in their order and in one query.

    Of one that was deleted meanwhile there is none.
    """
    rows = {channel.pk: channel for channel in channels}
    numbers = _numbers(rows)
    return [_status(channel, numbers[pk]) for pk, channel in rows.items() if pk in numbers]


def passes(
    channel: Channel, *, at: datetime, backlog: int, since: datetime | None, share: float = 1.0
) -> bool:
    """Say whether what waits passes this ``share`` of the channel's thresholds."""
    if backlog >= max(channel.alert_backlog * share, 1):
        return True
    patience = timedelta(minutes=channel.alert_after_minutes) * share
    return since is not None and at - since > patience


@dataclass(frozen=True)
class _Numbers:
    at: datetime
    waiting: int
    oldest_at: datetime | None
    dead: int
    sent: int
    failed: int


# The order asks for the index of what is unsent: the planner might scan all of a channel for a few.
# What waits is told apart within the rows that are counted: beyond them the channel is behind by their number.
_COUNT = """
SELECT channel.id, statement_timestamp(), waiting.number, least(oldest.made_at, waiting.ordered_at),
       dead.number, hour.sent, hour.failed
  FROM liaison_channel AS channel
 CROSS JOIN LATERAL (
       SELECT count(*) AS number, min(due_again_at) AS ordered_at,
              min(seq) FILTER (WHERE due_again_at IS NULL) AS never_sent
         FROM (SELECT seq, due_again_at FROM liaison_delivery
                WHERE channel_id = channel.id AND sent_at IS NULL
                ORDER BY seq
                LIMIT greatest(%(cap)s, least(channel.alert_backlog, %(most)s)) + 1) AS counted
       ) AS waiting
 CROSS JOIN LATERAL (
       SELECT min(made.created_at) AS made_at
         FROM ((SELECT update_id FROM liaison_delivery
                 WHERE channel_id = channel.id AND seq = waiting.never_sent)
               UNION ALL
               (SELECT update_id FROM liaison_delivery
                 WHERE channel_id = channel.id AND seq IS NULL
                 ORDER BY id LIMIT 1)) AS first
         JOIN liaison_update AS made ON made.id = first.update_id
       ) AS oldest
 CROSS JOIN LATERAL (
       SELECT count(*) AS number
         FROM (SELECT dead_at FROM liaison_delivery
                WHERE channel_id = channel.id AND sent_at IS NULL AND dead_at IS NOT NULL
                ORDER BY dead_at
                LIMIT %(cap)s + 1) AS counted
       ) AS dead
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(sent), 0) AS sent, coalesce(sum(failed), 0) AS failed
         FROM liaison_laneminute
        WHERE channel_id = channel.id
          AND minute > statement_timestamp() - interval '60 minutes'
       ) AS hour
 WHERE channel.id = ANY(%(ids)s)
"""


def _numbers(channel_ids: Iterable[int]) -> dict[int, _Numbers]:
    values: dict[str, Any] = {
        "ids": list(channel_ids),
        "cap": CAP,
        "most": COUNTED_AT_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return {row[0]: _Numbers(*row[1:5], *map(int, row[5:])) for row in cursor.fetchall()}


def _status(channel: Channel, numbers: _Numbers) -> LaneStatus:
    waiting = numbers.waiting
    if channel.kind == Channel.Kind.STREAM:
        # A stream that lost its tail waits for what had been sent, too.
        waiting = max(waiting, channel.numbered_seq - channel.sent_seq)
    is_behind = channel.is_in_use and passes(
        channel, at=numbers.at, backlog=waiting, since=numbers.oldest_at
    )
    return LaneStatus(
        channel=channel,
        at=numbers.at,
        backlog=min(waiting, CAP),
        backlog_is_capped=waiting > CAP,
        oldest_at=numbers.oldest_at,
        dead=min(numbers.dead, CAP),
        dead_is_capped=numbers.dead > CAP,
        sent_last_hour=numbers.sent,
        failed_last_hour=numbers.failed,
        state=_state(channel, is_behind),
        is_behind=is_behind,
    )


def _state(channel: Channel, is_behind: bool) -> LaneState:
    if not channel.is_in_use:
        # Whether it was paused before it was given up matters to nobody.
        return LaneState.INACTIVE
    if channel.is_paused:
        return LaneState.PAUSED
    if channel.breaker != Channel.Breaker.CLOSED:
        return LaneState(channel.breaker)
    return LaneState.BEHIND if is_behind else LaneState.OK
