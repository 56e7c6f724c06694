"""Days begin and end in a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from alliance.lib import clock


def test_a_day_begins_and_ends_in_its_zone() -> None:
    day, berlin = date(2026, 3, 29), ZoneInfo("Europe/Berlin")
    assert clock.start_of(day, UTC) == datetime(2026, 3, 29, tzinfo=UTC)
    assert clock.end_of(day, UTC) == datetime(2026, 3, 30, tzinfo=UTC)
    # The clocks are put forward in that night.
    lasted = clock.end_of(day, berlin).astimezone(UTC) - clock.start_of(day, berlin).astimezone(UTC)
    assert lasted == timedelta(hours=23)
    with timezone.override("Asia/Shanghai"):
        assert clock.start_of(day) == datetime(2026, 3, 28, 16, tzinfo=UTC)


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_every_day_has_a_beginning_and_an_end(day: date, zone: str) -> None:
    place = ZoneInfo(zone)
    start, end = clock.start_of(day, place), clock.end_of(day, place)
    assert start.astimezone(UTC) <= end.astimezone(UTC)
    assert 1899 <= start.year <= end.year <= 3000
