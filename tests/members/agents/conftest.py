"""An agent of the member."""

from __future__ import annotations

import pytest

from members.models import User
from tests import factories
from tests.members.agents.forms import EMAIL
from tests.personas import Personas


@pytest.fixture
def agent(personas: Personas) -> User:
    return factories.agent(personas.member, name="Ana Agent", email=EMAIL)
