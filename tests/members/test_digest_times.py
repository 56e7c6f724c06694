"""When the daily digest of a person is due, in every time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from alliance.lib import clock
from members.models import Digest, User
from members.services import digests, profile
from tests import factories
from tests.concurrency import run_concurrently


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        ("UTC", utc(2026, 3, 1, 7, 59), utc(2026, 3, 1, 8)),
        ("UTC", utc(2026, 3, 1, 8), utc(2026, 3, 2, 8)),
        ("Asia/Shanghai", utc(2026, 3, 1, 0), utc(2026, 3, 2, 0)),
        ("Asia/Kathmandu", utc(2026, 3, 1, 0), utc(2026, 3, 1, 2, 15)),
        # Both sides of the date line: the same moment is the 2nd and the 1st of March.
        ("Pacific/Kiritimati", utc(2026, 3, 1, 12), utc(2026, 3, 1, 18)),
        ("Pacific/Pago_Pago", utc(2026, 3, 1, 12), utc(2026, 3, 1, 19)),
        # Summer time begins (23 hours between two digests) and ends (25 hours).
        ("Europe/Paris", utc(2026, 3, 28, 7), utc(2026, 3, 29, 6)),
        ("Europe/Paris", utc(2026, 10, 24, 6), utc(2026, 10, 25, 7)),
        ("America/New_York", utc(2026, 3, 7, 13), utc(2026, 3, 8, 12)),
        # Samoa crossed the date line: it had no 30 December 2011.
        ("Pacific/Apia", utc(2011, 12, 29, 20), utc(2011, 12, 30, 18)),
    ],
)
def test_the_next_morning(zone: str, after: datetime, expected: datetime) -> None:
    found = digests.next_morning(ZoneInfo(zone), after)
    assert found == expected
    local = found.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) == (8, 0)


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Santiago", "Australia/Lord_Howe"])
def test_a_year_has_a_digest_for_every_day(zone: str) -> None:
    moment, days = utc(2026, 1, 1), []
    for _ in range(365):
        moment = digests.next_morning(ZoneInfo(zone), moment)
        days.append(moment.astimezone(ZoneInfo(zone)).date())
    assert days == [days[0] + timedelta(days=n) for n in range(365)]


@pytest.mark.django_db
def test_one_digest_a_day_that_closes_when_a_worker_begins() -> None:
    user = factories.user(time_zone="Asia/Tokyo")
    with clock.at(utc(2026, 3, 1, 12)):
        first = factories.digest(user)
        assert factories.digest(user) == first
        assert (str(first.day), first.due_at) == ("2026-03-02", utc(2026, 3, 1, 23))
        first.record(attempts=1)
        assert str(factories.digest(user).day) == "2026-03-03"


@pytest.mark.django_db
def test_no_second_digest_for_a_day_after_a_move_west() -> None:
    user = factories.user(time_zone="Pacific/Auckland")
    with clock.at(utc(2026, 3, 1, 12)):
        first = factories.digest(user)  # 2 March, 08:00 in Auckland: 1 March, 19:00 UTC
    first.record_sent()
    with clock.at(utc(2026, 3, 1, 20)):
        profile.save(by=user, notifications={}, time_zone="America/Los_Angeles")
        again = factories.digest(User.objects.get(pk=user.pk))
    assert (str(first.day), str(again.day)) == ("2026-03-02", "2026-03-03")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "due"),
    [("America/Los_Angeles", utc(2026, 3, 2, 16)), ("Pacific/Kiritimati", utc(2026, 3, 1, 18))],
)
def test_a_waiting_digest_moves_with_the_time_zone(zone: str, due: datetime) -> None:
    user = factories.user(time_zone="Asia/Tokyo")
    with clock.at(utc(2026, 3, 1, 12)):
        waiting = factories.digest(user)
        profile.save(by=user, notifications={}, time_zone=zone)
    waiting.refresh_from_db()
    assert (waiting.due_at, waiting.look_at) == (due, due)


@pytest.mark.django_db(transaction=True)
def test_two_workers_create_one_digest() -> None:
    user = factories.user()

    def join() -> Any:
        with transaction.atomic():
            return digests.join(user).pk

    assert len(set(run_concurrently(join, join, join))) == 1
    assert Digest.objects.count() == 1
