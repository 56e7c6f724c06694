"""Fixtures: decisions can be undone, and two moderators with their browsers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from members.models import User
from tests import factories
from tests.personas import browser_of


@pytest.fixture(autouse=True)
def _undo(settings: Any) -> None:
    settings.DECISION_UNDO_SECONDS = 60


@pytest.fixture
def mo(db: None) -> User:
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def min_(db: None) -> User:
    return factories.moderator(name="Min Moderator")


@pytest.fixture
def desk(mo: User) -> Client:
    return browser_of(mo)


@pytest.fixture
def second(min_: User) -> Client:
    return browser_of(min_)
