"""What the list of channels and the page of one say alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from alliance.lib import clock, counts
from cases.liaison.models import Channel
from cases.liaison.monitoring.status import ChannelState, ChannelStatus


def words(lane: ChannelStatus) -> dict[str, Any]:
    """Return what a template cannot make of the figures by itself."""
    channel = lane.channel
    return {
        "backlog": number(lane.backlog, capped=lane.backlog_is_capped),
        "dead": number(lane.dead, capped=lane.dead_is_capped),
        "probe_at": channel.next_attempt_at if _rests(channel) else None,
        "overlong": lane.is_behind and lane.state != ChannelState.BEHIND,
    }


def number(count: int, *, capped: bool) -> str:
    """Return a count as shown, “1,000+” for one that was broken off."""
    return counts.words(counts.CAP + 1 if capped else count)


def part_of(request: HttpRequest, parts: Mapping[str, str]) -> str | None:
    """Return the template of the part that htmx asks for by the name of its target; ``None`` for a page."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # django-htmx's middleware
    return parts.get(htmx.target or "") if htmx else None


def _rests(channel: Channel) -> bool:
    waits = channel.failures and channel.next_attempt_at > clock.now()
    return bool(waits and channel.is_in_use and not channel.is_paused)
