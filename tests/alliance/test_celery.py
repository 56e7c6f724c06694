"""Celery on Redis, with real workers and beats that are killed, stopped and suspended."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alliance.lib import redis as connections
from alliance.lib import wakeup
from alliance.lib.broker import Busy, TaskProducer
from cases.liaison.models import Update
from tests import factories
from tests.liaison.updates import change, is_whole, stream_of
from tests.processes import Process, free_port, start_beat, start_worker, wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
INCLUDE = ("--include", "tests.alliance.slow")


def lines(file: Path) -> list[str]:
    """Return the lines of a file, or an empty list if it does not exist."""
    return file.read_text().splitlines() if file.exists() else []


def hold(folder: Path) -> str:
    """Send the blocking task to its own queue and return its ID."""
    task = str(uuid.uuid4())
    TaskProducer(10.0).send(
        "tests.alliance.slow.hold", [str(folder)], queue="webhook", task_id=task
    )
    return task


def unacknowledged() -> int:
    """Return the number of messages that workers hold unacknowledged."""
    return int(connections.shared().hlen("unacked"))


def waiting(queue: str) -> list[str]:
    """Return the IDs of the tasks in a queue."""
    return [json.loads(raw)["headers"]["id"] for raw in connections.shared().lrange(queue, 0, -1)]


# --- Workers that stop -----------------------------------------------------------------------


def test_message_of_a_killed_worker_is_restored(tmp_path: Path) -> None:
    """A running worker restores it: workers check periodically, not only at start."""
    idle = ("--queues", "mail")
    with worker(tmp_path / "idle.log", arguments=idle, CELERY_VISIBILITY_TIMEOUT="1"):
        first = start_worker(tmp_path / "first.log", arguments=INCLUDE)
        try:
            task = hold(tmp_path)
            wait_for(lambda: lines(tmp_path / "begun"), seconds=40, what="the task to begin")
        finally:
            first.kill()
        wait_for(lambda: waiting("webhook"), seconds=40, what="the message to come back")
    assert waiting("webhook") == [task]
    assert unacknowledged() == 0


def test_task_of_a_killed_pool_process_is_restarted_at_once(tmp_path: Path) -> None:
    with worker(tmp_path / "worker.log", arguments=INCLUDE, concurrency=1) as process:
        task = hold(tmp_path)
        wait_for(lambda: lines(tmp_path / "begun"), what="the task to begin")
        for child in children(process):
            os.kill(child, signal.SIGKILL)
        wait_for(lambda: len(lines(tmp_path / "begun")) == 2, seconds=30, what="it to begin again")
        (tmp_path / "go").touch()
        wait_for(lambda: lines(tmp_path / "ended") == [task], what="it to end")


def test_warm_shutdown_finishes_the_running_task(tmp_path: Path) -> None:
    with worker(tmp_path / "worker.log", arguments=INCLUDE) as process:
        task = hold(tmp_path)
        wait_for(lambda: lines(tmp_path / "begun"), what="the task to begin")
        process.popen.terminate()
        wait_for(lambda: process.says("Warm shutdown"), what="the worker to hear")
        (tmp_path / "go").touch()
        wait_for(lambda: process.popen.poll() is not None, seconds=60, what="the worker to end")
    assert lines(tmp_path / "ended") == [task]
    assert unacknowledged() == 0


def test_soft_shutdown_returns_the_unfinished_task(tmp_path: Path) -> None:
    with worker(
        tmp_path / "first.log", arguments=INCLUDE, CELERY_SOFT_SHUTDOWN_SECONDS="0.5"
    ) as process:
        task = hold(tmp_path)
        wait_for(lambda: lines(tmp_path / "begun"), what="the task to begin")
        os.kill(process.popen.pid, signal.SIGQUIT)
        wait_for(lambda: process.popen.poll() is not None, seconds=60, what="the worker to end")
    assert lines(tmp_path / "ended") == []
    assert unacknowledged() == 0
    assert waiting("webhook") == [task]
    (tmp_path / "go").touch()
    # The visibility timeout is the default: the message is already back in the queue.
    with worker(tmp_path / "second.log", arguments=INCLUDE):
        wait_for(lambda: lines(tmp_path / "ended") == [task], what="another to do it")


def children(process: Process) -> list[int]:
    """Return the process IDs of a worker's pool."""
    pids = Path(f"/proc/{process.popen.pid}/task/{process.popen.pid}/children").read_text()
    return [int(pid) for pid in pids.split()]


# --- An unresponsive broker ------------------------------------------------------------------


class SilentServer:
    """A server that accepts connections and never answers."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(0.2)
        self.port = self.server.getsockname()[1]
        self.caught: list[socket.socket] = []
        self.is_open = True
        self.thread = threading.Thread(target=self._catch, daemon=True)
        self.thread.start()

    def _catch(self) -> None:
        while self.is_open:
            try:
                self.caught.append(self.server.accept()[0])
            except TimeoutError:
                pass

    def close(self) -> None:
        self.is_open = False
        self.thread.join()
        for connection in [*self.caught, self.server]:
            connection.close()


@pytest.fixture
def silent_server() -> Iterator[SilentServer]:
    made = SilentServer()
    yield made
    made.close()


def test_unresponsive_broker_does_not_delay_a_case(
    silent_server: SilentServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = factories.referred_case()
    wakeup.BACKGROUND.flush()
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://:b@127.0.0.1:{silent_server.port}/")
    connections.shared().flushdb()
    assert wakeup.PRODUCER.seconds <= 0.5
    # The existing connection may already be open to the real broker.
    monkeypatch.setattr(wakeup, "PRODUCER", TaskProducer(wakeup.PRODUCER.seconds))
    before = Update.objects.count()
    for _ in range(3):
        change(referral.case, factories.moderator())
    wakeup.BACKGROUND.flush()
    assert Update.objects.count() == before + 3
    # After the first timeout, the portal does not retry for some seconds.
    assert len(silent_server.caught) == 1


def test_wake_ups_are_sent_without_the_coalescing_redis(
    settings: Any,
) -> None:
    """Without the flags in Redis, one wake-up is sent instead of one for every commit."""
    referral = factories.referred_case()
    wakeup.BACKGROUND.flush()
    connections.shared().flushdb()
    broker, settings.REDIS_URL = settings.REDIS_URL, f"redis://127.0.0.1:{free_port()}/0"
    for _ in range(3):
        change(referral.case, factories.moderator())
    wakeup.BACKGROUND.flush()
    settings.REDIS_URL = broker
    assert len(waiting("stream")) == 1
    assert wakeup.Pause.until == 0.0


def test_busy_connection_is_not_waited_for(silent_server: SilentServer) -> None:
    line = TaskProducer(0.05)
    with line._lock, pytest.raises(Busy):
        line.send("cases.tasks.send_mails", queue="mail")
    assert silent_server.caught == []


def test_closed_connection_is_replaced_at_once() -> None:
    """Redis closes idle connections; the next wake-up must still be sent."""
    line = TaskProducer(2.0)
    line.send("cases.tasks.send_mails", queue="mail")
    connections.shared().execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")
    line.send("cases.tasks.send_mails", queue="mail")
    assert connections.shared().llen("mail") == 2


def test_forked_child_opens_its_own_connection() -> None:
    line = TaskProducer(2.0)
    line.send("cases.tasks.send_mails", queue="mail")
    parents = line._producer
    line._lock.acquire()  # as held by another thread of the parent during the fork
    line._restart()
    line.send("cases.tasks.send_mails", queue="mail")
    assert line._producer is not parents
    assert parents.connection.connected
    assert connections.shared().llen("mail") == 2


# --- Beat ------------------------------------------------------------------------------------


def test_beat_sends_due_tasks_and_delivery_works_without_it(tmp_path: Path) -> None:
    """Updates are still delivered after beat is killed."""
    referral = factories.referred_case()
    process = start_worker(tmp_path / "worker.log")
    beat = start_beat(tmp_path)
    try:
        wait_for(
            lambda: process.says("check_stream_accounts"), seconds=60, what="a task sent by beat"
        )
        beat.kill()
        connections.shared().flushdb()
        change(referral.case, factories.moderator())
        wait_for(lambda: is_whole(stream_of(referral)), seconds=40, what="the updates")
    finally:
        beat.stop()
        process.stop()
