"""The marketplace of the sheets."""

from __future__ import annotations

import pytest

from cases.models import Marketplace
from tests import factories


@pytest.fixture
def market(db: None) -> Marketplace:
    return factories.marketplace(name="Night Market", slug="night-market")
