"""Actions on a case are allowed by role and status only."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from members.models import User
from tests import factories
from tests.cases.triage_actions.steps import ACTIONS, FACTS, address, page, reloaded, uphold_data
from tests.personas import NAMES, Personas


@pytest.mark.parametrize("verb", [*ACTIONS, "next"])
def test_only_moderators_can_act(personas: Personas, verb: str) -> None:
    case = factories.CASE_IN[ACTIONS.get(verb, "submitted")](
        citing=personas.right, by=personas.filer
    )
    there = reverse("triage:next") if verb == "next" else address(verb, case)
    for name in NAMES:
        if "moderator" in name:
            continue
        client = personas.client(name)
        expected = 302 if name == "anonymous" else 403
        assert client.post(there).status_code == expected, name
        assert client.get(there).status_code == expected, name
    assert reloaded(case).version == case.version


@pytest.mark.parametrize("verb", ACTIONS)
def test_drafts_are_not_found_and_get_redirects_to_the_case(desk: Client, verb: str) -> None:
    draft = factories.draft_case()
    assert desk.post(address(verb, draft)).status_code == 404
    case = factories.CASE_IN[ACTIONS[verb]]()
    response = desk.get(address(verb, case))
    assert (response.status_code, response["Location"]) == (302, page(case))
    assert reloaded(case).version == case.version


@pytest.mark.parametrize("verb", sorted(set(ACTIONS) - {"claim", "comment", "refer"}))
def test_action_in_a_wrong_status_is_refused(desk: Client, mo: User, verb: str) -> None:
    case = factories.closed_case(moderator=mo)
    facts = {**uphold_data(case), "statement": FACTS, "note": FACTS, "for": verb}
    use = {"reject": "reject", "request_information": "request"}.get(verb)
    if use:
        facts["reason"] = factories.reason(use).pk
    response = desk.post(address(verb, case), facts)
    if verb == "close":  # repeated: no second effect
        assert response.status_code == 302
    else:
        assert response.status_code in (409, 422)
    assert reloaded(case).version == case.version
