"""Stories are generators that yield the moments at which they go on; here they take turns by time."""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable
from datetime import datetime

from alliance.lib import clock

Story = Generator[datetime, None, None]


def replay(stories: Iterable[Story], *, until: datetime) -> int:
    """Let every story go on at each moment it yields, the clock pinned to it, in the order of time.

    What a service decides by what it finds (a seller's strikes, a lease) is thereby as it was then.
    Returns how many steps were taken. Raises :class:`ValueError` for a story that goes back in time or
    on after ``until``: the plan of it is wrong.
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
            raise ValueError(f"Story {number} goes on at {moment}, after {until}.")
        with clock.at(moment):
            following = next(story, None)
        steps += 1
        if following is not None:
            if following < moment:
                raise ValueError(f"Story {number} goes back from {moment} to {following}.")
            heapq.heappush(waiting, (following, number, story))
    return steps
