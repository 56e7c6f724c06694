"""Celery on Redis, with real workers and beats that are killed, stopped and frozen."""

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
    """The lines of a file, none when it is not there."""
    return file.read_text().splitlines() if file.exists() else []


def hold(folder: Path) -> str:
    """Send the task that waits for ``go`` to a queue of its own; return its id."""
    task = str(uuid.uuid4())
    TaskProducer(10.0).send(
        "tests.alliance.slow.hold", [str(folder)], queue="webhook", task_id=task
    )
    return task


def unacknowledged() -> int:
    """How many messages workers have taken and not acknowledged."""
    return int(connections.shared().hlen("unacked"))


def waiting(queue: str) -> list[str]:
    """The ids of the tasks that wait in a queue."""
    return [json.loads(raw)["headers"]["id"] for raw in connections.shared().lrange(queue, 0, -1)]


# --- Workers that end ------------------------------------------------------------------------


def test_the_message_of_a_killed_worker_comes_back(tmp_path: Path) -> None:
    """A worker that has long been there finds it: it looks every few seconds, not when it starts only."""
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


def test_the_task_of_a_killed_pool_process_is_taken_up_at_once(tmp_path: Path) -> None:
    with worker(tmp_path / "worker.log", arguments=INCLUDE, concurrency=1) as process:
        task = hold(tmp_path)
        wait_for(lambda: lines(tmp_path / "begun"), what="the task to begin")
        for child in children(process):
            os.kill(child, signal.SIGKILL)
        wait_for(lambda: len(lines(tmp_path / "begun")) == 2, seconds=30, what="it to begin again")
        (tmp_path / "go").touch()
        wait_for(lambda: lines(tmp_path / "ended") == [task], what="it to end")


def test_a_worker_that_is_told_to_end_finishes_what_it_has(tmp_path: Path) -> None:
    with worker(tmp_path / "worker.log", arguments=INCLUDE) as process:
        task = hold(tmp_path)
        wait_for(lambda: lines(tmp_path / "begun"), what="the task to begin")
        process.popen.terminate()
        wait_for(lambda: process.says("Warm shutdown"), what="the worker to hear")
        (tmp_path / "go").touch()
        wait_for(lambda: process.popen.poll() is not None, what="the worker to end")
    assert lines(tmp_path / "ended") == [task]
    assert unacknowledged() == 0


def test_a_worker_that_must_end_now_puts_back_what_it_has_not_finished(tmp_path: Path) -> None:
    with worker(
        tmp_path / "first.log", arguments=INCLUDE, CELERY_SOFT_SHUTDOWN_SECONDS="0.5"
    ) as process:
        task = hold(tmp_path)
        wait_for(lambda: lines(tmp_path / "begun"), what="the task to begin")
        os.kill(process.popen.pid, signal.SIGQUIT)
        wait_for(lambda: process.popen.poll() is not None, what="the worker to end")
    assert lines(tmp_path / "ended") == []
    assert unacknowledged() == 0
    assert waiting("webhook") == [task]
    (tmp_path / "go").touch()
    # With the real visibility time-out: nothing has to come back, it is there.
    with worker(tmp_path / "second.log", arguments=INCLUDE):
        wait_for(lambda: lines(tmp_path / "ended") == [task], what="another to do it")


def children(process: Process) -> list[int]:
    """The pool processes of a worker."""
    told = Path(f"/proc/{process.popen.pid}/task/{process.popen.pid}/children").read_text()
    return [int(pid) for pid in told.split()]


# --- A broker that is silent -----------------------------------------------------------------


class Hole:
    """A port that takes connections and never says a word."""

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
        """Fill it in."""
        self.is_open = False
        self.thread.join()
        for connection in [*self.caught, self.server]:
            connection.close()


@pytest.fixture
def hole() -> Iterator[Hole]:
    made = Hole()
    yield made
    made.close()


def test_a_broker_that_never_answers_does_not_hold_up_a_case(
    hole: Hole, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = factories.referred_case()
    wakeup.BACKGROUND.flush()
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://:b@127.0.0.1:{hole.port}/")
    connections.shared().flushdb()
    assert wakeup.PRODUCER.seconds <= 0.5
    # The one there is may be open already, to the real broker.
    monkeypatch.setattr(wakeup, "PRODUCER", TaskProducer(wakeup.PRODUCER.seconds))
    before = Update.objects.count()
    for _ in range(3):
        change(referral.case, factories.moderator())
    wakeup.BACKGROUND.flush()
    assert Update.objects.count() == before + 3
    # Whoever came first found out; for some seconds the others do not even try.
    assert len(hole.caught) == 1


def test_without_its_flags_another_broker_is_used_all_the_same(
    settings: Any,
) -> None:
    """The flags' Redis is away and the broker is not: one wake-up is sent, and not one for every commit."""
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


def test_a_line_that_others_hang_on_is_not_waited_for(hole: Hole) -> None:
    line = TaskProducer(0.05)
    with line._lock, pytest.raises(Busy):
        line.send("cases.tasks.send_mails", queue="mail")
    assert hole.caught == []


def test_a_line_that_was_cut_is_replaced_at_once() -> None:
    """Redis ends idle connections; the next wake-up must not be the one that finds out."""
    line = TaskProducer(2.0)
    line.send("cases.tasks.send_mails", queue="mail")
    connections.shared().execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")
    line.send("cases.tasks.send_mails", queue="mail")
    assert connections.shared().llen("mail") == 2


def test_a_forked_child_has_a_line_of_its_own() -> None:
    line = TaskProducer(2.0)
    line.send("cases.tasks.send_mails", queue="mail")
    parents = line._producer
    line._lock.acquire()  # as another thread of the parent might at the moment of the fork
    line._restart()
    line.send("cases.tasks.send_mails", queue="mail")
    assert line._producer is not parents
    assert parents.connection.connected
    assert connections.shared().llen("mail") == 2


# --- Beat ------------------------------------------------------------------------------------


def test_beat_sends_what_is_due_and_work_is_done_without_it(tmp_path: Path) -> None:
    """Killed, beat takes nothing along: updates are delivered all the same."""
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
