"""Every row of :mod:`tests.matrix` is checked, and every URL of the site has a row."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from tests.access import COLUMNS, LOGIN, PERSONA, Row, Status
from tests.batches import batches, undone
from tests.matrix import ROWS, addresses
from tests.personas import NAMES, Personas


def test_every_url_has_a_row() -> None:
    rows = {(row.name, row.method) for row in ROWS}
    missing = {
        f"{name} ({route}) is not in the matrix for {method}: add the expected status of each persona."
        for name, route in addresses()
        for method in ("GET", "POST")
        if not route.startswith("admin/") and (name, method) not in rows
    }
    assert not missing, "\n".join(sorted(missing))


def test_every_row_has_a_url() -> None:
    assert {row.name for row in ROWS} <= {name for name, _route in addresses()}


def test_every_persona_has_a_column() -> None:
    assert {PERSONA.get(column, column) for column in COLUMNS} == set(NAMES)
    assert all(len(row.expected) == len(COLUMNS) for row in ROWS)


def test_rows_are_unique() -> None:
    assert len({str(row) for row in ROWS}) == len(ROWS)


# GET and POST of a URL are checked on the same object.
PAIRS: dict[str, list[Row]] = {}
for _row in ROWS:
    PAIRS.setdefault(f"{_row.name} {_row.variant}".strip(), []).append(_row)


@pytest.mark.usefixtures("plain_layout", "plain_error_pages")
@pytest.mark.parametrize("pairs", batches(PAIRS.values()))
def test_responses_match_the_matrix(pairs: list[list[Row]], personas: Personas) -> None:
    clients = {column: personas.client(PERSONA.get(column, column)) for column in COLUMNS}
    wrong = []
    for rows in pairs:
        with undone():
            wrong += differences(rows, personas, clients)
    assert not wrong, "\n".join(wrong)


def differences(rows: list[Row], cast: Personas, clients: dict[str, Client]) -> Iterator[str]:
    """Yield each status that is not the expected one, for the rows of one URL."""
    first = rows[0]
    assert all(row.make is first.make for row in rows)
    url = reverse(first.name, args=first.make(cast))
    for row in rows:
        for column, expected in zip(COLUMNS, row.expected, strict=True):
            with undone(clients[column]):
                found = request_status(clients[column], row.method, url, row.data)
            if found != expected:
                yield f"{row} for {column}: {found}, not {expected}"


def request_status(client: Client, method: str, url: str, data: dict[str, str]) -> Status:
    """Return the status, or ``LOGIN`` for a redirect to the login page and back."""
    response = client.get(url) if method == "GET" else client.post(url, data)
    if response.status_code == 302:
        target = response.headers["Location"]
        if target == f"/accounts/login/?next={quote(url)}":
            return LOGIN
    return int(response.status_code)
