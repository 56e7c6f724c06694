"""One harness for all the tests here; its tables come from the test database, which is made already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.harness import Harness, harness


@pytest.fixture(scope="session")
def faulty(django_db_setup: None) -> Iterator[Harness]:
    """Engines, network, agencies and nursery, up for all tests of this session."""
    from django.db import connection

    known: dict[str, Any] = connection.settings_dict
    schema = (
        f"postgres://{known['USER']}:{known['PASSWORD']}"
        f"@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    )
    with harness(schema=schema) as made:
        yield made
