"""How every channel stands: a table for people, JSON for programs, an exit status for monitoring."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from operator import attrgetter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import ChannelState, ChannelStatus

WRONG = (ChannelState.PAUSED, ChannelState.OPEN, ChannelState.HALF_OPEN, ChannelState.BEHIND)
_COLUMNS = (
    "channel",
    "agency",
    "name",
    "kind",
    "state",
    "waiting",
    "oldest",
    "given up",
    "sent/h",
    "failed/h",
    "last success",
)


class Command(BaseCommand):
    help = "Shows how every channel stands, the worst first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print JSON instead of a table.")
        parser.add_argument(
            "--check",
            action="store_true",
            help="End with status 1 when a channel is behind, paused or not reachable.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print; with ``--check`` also judge."""
        lanes = sorted(status.statuses(), key=attrgetter("order"))
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(lane) for lane in lanes], indent=2))
        else:
            self._table([_COLUMNS, *map(_as_row, lanes)])
        if options["check"] and any(lane.state in WRONG or lane.is_behind for lane in lanes):
            sys.exit(1)

    def _table(self, rows: list[tuple[str, ...]]) -> None:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _as_row(lane: ChannelStatus) -> tuple[str, ...]:
    channel = lane.channel
    last = channel.last_success_at
    return (
        str(channel.pk),
        channel.agency.slug,
        channel.name,
        channel.kind,
        str(lane.state.value),
        _number(lane.backlog, lane.backlog_is_capped),
        _age(lane.oldest_age) if lane.oldest_at else "-",
        _number(lane.dead, lane.dead_is_capped),
        str(lane.sent_last_hour),
        str(lane.failed_last_hour),
        f"{last:%Y-%m-%d %H:%M:%S}Z" if last else "-",
    )


def _as_json(lane: ChannelStatus) -> dict[str, Any]:
    channel = lane.channel
    return {
        "channel": channel.pk,
        "agency": channel.agency.slug,
        "name": channel.name,
        "kind": channel.kind,
        "state": lane.state.value,
        "is_behind": lane.is_behind,
        "backlog": lane.backlog,
        "backlog_is_capped": lane.backlog_is_capped,
        "oldest_at": lane.oldest_at.isoformat() if lane.oldest_at else None,
        "dead": lane.dead,
        "dead_is_capped": lane.dead_is_capped,
        "numbered_seq": channel.numbered_seq,
        "sent_seq": channel.sent_seq,
        "sent_last_hour": lane.sent_last_hour,
        "failed_last_hour": lane.failed_last_hour,
        "failures": channel.failures,
        "last_success_at": channel.last_success_at.isoformat() if channel.last_success_at else None,
        "pause_reason": channel.pause_reason,
    }


def _number(number: int, is_capped: bool) -> str:
    return f"{number}+" if is_capped else str(number)


def _age(age: timedelta) -> str:
    """Return an age in its two largest units, e.g. ``2d 3h``."""
    minutes, seconds = divmod(int(age.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(f"{number}{unit}" for number, unit in parts[:2])
