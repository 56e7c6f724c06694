"""``manage.py liaison_status``: show the status of every channel as a table or as JSON."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from operator import attrgetter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.liaison.monitoring import status
from cases.liaison.monitoring.status import ChannelState, ChannelStatus

PROBLEMS = (ChannelState.PAUSED, ChannelState.OPEN, ChannelState.HALF_OPEN, ChannelState.BEHIND)
_COLUMNS = (
    "channel",
    "agency",
    "name",
    "kind",
    "state",
    "waiting",
    "oldest",
    "dead",
    "sent/h",
    "failed/h",
    "last success",
)


class Command(BaseCommand):
    help = "Show the status of every channel, problems first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print JSON instead of a table.")
        parser.add_argument(
            "--check",
            action="store_true",
            help="Exit with status 1 if a channel is behind, paused or unreachable.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the status. With ``--check``, exit with status 1 if a channel has a problem."""
        channels = sorted(status.statuses(), key=attrgetter("order"))
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(found) for found in channels], indent=2))
        else:
            self._table([_COLUMNS, *map(_as_row, channels)])
        if options["check"] and any(
            found.state in PROBLEMS or found.is_behind for found in channels
        ):
            sys.exit(1)

    def _table(self, rows: list[tuple[str, ...]]) -> None:
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _as_row(found: ChannelStatus) -> tuple[str, ...]:
    channel = found.channel
    last = channel.last_success_at
    return (
        str(channel.pk),
        channel.recipient.slug,
        channel.name,
        channel.kind,
        str(found.state.value),
        _number(found.backlog, found.backlog_is_capped),
        _age(found.oldest_age) if found.oldest_at else "-",
        _number(found.dead, found.dead_is_capped),
        str(found.sent_last_hour),
        str(found.failed_last_hour),
        f"{last:%Y-%m-%d %H:%M:%S}Z" if last else "-",
    )


def _as_json(found: ChannelStatus) -> dict[str, Any]:
    channel = found.channel
    return {
        "channel": channel.pk,
        "agency": channel.recipient.slug,
        "name": channel.name,
        "kind": channel.kind,
        "state": found.state.value,
        "is_behind": found.is_behind,
        "backlog": found.backlog,
        "backlog_is_capped": found.backlog_is_capped,
        "oldest_at": found.oldest_at.isoformat() if found.oldest_at else None,
        "dead": found.dead,
        "dead_is_capped": found.dead_is_capped,
        "numbered_seq": channel.numbered_seq,
        "sent_seq": channel.sent_seq,
        "sent_last_hour": found.sent_last_hour,
        "failed_last_hour": found.failed_last_hour,
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
