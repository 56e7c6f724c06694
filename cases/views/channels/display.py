"""Values that both the list of channels and the page of one channel show."""

from __future__ import annotations

from typing import Any

from alliance.lib import counts
from cases.liaison.models import Channel
from cases.liaison.monitoring.status import ChannelState, ChannelStatus


def displayed(status: ChannelStatus) -> dict[str, Any]:
    """Return the values of ``status`` that templates cannot compute themselves."""
    channel = status.channel
    return {
        "backlog": capped(status.backlog, is_capped=status.backlog_is_capped),
        "dead": capped(status.dead, is_capped=status.dead_is_capped),
        "probe_at": channel.next_attempt_at if _waits_for_retry(channel) else None,
        "is_also_behind": status.is_behind and status.state != ChannelState.BEHIND,
    }


def capped(count: int, *, is_capped: bool) -> str:
    """Return a count for display: “1,000+” if counting stopped at the cap."""
    return counts.words(counts.CAP + 1 if is_capped else count)


def _waits_for_retry(channel: Channel) -> bool:
    waits = channel.failures and channel.is_backing_off
    return bool(waits and channel.is_in_use and not channel.is_paused)
