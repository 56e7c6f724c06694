"""The state of every channel. This is the only definition of the states and of their order.

A state has two sources. The stored state is one SQL expression on the channel's row, which
:func:`with_state` annotates; it orders, filters and counts thousands of channels in one query. Whether a
channel is behind depends on its deliveries, so the row may be up to half a minute out of date:
:mod:`.alerts` sets ``behind_since``. :func:`of` counts the deliveries of the given channels instead.

Counts stop at :data:`alliance.lib.counts.CAP` and use partial indexes, so a backlog of a million costs the
same as one of a thousand. A delivery waits while it has no ``sent_at``. In a pull channel these are the
updates that the agency has not fetched. Dead letters wait until an operator resends them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alliance.lib.counts import CAP
from cases.liaison.delivery.rates import Rate, rates
from cases.liaison.models import Channel, Delivery
from cases.liaison.models.channel import (
    IS_BACKING_OFF,
    IS_IN_USE,
    IS_TRIPPED,
    ChannelQuerySet,
)

__all__ = ["ChannelState", "ChannelStatus", "Rate", "of", "rates", "statuses"]

# No threshold may be higher: nothing is counted beyond this.
MAX_COUNTED = 10_000


class ChannelState(models.TextChoices):
    """The state of a channel, the most urgent first. Every list of channels has this order."""

    OPEN = "open", _("Unreachable")
    HALF_OPEN = "half_open", _("Testing")
    BEHIND = "behind", _("Behind")
    PAUSED = "paused", _("Paused")
    OK = "ok", pgettext_lazy("channel", "Normal")
    INACTIVE = "inactive", _("Inactive")


# Lower is more urgent. Testing ranks with unreachable, so that a channel keeps its position while it is probed.
# A normal channel with dead letters is more urgent than one without.
URGENCY = {
    ChannelState.OPEN: 0,
    ChannelState.HALF_OPEN: 0,
    ChannelState.BEHIND: 1,
    ChannelState.PAUSED: 2,
    ChannelState.OK: 4,
    ChannelState.INACTIVE: 5,
}
URGENCY_OK_WITH_DEAD_LETTERS = 3
# The sort keys of by_urgency(), for keyset pages.
ORDER = ("urgency", "agency_name", "name", "pk")

# The states in the order in which they are tested: the first that applies is the channel's.
_STATE = Case(
    When(~IS_IN_USE, then=Value(ChannelState.INACTIVE)),
    When(paused_at__isnull=False, then=Value(ChannelState.PAUSED)),
    When(IS_TRIPPED & IS_BACKING_OFF, then=Value(ChannelState.OPEN)),
    When(IS_TRIPPED, then=Value(ChannelState.HALF_OPEN)),
    When(behind_since__isnull=False, then=Value(ChannelState.BEHIND)),
    default=Value(ChannelState.OK),
    output_field=CharField(),
)
# The states between which the number and the age of waiting updates decide.
_RUNNING = (ChannelState.BEHIND, ChannelState.OK)
_DEAD_LETTERS = Delivery.objects.filter(channel=OuterRef("pk")).dead()
_URGENCY = Case(
    When(
        Q(row_state=ChannelState.OK) & Q(Exists(_DEAD_LETTERS)),
        then=Value(URGENCY_OK_WITH_DEAD_LETTERS),
    ),
    *(When(row_state=state, then=Value(rank)) for state, rank in URGENCY.items()),
    output_field=models.IntegerField(),
)


@dataclass(frozen=True)
class ChannelStatus:
    """One channel at one moment, by PostgreSQL's clock.

    ``oldest_at`` is when the oldest waiting update began to wait: when it was created, or, if it had been
    sent and was resent, when the resend was first ordered. Resuming the channel or resending an update does
    not change it for updates that have not arrived.
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
    state: ChannelState
    is_behind: bool

    @property
    def oldest_age(self) -> timedelta:
        """How long the oldest update has been waiting; zero when none waits."""
        return max(self.at - self.oldest_at, timedelta()) if self.oldest_at else timedelta()

    @property
    def order(self) -> tuple[int, str, str, int]:
        """The sort key of a list of channels, as :data:`ORDER`, from the counted deliveries."""
        urgency = URGENCY[self.state]
        if self.state == ChannelState.OK and self.dead:
            urgency = URGENCY_OK_WITH_DEAD_LETTERS
        channel = self.channel
        return urgency, channel.recipient.name, channel.name, channel.pk


def with_state(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """Annotate ``channels`` with ``row_state``, the stored state, and load their agencies and members."""
    return channels.annotate(row_state=_STATE).select_related("agency", "member")


def by_urgency(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """Return ``channels`` with their stored state in :data:`ORDER`, the most urgent first."""
    ranked = with_state(channels).annotate(urgency=_URGENCY, agency_name=F("agency__name"))
    return ranked.order_by(*ORDER)


def in_state(channels: ChannelQuerySet, state: str) -> ChannelQuerySet:
    """Return those of ``channels`` that are in ``state`` now.

    :attr:`ChannelState.BEHIND` includes channels that are behind and also paused or unreachable. For
    ``BEHIND`` and ``OK`` the deliveries of channels with a backlog are counted.
    """
    if state not in _RUNNING:
        return channels.annotate(row_state=_STATE).filter(row_state=state)
    with_backlog = _with_backlog(channels.in_use())
    behind = [found.channel.pk for found in statuses(with_backlog) if found.is_behind]
    if state == ChannelState.BEHIND:
        return channels.filter(pk__in=behind)
    running = channels.annotate(row_state=_STATE)
    running = running.filter(row_state__in=_RUNNING)
    return running.exclude(pk__in=behind)


def _with_backlog(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    unsent = Delivery.objects.filter(channel=OuterRef("pk"), sent_at=None)
    lost_tail = Q(kind=Channel.Kind.STREAM, sent_seq__lt=F("numbered_seq"))
    return channels.filter(lost_tail | Q(Exists(unsent)))


def count(channels: QuerySet[Channel]) -> dict[ChannelState, int]:
    """Return the number of ``channels`` in each stored state."""
    numbers = channels.annotate(row_state=_STATE).values("row_state").annotate(number=Count("pk"))
    return {ChannelState(row["row_state"]): row["number"] for row in numbers.order_by()}


def count_live(channels: QuerySet[Channel]) -> dict[ChannelState, int]:
    """Return the number of ``channels`` in each state now. Counts the deliveries of channels with a backlog.

    For channels without alerts, whose stored state never says that they are behind.
    """
    numbers = count(channels)
    running = _with_backlog(channels).annotate(row_state=_STATE).filter(row_state__in=_RUNNING)
    behind = sum(found.is_behind for found in of(running.select_related("agency", "member")))
    ok = sum(numbers.pop(state, 0) for state in _RUNNING) - behind
    return numbers | {ChannelState.BEHIND: behind, ChannelState.OK: ok}


def statuses(channels: QuerySet[Channel] | None = None) -> list[ChannelStatus]:
    """Return the status of ``channels`` (all of agencies when ``None``), in their order, in two queries."""
    return of(with_state(Channel.objects.of_agencies() if channels is None else channels))


def of(channels: Iterable[Channel]) -> list[ChannelStatus]:
    """Return the status of ``channels``, in their order and in one query.

    The channels come from :func:`with_state` or :func:`by_urgency`. A channel that was deleted since has no
    status.
    """
    rows = {channel.pk: channel for channel in channels}
    numbers = _numbers(rows)
    return [_status(channel, numbers[pk]) for pk, channel in rows.items() if pk in numbers]


def exceeds_thresholds(
    channel: Channel, *, at: datetime, backlog: int, since: datetime | None, share: float = 1.0
) -> bool:
    """Return whether the backlog or its age exceeds this ``share`` of the channel's thresholds.

    ``since`` is when the oldest update began to wait.
    """
    if backlog >= max(channel.alert_backlog * share, 1):
        return True
    longest_wait = timedelta(minutes=channel.alert_after_minutes) * share
    return since is not None and at - since > longest_wait


@dataclass(frozen=True)
class _Numbers:
    at: datetime
    waiting: int
    oldest_at: datetime | None
    dead: int
    sent: int
    failed: int


# ORDER BY makes the planner use the index of unsent deliveries; without it, it may scan all of a channel.
# Resent updates are distinguished from new ones among the counted rows only. With more rows than that, the
# channel is behind by their number anyway.
_COUNT = """
SELECT channel.id, statement_timestamp(), waiting.number, least(oldest.created_at, waiting.ordered_at),
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
       SELECT min(made.created_at) AS created_at
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
         FROM liaison_channelminute
        WHERE channel_id = channel.id
          AND minute > statement_timestamp() - interval '60 minutes'
       ) AS hour
 WHERE channel.id = ANY(%(ids)s)
"""


def _numbers(channel_ids: Iterable[int]) -> dict[int, _Numbers]:
    values: dict[str, Any] = {
        "ids": list(channel_ids),
        "cap": CAP,
        "most": MAX_COUNTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return {row[0]: _Numbers(*row[1:5], *map(int, row[5:])) for row in cursor.fetchall()}


def _status(channel: Channel, numbers: _Numbers) -> ChannelStatus:
    waiting = numbers.waiting
    if channel.kind == Channel.Kind.STREAM:
        # A stream that lost its tail also waits for updates that had been sent.
        waiting = max(waiting, channel.numbered_seq - channel.sent_seq)
    is_behind = channel.is_in_use and exceeds_thresholds(
        channel, at=numbers.at, backlog=waiting, since=numbers.oldest_at
    )
    return ChannelStatus(
        channel=channel,
        at=numbers.at,
        backlog=min(waiting, CAP),
        backlog_is_capped=waiting > CAP,
        oldest_at=numbers.oldest_at,
        dead=min(numbers.dead, CAP),
        dead_is_capped=numbers.dead > CAP,
        sent_last_hour=numbers.sent,
        failed_last_hour=numbers.failed,
        state=_live_state(channel, is_behind=is_behind),
        is_behind=is_behind,
    )


def _live_state(channel: Channel, *, is_behind: bool) -> ChannelState:
    """Return the stored state, but ``BEHIND`` or ``OK`` as just counted."""
    row_state = ChannelState(channel.row_state)  # type: ignore[attr-defined]  # with_state()
    if row_state not in _RUNNING:
        return row_state
    return ChannelState.BEHIND if is_behind else ChannelState.OK
