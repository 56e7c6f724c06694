"""A worker keeps its PostgreSQL connections across tasks and replaces broken ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests import factories
from tests.liaison.updates import change, is_whole, stream_of
from tests.processes import wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
APPLICATION_NAME = "a-worker-of-ours"


def sessions() -> set[int]:
    """Return the backend PIDs of the worker: the sweeper's and one for each pool process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = %s", [APPLICATION_NAME]
        )
        return {pid for (pid,) in cursor.fetchall()}


def test_connections_are_reused_and_replaced_when_broken(tmp_path: Path) -> None:
    moderator = factories.moderator()
    referral = factories.referred_case(factories.agency(), moderator=moderator)
    channel = stream_of(referral)

    def arrives() -> None:
        change(referral.case, moderator)
        wait_for(lambda: is_whole(channel), what="update")

    with worker(tmp_path / "worker.log", concurrency=1, PGAPPNAME=APPLICATION_NAME):
        arrives()
        kept = sessions()
        for _ in range(3):
            arrives()
        assert sessions() == kept

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [list(kept)])
        arrives()
        assert not sessions() & kept
