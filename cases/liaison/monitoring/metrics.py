"""Numbers for Prometheus: requests as this process counted them, lanes as PostgreSQL has them.

Nothing about a person or a case is in them: labels are an agency's short name, a channel's number and kind.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Iterator

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from alliance.lib import disk
from cases.liaison.models import Escalation
from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import LaneState, LaneStatus

log = structlog.get_logger(__name__)

OVERDUE_COUNTED_AT_MOST = 10_000
_LABELS = ("agency", "channel", "kind")
# Name, what it says, and how it is read off a lane; None leaves the lane out.
_GAUGES: tuple[tuple[str, str, Callable[[LaneStatus], float | None]], ...] = (
    (
        "backlog_updates",
        "Updates that wait; counted up to 1000.",
        lambda lane: lane.backlog,
    ),
    (
        "oldest_seconds",
        "Age of the oldest update that waits; 0 when none does.",
        lambda lane: lane.oldest_age.total_seconds(),
    ),
    (
        "dead_updates",
        "Updates that were given up and wait to be sent again; counted up to 1000.",
        lambda lane: lane.dead,
    ),
    (
        "failures_in_a_row",
        "Failures in a row that speak against the other side.",
        lambda lane: lane.channel.failures,
    ),
    (
        "breaker",
        "The lane's breaker: 0 closed, 0.5 half open, 1 open.",
        lambda lane: {"open": 1.0, "half_open": 0.5}.get(lane.channel.breaker, 0.0),
    ),
    (
        "paused",
        "1 while the channel is paused.",
        lambda lane: float(lane.channel.is_paused),
    ),
    (
        "behind",
        "1 while the channel is behind its own thresholds.",
        lambda lane: float(lane.is_behind),
    ),
    (
        "last_success_timestamp_seconds",
        "When something last arrived, in Unix time; absent when nothing ever did.",
        lambda lane: (
            lane.channel.last_success_at.timestamp() if lane.channel.last_success_at else None
        ),
    ),
    (
        "sent_last_hour",
        "Updates that arrived in the last 60 minutes.",
        lambda lane: lane.sent_last_hour,
    ),
    (
        "failed_last_hour",
        "Tries that failed in the last 60 minutes.",
        lambda lane: lane.failed_last_hour,
    ),
)


class LaneCollector(Collector):
    """Asks PostgreSQL at each scrape; three queries, whatever the number of channels and updates."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        answered = GaugeMetricFamily(
            "portal_liaison_scrape_ok", "1 when the database answered, so that the rest is there."
        )
        try:
            yield from (*lane_gauges(status.lanes()), overdue())
        except DatabaseError as error:
            log.warning("lanes_not_measured", error=type(error).__name__, exc_info=True)
            answered.add_metric([], 0)
        else:
            answered.add_metric([], 1)
        yield answered


def lane_gauges(lanes: Iterable[LaneStatus]) -> list[GaugeMetricFamily]:
    """Return the gauges of channels in use."""
    used = [lane for lane in lanes if lane.state != LaneState.INACTIVE]
    made = []
    for name, about, read in _GAUGES:
        gauge = GaugeMetricFamily(f"portal_liaison_{name}", about, labels=_LABELS)
        for lane in used:
            channel = lane.channel
            if (value := read(lane)) is not None:
                gauge.add_metric([channel.agency.slug, str(channel.pk), channel.kind], value)
        made.append(gauge)
    return made


def overdue() -> GaugeMetricFamily:
    """Return how many steps of referrals are overdue, by agency and step."""
    gauge = GaugeMetricFamily(
        "portal_liaison_overdue_referrals",
        "Referrals with a step that is overdue.",
        labels=("agency", "step"),
    )
    late = Escalation.objects.filter(settled_at=None).order_by("due_at", "id")
    counts: dict[tuple[str, str], int] = {}
    rows = late.values_list("referral__agency__slug", "step")
    for key in rows[:OVERDUE_COUNTED_AT_MOST]:
        counts[key] = counts.get(key, 0) + 1
    for key, count in sorted(counts.items()):
        gauge.add_metric(key, count)
    return gauge


def evidence_space() -> list[GaugeMetricFamily]:
    """Return the size and the free space of the evidence store in bytes; nothing where it cannot be told."""
    space = disk.space(settings.EVIDENCE_ROOT)
    if space is None:
        return []
    return [
        GaugeMetricFamily(
            "portal_evidence_total_bytes", "Size of the evidence store.", value=space.total
        ),
        GaugeMetricFamily(
            "portal_evidence_free_bytes", "Free space in the evidence store.", value=space.free
        ),
    ]


class EvidenceCollector(Collector):
    """Asks the file system at each scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from evidence_space()


def exposition() -> bytes:
    """Return everything in Prometheus' text format."""
    requests = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        # The counts of all of gunicorn's processes, whichever of them answers.
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    lanes = CollectorRegistry()
    lanes.register(LaneCollector())
    lanes.register(EvidenceCollector())
    return generate_latest(requests) + generate_latest(lanes)


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer to whoever brings ``METRICS_TOKEN``; to anybody else, and without one, there is nothing here."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    is_known = hmac.compare_digest(given.encode(), expected.encode())
    if not expected or scheme.lower() != "bearer" or not is_known:
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
