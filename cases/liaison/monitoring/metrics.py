"""Prometheus metrics: requests counted by this process, and channels read from PostgreSQL.

They contain nothing about a person or a case. Labels are an agency's slug, and a channel's id and kind.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Iterator

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from alliance.lib import private_files
from cases.liaison.models import Channel, Delivery, Escalation
from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import ChannelState, ChannelStatus

log = structlog.get_logger(__name__)

MAX_OVERDUE_COUNTED = 10_000
_LABELS = ("agency", "channel", "kind")
# Name, help text, and a function that reads the value from a status; None omits the channel.
_GAUGES: tuple[tuple[str, str, Callable[[ChannelStatus], float | None]], ...] = (
    (
        "backlog_updates",
        "Waiting updates, counted up to 1000.",
        lambda found: found.backlog,
    ),
    (
        "oldest_seconds",
        "Age of the oldest waiting update; 0 if none waits.",
        lambda found: found.oldest_age.total_seconds(),
    ),
    (
        "dead_updates",
        "Dead letters, counted up to 1000.",
        lambda found: found.dead,
    ),
    (
        "failures_in_a_row",
        "Consecutive failures that count against the receiver.",
        lambda found: found.channel.failures,
    ),
    (
        "breaker",
        "The channel's circuit breaker: 0 closed, 0.5 half-open, 1 open.",
        lambda found: {"open": 1.0, "half_open": 0.5}.get(found.channel.breaker, 0.0),
    ),
    (
        "paused",
        "1 while the channel is paused.",
        lambda found: float(found.channel.is_paused),
    ),
    (
        "behind",
        "1 while the channel exceeds its thresholds.",
        lambda found: float(found.is_behind),
    ),
    (
        "last_success_timestamp_seconds",
        "Unix time of the last delivery; absent before the first.",
        lambda found: (
            found.channel.last_success_at.timestamp() if found.channel.last_success_at else None
        ),
    ),
    (
        "sent_last_hour",
        "Updates delivered in the last 60 minutes.",
        lambda found: found.sent_last_hour,
    ),
    (
        "failed_last_hour",
        "Attempts that failed in the last 60 minutes.",
        lambda found: found.failed_last_hour,
    ),
)


class ChannelCollector(Collector):
    """Reads PostgreSQL at each scrape, in a few queries for any number of channels and updates."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        answered = GaugeMetricFamily(
            "portal_liaison_scrape_ok",
            "1 if the database answered and the other metrics are present.",
        )
        try:
            yield from (*channel_gauges(status.statuses()), *webhooks_of_members(), overdue())
        except DatabaseError as error:
            log.warning("channels_not_measured", error=type(error).__name__, exc_info=True)
            answered.add_metric([], 0)
        else:
            answered.add_metric([], 1)
        yield answered


def channel_gauges(statuses: Iterable[ChannelStatus]) -> list[GaugeMetricFamily]:
    """Return the gauges of channels in use."""
    used = [found for found in statuses if found.state != ChannelState.INACTIVE]
    made = []
    for name, about, read in _GAUGES:
        gauge = GaugeMetricFamily(f"portal_liaison_{name}", about, labels=_LABELS)
        for found in used:
            channel = found.channel
            if (value := read(found)) is not None:
                gauge.add_metric([channel.recipient.slug, str(channel.pk), channel.kind], value)
        made.append(gauge)
    return made


def webhooks_of_members() -> list[GaugeMetricFamily]:
    """Return the number of members' webhooks in each state, and of those with dead letters.

    There may be thousands, and operators do not look after them, so they are counted by state and have no label each.
    """
    hooks = Channel.objects.of_members()
    states = GaugeMetricFamily(
        "portal_webhooks", "Webhooks of members, by state.", labels=("state",)
    )
    numbers = status.count_live(hooks)
    for state in ChannelState:
        states.add_metric([state.value], numbers.get(state, 0))
    dead = Exists(Delivery.objects.filter(channel=OuterRef("pk")).dead())
    return [
        states,
        GaugeMetricFamily(
            "portal_webhooks_with_dead_letters",
            "Webhooks of members with dead letters.",
            value=hooks.filter(dead).count(),
        ),
    ]


def overdue() -> GaugeMetricFamily:
    """Return the number of overdue steps of referrals, by agency and step."""
    gauge = GaugeMetricFamily(
        "portal_liaison_overdue_referrals",
        "Overdue steps of referrals.",
        labels=("agency", "step"),
    )
    late = Escalation.objects.filter(resolved_at=None).order_by("due_at", "id")
    counts: dict[tuple[str, str], int] = {}
    rows = late.values_list("referral__agency__slug", "step")
    for key in rows[:MAX_OVERDUE_COUNTED]:
        counts[key] = counts.get(key, 0) + 1
    for key, count in sorted(counts.items()):
        gauge.add_metric(key, count)
    return gauge


def evidence_space() -> list[GaugeMetricFamily]:
    """Return the size and the free space of the evidence store in bytes; nothing if they are unknown."""
    space = private_files.space()
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
    """Reads the file system at each scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from evidence_space()


def exposition() -> bytes:
    """Return all metrics in Prometheus' text format."""
    requests = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        # The counts of all gunicorn processes, not only of the one that answers.
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    own = CollectorRegistry()
    own.register(ChannelCollector())
    own.register(EvidenceCollector())
    return generate_latest(requests) + generate_latest(own)


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to a request with ``METRICS_TOKEN``; 404 otherwise, or if the setting is empty."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    is_known = hmac.compare_digest(given.encode(), expected.encode())
    if not expected or scheme.lower() != "bearer" or not is_known:
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
