"""One harness for all tests here. Its tables are copied from the test database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.harness import Harness, harness


@pytest.fixture(scope="session")
def faulty(django_db_setup: None) -> Iterator[Harness]:
    """The running harness, for all tests of the session."""
    from django.db import connection

    known: dict[str, Any] = connection.settings_dict
    schema = (
        f"postgres://{known['USER']}:{known['PASSWORD']}"
        f"@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    )
    with harness(schema=schema) as made:
        yield made
