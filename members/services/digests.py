"""The daily digest of a person: which one is next, and when it is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alliance.lib import clock, time_zones
from members.models import Digest, User

# The local time at which a digest is sent.
SEND_AT = time(8)


def next_morning(zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first 08:00 in ``zone`` later than ``after``, in UTC."""
    day = after.astimezone(zone).date()
    while (moment := _morning(zone, day)) <= after:
        day += timedelta(days=1)
    return moment


def join(user: User) -> Digest:
    """Return the next digest of ``user``, locked until the transaction ends. It is created if there is none.

    A digest that a worker has begun to send is not returned. Thus a person who has moved to a time zone further west
    gets no second digest for the same day.
    """
    zone, after = time_zones.named(user.time_zone), clock.now()
    while True:
        after = next_morning(zone, after)
        day = after.astimezone(zone).date()
        times = {"due_at": after, "look_at": after}
        Digest.objects.get_or_create(user=user, day=day, defaults=times)
        locked = Digest.objects.open().select_for_update(no_key=True)
        digest: Digest | None = locked.filter(user=user, day=day).first()
        if digest is not None:
            return digest


def reschedule(user: User, *, reconsider: bool) -> None:
    """Set the time of open digests of ``user`` after a change of time zone.

    With ``reconsider``, a worker looks at their notifications now, because the settings have changed. It does not
    send them before they are due.
    """
    zone = time_zones.named(user.time_zone)
    for digest in Digest.objects.open().filter(user=user).select_for_update(no_key=True):
        due_at = _morning(zone, digest.day)
        digest.record(due_at=due_at, look_at=clock.now() if reconsider else due_at)


def _morning(zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day, SEND_AT, zone).astimezone(UTC)
