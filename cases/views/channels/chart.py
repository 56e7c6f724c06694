"""The throughput of a channel as a bar chart by minute, in whole numbers for the attributes of an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.liaison.monitoring.status import Rate

STEP = 10
WIDTH = 8


@dataclass(frozen=True)
class Bar:
    """One minute: the deliveries that arrived, with the failed attempts stacked on top."""

    minute: datetime
    sent: int
    failed: int
    x: int
    sent_y: int
    sent_height: int
    failed_y: int
    failed_height: int


@dataclass(frozen=True)
class Chart:
    """Bars in a box of ``width`` by ``height``. ``top`` is the number that fills the height."""

    bars: list[Bar]
    width: int
    height: int
    top: int
    sent: int
    failed: int

    @property
    def middle(self) -> int:
        """Half the height, for a grid line."""
        return self.height // 2

    @property
    def busy(self) -> list[Bar]:
        """The minutes with deliveries or failures, the latest first."""
        return [bar for bar in reversed(self.bars) if bar.sent or bar.failed]

    @property
    def first(self) -> datetime | None:
        """The first minute."""
        return self.bars[0].minute if self.bars else None

    @property
    def last(self) -> datetime | None:
        """The current minute."""
        return self.bars[-1].minute if self.bars else None


def chart(rates: Sequence[Rate], *, height: int) -> Chart:
    """Return the chart of ``rates``, the earliest on the left. A bar above zero is at least one unit high."""
    top = max((rate.sent + rate.failed for rate in rates), default=0)
    bars = []
    for index, rate in enumerate(rates):
        sent = _scaled(rate.sent, top, height)
        failed = min(_scaled(rate.failed, top, height), height - sent)
        if rate.failed and not failed:
            sent, failed = sent - 1, 1
        bars.append(
            Bar(
                minute=rate.minute,
                sent=rate.sent,
                failed=rate.failed,
                x=index * STEP + (STEP - WIDTH) // 2,
                sent_y=height - sent,
                sent_height=sent,
                failed_y=height - sent - failed,
                failed_height=failed,
            )
        )
    return Chart(
        bars=bars,
        width=max(len(rates), 1) * STEP,
        height=height,
        top=top,
        sent=sum(rate.sent for rate in rates),
        failed=sum(rate.failed for rate in rates),
    )


def _scaled(number: int, top: int, height: int) -> int:
    return max(round(number * height / top), 1) if number else 0
