"""A worker's sessions of PostgreSQL: one lasts for many tasks, and a broken one is replaced."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests import factories
from tests.liaison.updates import change, is_whole, stream_of
from tests.processes import wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
NAME = "a-worker-of-ours"


def sessions() -> set[int]:
    """The process ids of the worker's sessions: the sweeper's, and one of each pool process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [NAME])
        return {pid for (pid,) in cursor.fetchall()}


def test_a_session_lasts_for_many_tasks_and_a_broken_one_is_replaced(tmp_path: Path) -> None:
    moderator = factories.moderator()
    referral = factories.referred_case(factories.agency(), moderator=moderator)
    channel = stream_of(referral)

    def arrives() -> None:
        change(referral.case, moderator)
        wait_for(lambda: is_whole(channel), what="update")

    with worker(tmp_path / "worker.log", concurrency=1, PGAPPNAME=NAME):
        arrives()
        kept = sessions()
        for _ in range(3):
            arrives()
        assert sessions() == kept

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [list(kept)])
        arrives()
        assert not sessions() & kept
