"""Runs stories, which are generators that yield the times at which they continue, in order of time."""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable
from datetime import datetime

from alliance.lib import clock

Story = Generator[datetime, None, None]


def replay(stories: Iterable[Story], *, until: datetime) -> int:
    """Continue every story at each time it yields, in order of time, with the clock set to that time.

    Services then find the data of that time, such as strikes and leases. Returns the number of steps. Raises
    :class:`ValueError` for a story that goes back in time or beyond ``until``.
    """
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        first = next(story, None)
        if first is not None:
            waiting.append((first, number, story))
    heapq.heapify(waiting)
    steps = 0
    while waiting:
        moment, number, story = heapq.heappop(waiting)
        if moment > until:
            raise ValueError(f"Story {number} continues at {moment}, after {until}.")
        with clock.at(moment):
            following = next(story, None)
        steps += 1
        if following is not None:
            if following < moment:
                raise ValueError(f"Story {number} goes back from {moment} to {following}.")
            heapq.heappush(waiting, (following, number, story))
    return steps
