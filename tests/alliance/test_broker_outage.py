"""A worker survives an outage of the broker while it executes a task."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from alliance.lib.broker import TaskProducer
from tests.processes import RedisServer, wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """A Redis server for this test, which is the broker of this process too."""
    made = RedisServer(tmp_path)
    made.start()
    monkeypatch.setenv("CELERY_BROKER_URL", made.url)
    yield made
    made.stop()


def send(folder: Path) -> None:
    """Send a task that waits for the file ``go`` in ``folder``."""
    folder.mkdir()
    TaskProducer(10.0).send(
        "tests.alliance.slow.hold", [str(folder)], queue="webhook", task_id=str(uuid.uuid4())
    )


def executions(folder: Path, step: str = "ended") -> int:
    """Return how often the task of ``folder`` has begun or ended."""
    file = folder / step
    return len(file.read_text().splitlines()) if file.exists() else 0


def test_worker_survives_an_outage_during_a_task(tmp_path: Path, broker: RedisServer) -> None:
    """It executes other tasks afterwards, and the message that it could not acknowledge is delivered again."""
    first, second = tmp_path / "first", tmp_path / "second"
    settings = {"CELERY_BROKER_URL": broker.url, "CELERY_VISIBILITY_TIMEOUT": "1"}
    include = ("--include", "tests.alliance.slow")
    with worker(tmp_path / "worker.log", arguments=include, **settings) as process:
        send(first)
        wait_for(lambda: executions(first, "begun"), what="the first task to begin")
        broker.stop()
        wait_for(lambda: process.says("Cannot connect"), what="the worker to try again")
        broker.start()
        (first / "go").touch()
        wait_for(lambda: executions(first), what="the first task to end")
        send(second)
        (second / "go").touch()
        wait_for(lambda: executions(second), seconds=40, what="the second task")
        wait_for(lambda: executions(first) == 2, seconds=40, what="the first task again")
        client = redis.Redis.from_url(broker.url)
        wait_for(lambda: client.hlen("unacked") == 0, what="the acknowledgements")
        assert process.popen.poll() is None
