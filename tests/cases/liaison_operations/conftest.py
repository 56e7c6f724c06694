"""Fixtures: an accepted referral and the browser of its officer."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.liaison.models import Referral
from tests import factories
from tests.personas import Personas


@pytest.fixture
def referral(personas: Personas) -> Referral:
    return factories.accepted_referral(
        personas.agency, officer=personas.officer, moderator=personas.moderator
    )


@pytest.fixture
def officer(personas: Personas) -> Client:
    return personas.client("officer")
