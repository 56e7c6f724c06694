"""Fixtures: programs of a member, and a marketplace."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Marketplace
from tests import factories
from tests.factories.api import Api, api_of, complaint_body
from tests.personas import Personas


@pytest.fixture
def api(personas: Personas) -> Api:
    """The program of the filer."""
    return api_of(personas)


@pytest.fixture
def market() -> Marketplace:
    return factories.marketplace(slug="yimart")


@pytest.fixture
def complaint(personas: Personas, market: Marketplace) -> dict[str, Any]:
    """The body of a request that files a complete case, but for its evidence."""
    return complaint_body(personas.right, market)
