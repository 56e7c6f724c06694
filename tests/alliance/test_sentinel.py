"""The same portal on a Redis with a Sentinel, by two settings: one Redis dies, and the other takes over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests import factories
from tests.liaison.updates import assert_whole, change, is_whole, stream_of
from tests.processes import Process, RedisServer, free_port, redis_binary, wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
NAME = "portal"


class Pair:
    """Two Redis of which one follows the other, and a Sentinel that watches over them."""

    def __init__(self, folder: Path) -> None:
        for name in ("first", "second"):
            (folder / name).mkdir()
        self.first, self.second = RedisServer(folder / "first"), RedisServer(folder / "second")
        self.port, self.folder = free_port(), folder
        self.sentinel: Process | None = None

    def start(self) -> None:
        for server in (self.first, self.second):
            server.start()
        self.client(self.second.port).replicaof("127.0.0.1", self.first.port)
        settings = self.folder / "sentinel.conf"
        settings.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\n"
            f"sentinel monitor {NAME} 127.0.0.1 {self.first.port} 1\n"
            f"sentinel down-after-milliseconds {NAME} 1000\n"
            f"sentinel failover-timeout {NAME} 5000\n"
        )
        command = [redis_binary(), str(settings), "--sentinel"]
        self.sentinel = Process(command, self.folder / "sentinel.log", dict(os.environ))
        wait_for(self._knows_both, what="the Sentinel to know both")

    def stop(self) -> None:
        for one in (self.sentinel, self.first.process, self.second.process):
            if one:
                one.kill()

    def client(self, port: int) -> redis.Redis:
        return redis.Redis(port=port, decode_responses=True, socket_timeout=5)

    def leads(self) -> int:
        _host, port = self.client(self.port).sentinel_get_master_addr_by_name(NAME)
        return int(port)

    def _knows_both(self) -> bool:
        try:
            return len(self.client(self.port).sentinel_slaves(NAME)) == 1
        except redis.RedisError:
            return False


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_a_redis_that_takes_over_delays_and_loses_nothing(tmp_path: Path, pair: Pair) -> None:
    """Only a task fills the stream: the worker's own sweep sends it, over the broker that the Sentinel names."""
    told = {
        "CELERY_BROKER_URL": f"sentinel://127.0.0.1:{pair.port}",
        "CELERY_SENTINEL_MASTER": NAME,
    }
    with worker(tmp_path / "worker.log", **told):
        referral = factories.referred_case()
        wait_for(lambda: is_whole(stream_of(referral)), what="the first update")
        pair.first.stop()
        wait_for(lambda: pair.leads() == pair.second.port, what="the other to take over")
        change(referral.case, factories.moderator())
        wait_for(lambda: is_whole(stream_of(referral)), seconds=40, what="the second update")
    assert_whole(stream_of(referral))
