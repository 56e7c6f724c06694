"""How long an agency has for each step of a referral, and how its clocks stand. Asks no database.

Times count from the referral on. They come from the agency's :class:`DueTimes` for the case's priority;
where it has none, from the hours in which it acknowledges at normal priority: twice as long at low
priority, half at high, a quarter at urgent; reading in half of that, accepting or declining in five
times. Delivery is the portal's own work, and has a quarter of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from cases.liaison.models import Agency, Clock, DueTimes, Referral
from cases.states import REFERRAL_AWAITED, Priority

DELIVERED_WITHIN = timedelta(minutes=15)
FACTORS = {
    Priority.LOW: 2.0,
    Priority.NORMAL: 1.0,
    Priority.HIGH: 0.5,
    Priority.URGENT: 0.25,
}
READ_PART = 0.5
ACCEPT_TIMES = 5
# By clock: where a referral keeps when it is due, and when it was done.
FIELDS = {
    Clock.DELIVERED: ("deliver_by", "delivered_at"),
    Clock.READ: ("read_by", "read_at"),
    Clock.ACKNOWLEDGED: ("acknowledge_by", "acknowledged_at"),
    Clock.ACCEPTED: ("accept_by", "answered_at"),
}


def times(
    *, agency: Agency, priority: int, row: DueTimes | None, since: datetime
) -> dict[str, datetime]:
    """Return the due times of a referral made at ``since``, by the names of its fields.

    ``row`` is what the agency agreed to for cases of this ``priority``, if anything.
    """
    if row is not None:
        allowed = {
            Clock.DELIVERED: timedelta(minutes=row.deliver_minutes),
            Clock.READ: timedelta(hours=row.read_hours),
            Clock.ACKNOWLEDGED: timedelta(hours=row.acknowledge_hours),
            Clock.ACCEPTED: timedelta(hours=row.accept_hours),
        }
    else:
        acknowledge = timedelta(hours=agency.acknowledge_within_hours) * FACTORS[Priority(priority)]
        allowed = {
            Clock.DELIVERED: DELIVERED_WITHIN,
            Clock.READ: acknowledge * READ_PART,
            Clock.ACKNOWLEDGED: acknowledge,
            Clock.ACCEPTED: acknowledge * ACCEPT_TIMES,
        }
    return {FIELDS[step][0]: since + time for step, time in allowed.items()}


@dataclass(frozen=True)
class Reading:
    """How one clock stands: when the step was due and when it was taken, ``None`` for neither.

    ``awaited`` says that the step is still to be taken; ``late`` that it is overdue, or was.
    """

    step: Clock
    due_at: datetime | None
    done_at: datetime | None
    awaited: bool
    late: bool

    @property
    def overdue(self) -> bool:
        """Whether the step is late and still to be taken."""
        return self.awaited and self.late


def readings(referral: Referral, now: datetime) -> list[Reading]:
    """Return how the four clocks of ``referral`` stand at ``now``, in the order of the steps."""
    found = []
    for step, (due_field, done_field) in FIELDS.items():
        due, done = getattr(referral, due_field), getattr(referral, done_field)
        awaited = done is None and referral.status in REFERRAL_AWAITED
        late = due is not None and (done or now) > due and (awaited or done is not None)
        found.append(Reading(step, due, done, awaited, late))
    return found


def most_urgent(found: list[Reading]) -> Reading | None:
    """Return the clock of the agency's that runs out first, or ran out first; ``None`` if none runs.

    Delivery is not the agency's: it is never among them.
    """
    running = [
        (one.due_at, one)
        for one in found
        if one.awaited and one.due_at is not None and one.step != Clock.DELIVERED
    ]
    return min(running, key=itemgetter(0))[1] if running else None
