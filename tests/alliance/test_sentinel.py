"""The portal on Redis with Sentinel: the replica takes over when the primary dies."""

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


class ReplicatedRedis:
    """A primary Redis, its replica, and a Sentinel that monitors both."""

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
        wait_for(self._sees_replica, what="the Sentinel to see the replica")

    def stop(self) -> None:
        for one in (self.sentinel, self.first.process, self.second.process):
            if one:
                one.kill()

    def client(self, port: int) -> redis.Redis:
        return redis.Redis(port=port, decode_responses=True, socket_timeout=5)

    def primary_port(self) -> int:
        _host, port = self.client(self.port).sentinel_get_master_addr_by_name(NAME)
        return int(port)

    def _sees_replica(self) -> bool:
        try:
            return len(self.client(self.port).sentinel_slaves(NAME)) == 1
        except redis.RedisError:
            return False


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[ReplicatedRedis]:
    made = ReplicatedRedis(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_failover_loses_no_update(tmp_path: Path, pair: ReplicatedRedis) -> None:
    """The worker's sweep sends the task over the broker that the Sentinel names."""
    settings = {
        "CELERY_BROKER_URL": f"sentinel://127.0.0.1:{pair.port}",
        "CELERY_SENTINEL_MASTER": NAME,
    }
    with worker(tmp_path / "worker.log", **settings):
        referral = factories.referred_case()
        wait_for(lambda: is_whole(stream_of(referral)), what="the first update")
        pair.first.stop()
        wait_for(lambda: pair.primary_port() == pair.second.port, what="the replica to take over")
        change(referral.case, factories.moderator())
        wait_for(lambda: is_whole(stream_of(referral)), seconds=40, what="the second update")
    assert_whole(stream_of(referral))
