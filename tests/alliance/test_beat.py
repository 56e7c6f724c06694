"""One beat of several sends: the lock changes hands when its session ends, for whatever reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery.schedules import crontab
from django.db import connection

from alliance import beat
from alliance.beat import Lock, SingleScheduler
from alliance.celery import app
from tests.processes import free_port, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_the_test_database(settings: Any) -> None:
    """Where PostgreSQL is stays as it is; the database is the tests' own."""
    settings.BEAT_DATABASE = settings.BEAT_DATABASE | {"NAME": connection.settings_dict["NAME"]}


@pytest.fixture
def locks() -> Iterator[tuple[Lock, Lock]]:
    """Two, of two beats."""
    both = Lock(), Lock()
    yield both
    for lock in both:
        lock.release()


def end_session(lock: Lock) -> None:
    """What PostgreSQL does with a session whose other side is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [lock._session])


def test_one_holds_it_until_it_gives_it_back(locks: tuple[Lock, Lock]) -> None:
    first, second = locks
    assert first.is_held()
    assert first.is_held()
    assert not second.is_held()
    first.release()
    wait_for(second.is_held, what="the other to get it")
    assert not first.is_held()


def test_a_session_that_is_cut_costs_the_lock(locks: tuple[Lock, Lock]) -> None:
    first, second = locks
    assert first.is_held()
    assert not second.is_held()
    end_session(first)
    wait_for(second.is_held, what="the other to get it")
    assert not first.is_held(), "it must notice before it sends again"
    assert not first.is_held()
    second.release()
    wait_for(first.is_held, what="it to come back later")


def test_a_beat_that_is_frozen_loses_it(
    locks: tuple[Lock, Lock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is heard of it, though its kernel still answers for it."""
    monkeypatch.setitem(beat.ON_SERVER, "idle_session_timeout", "300ms")
    first, second = locks
    assert first.is_held()
    wait_for(second.is_held, what="PostgreSQL to end the silent session")
    assert not first.is_held()


def test_without_a_database_nobody_holds_it(settings: Any) -> None:
    settings.BEAT_DATABASE = settings.BEAT_DATABASE | {"HOST": "127.0.0.1", "PORT": free_port()}
    lock = Lock()
    assert not lock.is_held()
    assert not lock.is_held()


def test_a_pooler_that_changes_the_session_is_found_out(locks: tuple[Lock, Lock]) -> None:
    """Through a pooler the lock would belong to a session that serves others as well."""
    first, _ = locks
    assert first.is_held()
    first._session = -1
    assert not first.is_held()


def test_the_session_is_short_lived_on_both_sides(locks: tuple[Lock, Lock]) -> None:
    first, _ = locks
    assert first.is_held()
    assert first._ask("SELECT current_setting('idle_session_timeout')") == "15s"
    assert first._ask("SELECT current_setting('tcp_keepalives_idle')") == "5"
    assert first._database is not None
    assert first._database.settings_dict["OPTIONS"]["keepalives_idle"] == 5


# --- What is sent ----------------------------------------------------------------------------


@pytest.fixture
def scheduler() -> Iterator[SingleScheduler]:
    """A beat with something every minute and something at a time of day, that writes down what it sends."""
    schedule = {
        "often": {"task": "often", "schedule": 60.0},
        "nightly": {"task": "nightly", "schedule": crontab(hour="3", minute="0")},
    }
    made = SingleScheduler(app, lazy=True)
    made.merge_inplace(schedule)
    yield made
    made.close()


def sent_by(scheduler: SingleScheduler, ticks: int = 6) -> list[str]:
    """The tasks that it sends in so many ticks."""
    sent: list[str] = []
    scheduler.line.send = lambda task, *_, **__: sent.append(task)  # type: ignore[method-assign]
    for _ in range(ticks):
        scheduler.tick()
    return sent


def at(monkeypatch: pytest.MonkeyPatch, hour: int, minute: int) -> None:
    """Let it be that time of today for Celery."""
    now = app.now().replace(hour=hour, minute=minute, second=30, microsecond=0)
    monkeypatch.setattr(app, "now", lambda: now)


def test_who_stands_by_sends_nothing(scheduler: SingleScheduler, locks: tuple[Lock, Lock]) -> None:
    assert locks[0].is_held()
    assert sent_by(scheduler) == []
    assert scheduler.vacant_since is not None


def test_who_takes_over_sends_at_once_what_repeats(scheduler: SingleScheduler) -> None:
    assert sent_by(scheduler).count("often") == 1


@pytest.mark.parametrize(
    ("minute", "expected"), [(0, 1), (10, 0)], ids=["just come", "long since sent"]
)
def test_a_time_of_day_is_neither_missed_nor_made_up_for(
    scheduler: SingleScheduler, monkeypatch: pytest.MonkeyPatch, minute: int, expected: int
) -> None:
    """The beat before may have died without sending it, a moment before we looked."""
    at(monkeypatch, 3, minute)
    scheduler.vacant_since = app.now() - timedelta(seconds=2)
    assert sent_by(scheduler).count("nightly") == expected


def test_a_broker_that_refuses_does_not_stop_the_clock(scheduler: SingleScheduler) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionError

    scheduler.line.send = refuse  # type: ignore[method-assign]
    for _ in range(4):
        scheduler.tick()
    assert scheduler.is_in_office
    assert scheduler.schedule["often"].total_run_count == 1


def test_a_sign_of_life_is_left_by_those_who_stand_by_too(
    scheduler: SingleScheduler, locks: tuple[Lock, Lock], settings: Any, tmp_path: Any
) -> None:
    settings.BEAT_ALIVE_FILE = str(tmp_path / "alive")
    assert locks[0].is_held()
    scheduler.tick()
    assert (tmp_path / "alive").exists()
