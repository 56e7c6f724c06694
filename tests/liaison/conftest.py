"""Fixtures: a private Redis, and an agency's web server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.liaison.receiver import Receiver
from tests.processes import RedisServer


@pytest.fixture
def own_redis(tmp_path: Path, settings: Any) -> Iterator[RedisServer]:
    """A private Redis for the streams of this test."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder)
    server.start()
    settings.LIAISON_REDIS_URL = server.url
    yield server
    server.stop()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """An agency's web server on this machine that receives the webhooks of this test."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver() as made:
        yield made
