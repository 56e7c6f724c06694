"""The due times of a referral's steps, and the status of each step. Makes no queries.

Due times count from the referral. They come from the agency's :class:`DueTimes` for the case's priority.
Without a row, they are computed from ``Agency.acknowledge_within_hours``, which applies at normal priority:
the time to acknowledge is twice as long at low priority, half at high and a quarter at urgent. The time to
read is half of it, the time to accept or decline five times as long. Delivery, by the portal itself, is due
after :data:`DELIVERED_WITHIN`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from cases.liaison.models import Agency, DueStep, DueTimes, Referral
from cases.states import REFERRAL_UNANSWERED, Priority

DELIVERED_WITHIN = timedelta(minutes=15)
FACTORS = {
    Priority.LOW: 2.0,
    Priority.NORMAL: 1.0,
    Priority.HIGH: 0.5,
    Priority.URGENT: 0.25,
}
READ_PART = 0.5
ACCEPT_TIMES = 5
# By step: the fields of a referral with its due time and the time it was done.
FIELDS = {
    DueStep.DELIVERED: ("deliver_by", "delivered_at"),
    DueStep.READ: ("read_by", "read_at"),
    DueStep.ACKNOWLEDGED: ("acknowledge_by", "acknowledged_at"),
    DueStep.ACCEPTED: ("accept_by", "answered_at"),
}


def times(
    *, agency: Agency, priority: int, row: DueTimes | None, since: datetime
) -> dict[str, datetime]:
    """Return the due times of a referral made at ``since``, by the name of the referral's field.

    ``row`` holds the times that the agency agreed to for cases of this ``priority``, if any.
    """
    if row is not None:
        allowed = {
            DueStep.DELIVERED: timedelta(minutes=row.deliver_minutes),
            DueStep.READ: timedelta(hours=row.read_hours),
            DueStep.ACKNOWLEDGED: timedelta(hours=row.acknowledge_hours),
            DueStep.ACCEPTED: timedelta(hours=row.accept_hours),
        }
    else:
        acknowledge = timedelta(hours=agency.acknowledge_within_hours) * FACTORS[Priority(priority)]
        allowed = {
            DueStep.DELIVERED: DELIVERED_WITHIN,
            DueStep.READ: acknowledge * READ_PART,
            DueStep.ACKNOWLEDGED: acknowledge,
            DueStep.ACCEPTED: acknowledge * ACCEPT_TIMES,
        }
    return {FIELDS[step][0]: since + time for step, time in allowed.items()}


@dataclass(frozen=True)
class StepStatus:
    """The status of one step: when it is due and when it was done; each may be ``None``.

    ``awaited`` means that the step is not done yet and still required, ``late`` that it is overdue or was done
    late.
    """

    step: DueStep
    due_at: datetime | None
    done_at: datetime | None
    awaited: bool
    late: bool

    @property
    def overdue(self) -> bool:
        """Whether the step is late and not done yet."""
        return self.awaited and self.late


def step_statuses(referral: Referral, now: datetime) -> list[StepStatus]:
    """Return the status of the four steps of ``referral`` at ``now``, in their order."""
    found = []
    for step, (due_field, done_field) in FIELDS.items():
        due, done = getattr(referral, due_field), getattr(referral, done_field)
        awaited = done is None and referral.status in REFERRAL_UNANSWERED
        late = due is not None and (done or now) > due and (awaited or done is not None)
        found.append(StepStatus(step, due, done, awaited, late))
    return found


def most_urgent(found: list[StepStatus]) -> StepStatus | None:
    """Return the awaited step of the agency that is due first; ``None`` if it has none.

    Delivery is never returned, because it is not the agency's step.
    """
    running = [
        (one.due_at, one)
        for one in found
        if one.awaited and one.due_at is not None and one.step != DueStep.DELIVERED
    ]
    return min(running, key=itemgetter(0))[1] if running else None
