"""Helpers for accounts in the streams' Redis."""

from __future__ import annotations

import redis

from alliance.lib import redis as connections
from cases.liaison.delivery.stream import accounts
from cases.liaison.models import Agency
from tests.processes import RedisServer

KEY = "liaison:harbour-police"


def url(agency: Agency, password: str, server: RedisServer) -> str:
    return f"redis://{accounts.name(agency)}:{password}@127.0.0.1:{server.port}/0"


def login(agency: Agency, password: str, server: RedisServer) -> redis.Redis:
    return redis.Redis.from_url(
        url(agency, password, server), decode_responses=True, socket_timeout=60
    )


def users() -> set[str]:
    return set(connections.liaison().acl_users())
