"""An agency with one update in its stream, on a private Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from cases.liaison.delivery.stream import relay
from cases.liaison.models import Agency
from cases.services.channels import stream_accounts
from members.models import User
from tests import factories
from tests.liaison.stream_access.accounts import KEY, login
from tests.processes import RedisServer


@pytest.fixture
def ada() -> User:
    return factories.admin()


@pytest.fixture
def agency(own_redis: RedisServer) -> Agency:
    """An agency with one update in its stream."""
    made = factories.agency(slug="harbour-police", channels=0)
    factories.channel(made, stream_key=KEY)
    factories.referred_case(made)
    relay.drain(made.channels.get().pk)
    return made


@pytest.fixture
def theirs(agency: Agency, ada: User, own_redis: RedisServer) -> Iterator[redis.Redis]:
    """A connection with the agency's account."""
    made = login(agency, stream_accounts.rotate(agency=agency, by=ada), own_redis)
    yield made
    made.close()
