"""Fixtures: a referral to an agency and the browser of its officer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.liaison.models import Referral
from tests import factories
from tests.personas import Personas


@pytest.fixture
def referral(personas: Personas) -> Referral:
    return factories.referred_case(
        personas.agency, moderator=personas.moderator, citing=personas.right, by=personas.filer
    )


@pytest.fixture
def no_session_tracking(settings: Any) -> None:
    """Disable session tracking, which adds queries to every page."""
    settings.USERSESSIONS_TRACK_ACTIVITY = False


@pytest.fixture
def officer(personas: Personas) -> Client:
    return personas.client("officer")
