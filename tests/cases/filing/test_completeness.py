"""Missing parts of a case are reported when it is submitted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from alliance.lib import clock
from cases.models import Case
from cases.queries.readiness import Step, loaded, problems
from members.models import IPRight, Membership
from tests import factories
from tests.cases.filing.forms import NEW, at, words
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_problems_name_their_step(mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, listings=0, files=0, explanation="", goods_class=None)
    found = {(problem.step, problem.missing) for problem in problems(case=loaded(case))}
    assert found == {
        (Step.COMPLAINT, True),
        (Step.LISTINGS, True),
        (Step.EVIDENCE, True),
    }


def test_expired_right_is_found_at_submission(
    personas: Personas, client: Client, draft: Case
) -> None:
    IPRight.objects.update(expires_on=clock.today() - timedelta(days=1))
    response = client.post(at(draft, "check"), {"good_faith": "on"})
    assert "not verified or has expired" in words(response)
    page = words(client.get(at(draft, "complaint")))
    assert "(not in force)" in page


def test_suspended_member_cannot_file(personas: Personas, draft: Case) -> None:
    personas.member.status = "suspended"
    personas.member.suspended_on = clock.today()
    personas.member.save()
    client = personas.client("owner")
    assert client.get("/desk/").status_code == 200
    assert client.get(NEW).status_code == 403
    assert client.get(at(draft, "complaint")).status_code == 403
    assert Membership.objects.may_file().filter(member=personas.member).count() == 0
