"""A pytest plugin for the RabbitMQ tests: the server as the launcher found it, or a loud count of what was skipped."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dev import accounts, rabbitmq_server
from dev.console import Problem
from dev.rabbitmq_server import RabbitMQ
from tests import skips

# `make test` sets it, to nothing where there is none; pytest by itself looks around.
PROGRAM = os.environ["RABBITMQ"] if "RABBITMQ" in os.environ else rabbitmq_server.find({})
REASON = "there is no RabbitMQ here: install rabbitmq-server, or name one in RABBITMQ"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs RabbitMQ where there is none. Each test process that gets one of these has a server."""
    if not PROGRAM:
        for item in items:
            if item.get_closest_marker("rabbitmq"):
                item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say aloud how many tests a missing RabbitMQ cost."""
    skips.say(terminalreporter, "RABBITMQ", REASON)


@pytest.fixture(scope="session")
def rabbitmq_server_of_session() -> Iterator[RabbitMQ]:
    """A private RabbitMQ on the loopback, under the account that the engines run as."""
    assert PROGRAM
    account = accounts.for_engines()
    # In the run's folder where there is one: the launcher takes it away if we are killed.
    run = os.environ.get("PORTAL_ENGINE_OF")
    within = accounts.home(Path(run) / "engines", account) if run else None
    home = Path(tempfile.mkdtemp(prefix="rabbitmq-", dir=within))
    os.chown(home, account.uid, account.gid)
    server = RabbitMQ(PROGRAM, home, account)
    try:
        server.start()
        yield server
    except Problem as problem:
        pytest.fail(str(problem))
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def rabbitmq(rabbitmq_server_of_session: RabbitMQ) -> RabbitMQ:
    """The same, running, whatever the test before did to it."""
    if not rabbitmq_server_of_session.answers():
        rabbitmq_server_of_session.start()
    return rabbitmq_server_of_session
