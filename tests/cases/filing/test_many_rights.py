"""Autosave with many rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from tests import factories
from tests.cases.filing.forms import at
from tests.forms import form_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_autosave_loads_only_the_chosen_right(
    client: Client, draft: Case, personas: Personas
) -> None:
    more = [factories.right(personas.brand) for _ in range(3)]
    fields: dict[str, Any] = form_of(client.get(at(draft, "complaint")), id="complaint-form")
    fields["explanation"] = ["Typed a moment ago."]
    with CaptureQueriesContext(connection) as queries:
        response = client.post(at(draft, "complaint"), fields, headers={"HX-Request": "true"})
    assert response.status_code == 200
    draft.refresh_from_db()
    assert draft.explanation == "Typed a moment ago."
    rights = [q["sql"] for q in queries.captured_queries if 'FROM "members_ipright"' in q["sql"]]
    assert rights
    assert all("LIMIT 1" in sql or "LIMIT 21" in sql for sql in rights), rights
    page = client.get(at(draft, "complaint")).content.decode()
    assert all(f'value="{right.pk}"' in page for right in more)


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 40, "-1", "１２"])
def test_unknown_right_is_refused(client: Client, draft: Case, key: str) -> None:
    fields = form_of(client.get(at(draft, "complaint")), id="complaint-form")
    fields |= {"right": [key], "then": ["next"]}
    assert client.post(at(draft, "complaint"), fields).status_code == 422


def test_right_of_another_member_is_refused(client: Client, draft: Case) -> None:
    fields = form_of(client.get(at(draft, "complaint")), id="complaint-form")
    fields |= {"right": [str(factories.right().pk)], "then": ["next"]}
    assert client.post(at(draft, "complaint"), fields).status_code == 422
