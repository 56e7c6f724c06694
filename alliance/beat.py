"""Celery's beat, of which any number may run: the one that holds the lock sends, the others stand by.

The lock is a session-level advisory lock of PostgreSQL, on a connection that is used for nothing else. It
ends with the session, and the session ends when its beat dies, when its machine vanishes (keepalives), and
when it has not been heard of for :data:`IDLE_SECONDS` (a frozen process, whose kernel goes on answering).
Whoever comes back from a freeze looks at the lock before it sends again. See docs/adr/0007.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import crontab
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from alliance.lib import broker

log = structlog.get_logger(__name__)

KEY = 0x62_65_61_74  # one number for the whole installation
LOOK_EVERY_SECONDS = 1.0
IDLE_SECONDS = 15
BROKER_SILENT_SECONDS = 2.0
# A task due so long before its beat was last known to live may not have been sent: better twice than never.
DOUBT = timedelta(seconds=60)
# Both ends of the connection notice within half a minute that the other is gone.
KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": IDLE_SECONDS * 1000,
    "connect_timeout": 5,
}
ON_SERVER = {
    "idle_session_timeout": f"{IDLE_SECONDS}s",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": f"{IDLE_SECONDS}s",
    "statement_timeout": "5s",
    "application_name": "beat",
}


class Lock:
    """The lock of the one beat that sends, on a database session of its own."""

    def __init__(self) -> None:
        self._database: BaseDatabaseWrapper | None = None
        self._session: int | None = None

    def is_held(self) -> bool:
        """Ask PostgreSQL whether the lock is ours, and take it if it is free. Never raises."""
        try:
            return self._still_held() if self._session is not None else self._take()
        except DatabaseError as error:
            if self._session is not None:
                log.warning("beat_lost_its_lock", error=type(error).__name__)
            self.release()
            return False

    def release(self) -> None:
        """End the session, and the lock with it."""
        database, self._database, self._session = self._database, None, None
        if database is not None:
            try:
                database.close()
            except DatabaseError:
                pass  # it had ended by itself

    def _take(self) -> bool:
        if self._database is None:
            self._database = _own_connection()
            for name, value in ON_SERVER.items():
                self._ask("SELECT set_config(%s, %s, false)", name, value)
        if not self._ask("SELECT pg_try_advisory_lock(%s)", KEY):
            return False
        self._session = self._ask("SELECT pg_backend_pid()")
        return True

    def _still_held(self) -> bool:
        """The lock lives as long as the session does. Another session means that a pooler is in between."""
        if self._ask("SELECT pg_backend_pid()") != self._session:
            raise DatabaseError("the session was changed: BEAT_DATABASE_URL must lead past poolers")
        return True

    def _ask(self, question: str, *values: str | int) -> Any:
        assert self._database is not None
        with self._database.cursor() as cursor:
            cursor.execute(question, values or None)
            return cursor.fetchone()[0]


def _own_connection() -> BaseDatabaseWrapper:
    database = connections[DEFAULT_DB_ALIAS].copy()
    given = {name: value for name, value in settings.BEAT_DATABASE.items() if value}
    options = database.settings_dict.get("OPTIONS", {}) | given.pop("OPTIONS", {})
    database.settings_dict |= given | {"OPTIONS": options | KEEPALIVE, "CONN_MAX_AGE": None}
    return database


class SingleScheduler(Scheduler):
    """Sends what is due while it holds the lock; looks every second whether it has come free otherwise.

    Nothing is kept in a file. When this beat comes into its office, what repeats every so often is due at
    once, and what has a time of day is due if that time has come since another beat was last seen.
    """

    #: Tasks are sent over a line that gives up in time, so that a silent broker does not stop the clock.
    producer: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lock = Lock()
        self.line = broker.Line(BROKER_SILENT_SECONDS)
        self.is_in_office = False
        self.vacant_since: datetime | None = None
        self._looked_at = -LOOK_EVERY_SECONDS
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send one task that is due, if it is ours to send; return the seconds until the next look."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_SECONDS:
            self._look()
            self._looked_at = now
        if not self.is_in_office:
            return LOOK_EVERY_SECONDS
        wait: float = super().tick(*args, **kwargs)
        return max(0.0, min(wait, LOOK_EVERY_SECONDS))

    def _look(self) -> None:
        _touch(settings.BEAT_ALIVE_FILE)
        held = self.lock.is_held()
        if held and not self.is_in_office:
            log.info("beat_took_over")
            self._begin()
        elif not held:
            self.vacant_since = self.app.now()
        self.is_in_office = held

    def _begin(self) -> None:
        now = self.app.now()
        since = (self.vacant_since or now) - DOUBT
        for entry in self.schedule.values():
            entry.last_run_at = since if _has_a_time_of_day(entry) else now - timedelta(days=366)
        self._heap = None

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send the task of ``entry``. That it could not be sent is logged, and the clock goes on."""
        assert entry.task is not None
        try:
            self.line.send(entry.task, entry.args or (), entry.kwargs, **(entry.options or {}))
            log.debug("scheduled_task_sent", task=entry.task)
        except Exception as error:  # noqa: BLE001  (whatever the broker raises: the next time will come)
            log.warning("scheduled_task_not_sent", task=entry.task, error=type(error).__name__)

    def close(self) -> None:
        """Give the lock back, so that another takes over at once."""
        super().close()
        self.lock.release()


def _has_a_time_of_day(entry: ScheduleEntry) -> bool:
    return isinstance(entry.schedule, crontab)


def _touch(path: str) -> None:
    if path:
        try:
            Path(path).touch()
        except OSError as error:
            log.warning("beat_alive_file_not_written", error=type(error).__name__)
