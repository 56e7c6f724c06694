"""Fixtures: a filer's browser, a marketplace and a draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Marketplace
from tests import factories
from tests.personas import Personas


@pytest.fixture
def client(personas: Personas) -> Client:
    return personas.client("filer")


@pytest.fixture
def market() -> Marketplace:
    return factories.marketplace()


@pytest.fixture
def mine(personas: Personas) -> dict[str, Any]:
    return {"by": personas.filer, "citing": personas.right}


@pytest.fixture
def draft(mine: dict[str, Any]) -> Case:
    return factories.draft_case(**mine)
