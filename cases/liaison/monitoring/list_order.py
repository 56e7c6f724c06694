"""How channels stand as far as their own rows tell: enough to order, narrow and count thousands in one query.

What takes a look at a channel's deliveries (:mod:`.status`) is asked for those that are shown. That a channel
is behind is in its row from when it was noticed (``behind_since``: :mod:`.alerts`, within half a minute) until it
has caught up well.
"""

from __future__ import annotations

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from cases.liaison.models import Channel, Delivery
from cases.liaison.models.channel import BREAKER_OPENS_AT, ChannelQuerySet
from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import LaneState

# For keyset pages of what by_urgency() gives.
ORDER = ("urgency", "agency_name", "name", "pk")

_STANDING = Case(
    When(Q(is_active=False) | Q(agency__is_active=False), then=Value(LaneState.INACTIVE)),
    When(paused_at__isnull=False, then=Value(LaneState.PAUSED)),
    When(failures__gte=BREAKER_OPENS_AT, next_attempt_at__gt=Now(), then=Value(LaneState.OPEN)),
    When(failures__gte=BREAKER_OPENS_AT, then=Value(LaneState.HALF_OPEN)),
    When(behind_since__isnull=False, then=Value(LaneState.BEHIND)),
    default=Value(LaneState.OK),
    output_field=CharField(),
)
_DEAD = Delivery.objects.filter(channel=OuterRef("pk")).dead()
# Between probes a channel is as unreachable as before: it keeps its place.
_URGENCY = Case(
    When(standing__in=(LaneState.OPEN, LaneState.HALF_OPEN), then=0),
    When(standing=LaneState.BEHIND, then=1),
    When(standing=LaneState.PAUSED, then=2),
    When(standing=LaneState.INACTIVE, then=5),
    When(Exists(_DEAD), then=3),
    default=4,
)


def by_urgency(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """Return ``channels``, those first that ask for a person; in :data:`ORDER`, with their agencies."""
    named = channels.annotate(standing=_STANDING).annotate(urgency=_URGENCY)
    found = named.annotate(agency_name=F("agency__name")).select_related("agency")
    return found.order_by(*ORDER)


def in_state(channels: ChannelQuerySet, state: str) -> ChannelQuerySet:
    """Return those of ``channels`` that are in ``state`` now.

    One that is paused or not reachable may be behind as well. Whether what waits is behind or not is looked
    up, of those for which something waits at all.
    """
    if state not in (LaneState.BEHIND, LaneState.OK):
        return channels.annotate(standing=_STANDING).filter(standing=state)
    unsent = Delivery.objects.filter(channel=OuterRef("pk"), sent_at=None)
    lags = Q(kind=Channel.Kind.STREAM, sent_seq__lt=F("numbered_seq"))
    may_be = channels.in_use().filter(lags | Q(Exists(unsent)))
    behind = [lane.channel.pk for lane in status.lanes(may_be) if lane.is_behind]
    if state == LaneState.BEHIND:
        return channels.filter(pk__in=behind)
    fine = channels.in_use().filter(paused_at=None, failures__lt=BREAKER_OPENS_AT)
    return fine.exclude(pk__in=behind)


def count(channels: QuerySet[Channel]) -> dict[LaneState, int]:
    """Return how many of ``channels`` stand how."""
    numbers = channels.annotate(standing=_STANDING).values("standing").annotate(number=Count("pk"))
    return {LaneState(row["standing"]): row["number"] for row in numbers.order_by()}
