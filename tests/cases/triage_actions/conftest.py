"""Fixtures: a moderator, their browser and a case that they claimed."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import Case
from members.models import User
from tests import factories
from tests.personas import browser_of


@pytest.fixture
def mo(db: None) -> User:
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def desk(mo: User) -> Client:
    return browser_of(mo)


@pytest.fixture
def claimed(mo: User) -> Case:
    return factories.claimed_case(moderator=mo, listings=3)
