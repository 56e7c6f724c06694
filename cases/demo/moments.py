"""Random times of the steps of a case, computed back from its last step."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings


class Ending(StrEnum):
    """The last status of a case in the demo. A status that can be reached in several ways has several endings."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    SUBMITTED = "submitted"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    IN_REVIEW = "in_review"
    LAPSED = "lapsed"
    INFORMATION_REQUESTED = "information_requested"
    UPHELD = "upheld"
    REJECTED = "rejected"
    REMOVED = "removed"
    UPHELD_AGAIN = "upheld_again"
    COUNTER_NOTICED = "counter_noticed"
    REINSTATED = "reinstated"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    CLOSED_AFTER_REFUSAL = "closed_after_refusal"
    CLOSED_AFTER_REINSTATEMENT = "closed_after_reinstatement"


# The greatest age of a last step. With the steps before it, the cases cover about two years.
OLDEST = timedelta(days=685)
# The shares of decided cases whose member was asked for information, of cases that a moderator released, and of
# counter-notices that the member does not answer.
ASKED_AND_ANSWERED = 0.12
RELEASED = 0.05
UNANSWERED = 0.2


@dataclass(frozen=True)
class Moments:
    """The times of the steps of a case; ``None`` for steps that it does not take."""

    drafted: datetime
    submitted: datetime
    released: datetime | None
    asked: datetime | None
    answered: datetime | None
    claimed: datetime
    decided: datetime
    removed: datetime
    counter_noticed: datetime
    replied: datetime | None
    resolved: datetime
    closed: datetime
    withdrawn: datetime


def moments(
    rng: random.Random, ending: Ending, now: datetime, filed: datetime | None = None
) -> Moments:
    """Return random times for a case with this ``ending``, so that its last step is not after ``now``.

    ``filed`` fixes the time of submission; it must be early enough for the other steps.
    """
    anchor, latest, earliest = _ANCHORS[ending]
    decided = anchor in _DECIDED
    asked = anchor in ("asked", "answered") or (decided and rng.random() < ASKED_AND_ANSWERED)
    steps = _steps(rng, ending, asked=asked)
    if filed is None:
        filed = now - _between(rng, latest, earliest) - steps[anchor]
    at = {name: filed + offset for name, offset in steps.items()}
    is_released = decided and not asked and rng.random() < RELEASED
    return Moments(
        drafted=at["drafted"],
        submitted=at["submitted"],
        released=at["released"] if is_released else None,
        asked=at["asked"] if asked else None,
        answered=at["answered"] if asked else None,
        claimed=at["claimed"],
        decided=at["decided"],
        removed=at["removed"],
        counter_noticed=at["counter_noticed"],
        replied=at.get("replied"),
        resolved=at["resolved"],
        closed=at["closed"],
        withdrawn=at["withdrawn"],
    )


def _steps(rng: random.Random, ending: Ending, *, asked: bool) -> dict[str, timedelta]:
    """Return the time from submission to each step."""
    first_look = _handling(rng)
    # Members take hours to days to answer. The moderators' deadline restarts with the answer.
    answer = first_look + timedelta(hours=rng.uniform(2, 70))
    claimed = answer + _handling(rng) if asked else first_look
    decided = claimed + timedelta(minutes=rng.uniform(3, 24))
    removed = decided + timedelta(hours=rng.uniform(1, 30))
    counter_noticed = removed + timedelta(days=rng.uniform(1.5, 9))
    replied = counter_noticed + timedelta(hours=rng.uniform(3, 60))
    # Without an answer, moderators decide after the member's deadline.
    silent = rng.random() < UNANSWERED
    waited = (
        counter_noticed + timedelta(days=settings.COUNTER_NOTICE_ANSWER_DAYS) if silent else replied
    )
    resolved = waited + timedelta(hours=rng.uniform(2, 40))
    late = ending in (Ending.CLOSED_AFTER_REFUSAL, Ending.CLOSED_AFTER_REINSTATEMENT)
    settled = resolved if late else removed
    return {
        "drafted": -timedelta(minutes=rng.uniform(6, 55)),
        "submitted": timedelta(),
        "released": first_look * 0.4,
        "asked": first_look,
        "answered": answer,
        "claimed": claimed,
        "decided": decided,
        "removed": removed,
        "counter_noticed": counter_noticed,
        **({} if silent else {"replied": replied}),
        "resolved": resolved,
        "closed": settled + timedelta(days=rng.uniform(28, 44)),
        "withdrawn": timedelta(hours=rng.uniform(0.5, 3)),
    }


def _handling(rng: random.Random) -> timedelta:
    """Return the time until a moderator claims the case; 97% are decided within a day."""
    if rng.random() < 0.03:
        return timedelta(hours=rng.uniform(25, 60))
    return timedelta(hours=min(max(rng.lognormvariate(1.5, 0.8), 0.3), 22.5))


def _between(rng: random.Random, shortest: timedelta, longest: timedelta) -> timedelta:
    # More recent times are more likely, since the alliance grows.
    return shortest + (longest - shortest) * math.pow(rng.random(), 1.4)


def _minutes(least: float, most: float) -> tuple[timedelta, timedelta]:
    return timedelta(minutes=least), timedelta(minutes=most)


def _hours(least: float, most: float) -> tuple[timedelta, timedelta]:
    return timedelta(hours=least), timedelta(hours=most)


def _days(least: float, most: float) -> tuple[timedelta, timedelta]:
    return timedelta(days=least), timedelta(days=most)


# By ending: the step whose age is random, with the minimum and maximum age.
_ANCHORS: dict[Ending, tuple[str, timedelta, timedelta]] = {
    Ending.DRAFT: ("drafted", *_hours(1, 480)),
    Ending.DISCARDED: ("withdrawn", *_days(3, 300)),
    Ending.SUBMITTED: ("submitted", *_hours(0.1, 11)),
    Ending.OVERDUE: ("submitted", *_hours(26, 60)),
    Ending.ANSWERED: ("answered", *_hours(0.5, 10)),
    Ending.IN_REVIEW: ("claimed", *_minutes(1, 12)),
    Ending.LAPSED: ("claimed", *_minutes(45, 200)),
    Ending.INFORMATION_REQUESTED: ("asked", *_hours(2, 250)),
    Ending.UPHELD: ("decided", *_hours(0.5, 44)),
    Ending.REJECTED: ("decided", timedelta(hours=6), OLDEST),
    Ending.REMOVED: ("removed", *_days(0.2, 38)),
    Ending.UPHELD_AGAIN: ("resolved", *_days(0.5, 25)),
    Ending.COUNTER_NOTICED: ("counter_noticed", *_days(0.2, 2.6)),
    Ending.REINSTATED: ("resolved", *_days(0.2, 7)),
    Ending.WITHDRAWN: ("withdrawn", timedelta(days=4), OLDEST),
    Ending.CLOSED: ("closed", timedelta(days=1), OLDEST),
    Ending.CLOSED_AFTER_REFUSAL: ("closed", *_days(5, 600)),
    Ending.CLOSED_AFTER_REINSTATEMENT: ("closed", *_days(5, 600)),
}
# Anchors at which the case has been decided.
_DECIDED = frozenset({"decided", "removed", "counter_noticed", "resolved", "closed"})
