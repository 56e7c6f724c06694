"""The same portal on RabbitMQ, by its URL alone: quorum queues, workers killed, the broker stopped and frozen."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from kombu import Connection

from alliance.celery import app
from alliance.lib import queues, wakeup
from alliance.lib.broker import Line
from cases.models import Case
from dev.processes import marked
from dev.rabbitmq_server import MARK, RabbitMQ
from members.models import User
from tests import factories
from tests.alliance.test_celery import INCLUDE, hold, lines
from tests.liaison.updates import assert_whole, change, is_whole, stream_of
from tests.processes import start_worker, wait_for, worker

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.worker,
    pytest.mark.rabbitmq,
]


@pytest.fixture
def broker(rabbitmq: RabbitMQ, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """This process sends its tasks to RabbitMQ, with empty queues; what a worker needs to do so, too."""
    told = queues.broker_settings(rabbitmq.url)
    monkeypatch.setenv("CELERY_BROKER_URL", rabbitmq.url)
    # More patient than the real one: what is tested must not hang on how busy this machine is.
    monkeypatch.setattr(wakeup, "LINE", Line(3.0))
    changed = {
        "task_queues": told.queues,
        "broker_transport_options": told.transport_options,
    }
    before = {name: app.conf[name] for name in changed}
    app.conf.update(changed)
    app.__dict__.pop("amqp", None)  # made anew, from the settings as they are now
    with Connection(rabbitmq.url, connect_timeout=5) as opened:
        for queue in told.queues:
            bound = queue(opened.default_channel)
            bound.declare()
            bound.purge()
    yield {"CELERY_BROKER_URL": rabbitmq.url}
    app.conf.update(before)
    app.__dict__.pop("amqp", None)


def queue_type(server: RabbitMQ, name: str) -> str:
    """What kind of queue the broker says it is: another declaration of it is refused with the reason."""
    with Connection(server.url, connect_timeout=5) as opened:
        try:
            opened.default_channel.queue_declare(
                name, durable=True, auto_delete=False, arguments={"x-queue-type": "classic"}
            )
        except Exception as refused:  # noqa: BLE001  (which one is the library's business)
            return "quorum" if "quorum" in str(refused) else str(refused)
    return "classic"


def test_updates_reach_the_stream_through_quorum_queues(
    tmp_path: Path, rabbitmq: RabbitMQ, broker: dict[str, str]
) -> None:
    """The queues are there, of their kind; the stream, which only a task fills, gets all of it."""
    for name in queues.NAMES:
        assert queue_type(rabbitmq, name) == "quorum"
    with worker(tmp_path / "worker.log", **broker) as process:
        assert process.says("amqp://")
        referral = factories.referred_case()
        for _ in range(5):
            change(referral.case, factories.moderator())
        wait_for(lambda: is_whole(stream_of(referral)), what="the stream to be whole")
    assert_whole(stream_of(referral))


def test_the_message_of_a_killed_worker_comes_back(tmp_path: Path, broker: dict[str, str]) -> None:
    """RabbitMQ sees the connection end: nothing has to run out first."""
    first = start_worker(tmp_path / "first.log", arguments=INCLUDE, **broker)
    try:
        task = hold(tmp_path)
        wait_for(lambda: lines(tmp_path / "begun"), seconds=40, what="the task to begin")
    finally:
        first.kill()
    (tmp_path / "go").touch()
    with worker(tmp_path / "second.log", arguments=INCLUDE, **broker):
        wait_for(lambda: lines(tmp_path / "ended"), seconds=30, what="the message to come back")
    assert lines(tmp_path / "begun") == [task, task]


def test_a_broker_that_stops_and_starts_again_delays_and_loses_nothing(
    tmp_path: Path, rabbitmq: RabbitMQ, broker: dict[str, str]
) -> None:
    with worker(tmp_path / "worker.log", **broker):
        referral = factories.referred_case()
        wait_for(lambda: is_whole(stream_of(referral)), what="the first delivery")
        rabbitmq.stop()
        change(referral.case, factories.moderator())
        rabbitmq.start()
        wait_for(lambda: is_whole(stream_of(referral)), seconds=40, what="worker and sweep")
        change(referral.case, factories.moderator())
        wait_for(lambda: is_whole(stream_of(referral)), what="all to be as before")
    assert_whole(stream_of(referral))


def test_a_broker_that_freezes_does_not_hold_up_a_case(
    rabbitmq: RabbitMQ, broker: dict[str, str]
) -> None:
    """The line is open and has sent before; then the broker goes on taking what is written and is mute."""
    referral = factories.referred_case()
    wakeup.BACKGROUND.settle()
    assert wakeup.LINE._producer is not None
    frozen = marked(MARK, str(rabbitmq.home))
    moderator = factories.moderator()
    flag = f"lane:{stream_of(referral).pk}"
    wakeup.clear(flag)
    try:
        for process in frozen:
            os.kill(process.pid, signal.SIGSTOP)
        changing = threading.Thread(target=_change_elsewhere, args=(referral.case, moderator))
        changing.start()
        changing.join(timeout=20)
        assert not changing.is_alive(), "it waits for a broker that does not answer"
        wakeup.BACKGROUND.settle()
        assert wakeup.Pause.until > 0
    finally:
        for process in frozen:
            os.kill(process.pid, signal.SIGCONT)
    wakeup.Pause.until = 0.0
    wakeup.clear(flag)
    change(referral.case, moderator)
    wakeup.BACKGROUND.settle()
    assert wakeup.LINE._producer is not None, "nor does it stay away from one that is back"


def _change_elsewhere(case: Case, by: User) -> None:
    try:
        change(case, by)
    finally:
        connection.close()
