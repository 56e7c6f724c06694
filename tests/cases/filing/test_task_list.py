"""The steps of filing with their states."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from tests import factories
from tests.cases.filing.forms import NEW, STEPS, at
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def states(client: Client, case: Case, step: str = "check") -> list[str]:
    return [task.state for task in client.get(at(case, step)).context["tasks"]]


def test_new_case_has_no_links(client: Client, personas: Personas) -> None:
    tasks = client.get(NEW).context["tasks"]
    assert {(task.url, task.state) for task in tasks} == {("", "not_started")}
    assert [task.is_current for task in tasks] == [True, False, False, False]


def test_states_follow_the_problems(client: Client, mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, listings=0, files=0, explanation="")
    assert states(client, case) == ["in_progress", "not_started", "not_started", "not_started"]
    case = factories.draft_case(**mine, violation="patent")
    assert states(client, case)[0] == "attention"
    case = factories.draft_case(**mine)
    for step in STEPS:
        assert states(client, case, step) == ["complete"] * 3 + ["not_started"]
        page = client.get(at(case, step)).content.decode()
        assert all(f'href="{at(case, other)}"' in page for other in STEPS)
        assert page.count('aria-current="step"') == 1
    case.listings.all().delete()
    assert states(client, case)[1] == "in_progress"
