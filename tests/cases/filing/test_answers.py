"""Answers to information requests, and withdrawal of cases."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Listing
from cases.services import filing, triage
from cases.states import Status
from tests import factories
from tests.cases.filing.forms import at, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_information_request_is_answered_with_a_file(client: Client, mine: dict[str, Any]) -> None:
    case = factories.information_requested_case(**mine)
    data = {"note": "Here it is.", "uploads": [factories.png("label.png")], "kind": "comparison"}
    page = words(client.post(at(case, "answer"), data, follow=True))
    assert "Your answer was sent to the moderators." in page
    assert "label.png" in page
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED
    assert case.events.latest("sequence").note == "Here it is."


def test_invalid_file_keeps_the_answer(client: Client, mine: dict[str, Any]) -> None:
    case = factories.information_requested_case(**mine)
    bad = factories.png("label.pdf")
    response = client.post(at(case, "answer"), {"note": "Here it is.", "uploads": [bad]})
    assert response.status_code == 422
    assert "Here it is." in words(response)
    assert "has the wrong extension" in words(response)
    assert words(client.post(at(case, "answer"), {"note": " "})).count("Enter your answer.")
    case.refresh_from_db()
    assert case.status == Status.INFORMATION_REQUESTED


def test_answer_after_a_colleague_is_refused_and_kept(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    case = factories.information_requested_case(**mine)
    filing.answer(case=case, by=personas.owner, note="Done.")
    response = client.post(at(case, "answer"), {"note": "Typed for an hour."})
    assert response.status_code == 409
    assert "Typed for an hour." in words(response)
    assert "can no longer be done" in words(response)
    assert client.get(at(case, "answer"))["Location"] == case.get_absolute_url()


def test_withdrawal_keeps_the_reason(client: Client, mine: dict[str, Any]) -> None:
    case = factories.submitted_case(**mine)
    page = client.get(case.get_absolute_url())
    data = form_data(page, at(case, "withdraw"), **{"withdraw-note": "Filed by mistake."})
    for _ in range(2):
        response = client.post(at(case, "withdraw"), data)
        assert response["Location"] == case.get_absolute_url()
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN
    assert case.events.filter(note="Filed by mistake.").count() == 1
    assert not Listing.objects.filter(case=case, is_open=True).exists()


def test_too_long_reason_is_refused_and_kept(client: Client, mine: dict[str, Any]) -> None:
    case = factories.submitted_case(**mine)
    page = client.get(case.get_absolute_url())
    data = form_data(page, at(case, "withdraw"), **{"withdraw-note": "x" * 1001})
    response = client.post(at(case, "withdraw"), data)
    assert response.status_code == 422
    assert form_data(response, at(case, "withdraw")) == data
    assert "at most 1000 characters" in words(response)
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED


def test_decided_case_cannot_be_withdrawn(client: Client, mine: dict[str, Any]) -> None:
    case = factories.upheld_case(**mine)
    page = words(client.post(at(case, "withdraw"), follow=True))
    assert "can no longer be done" in page


def test_case_under_review_can_be_withdrawn(
    personas: Personas, client: Client, mine: dict[str, Any]
) -> None:
    case = factories.claimed_case(**mine, moderator=personas.moderator)
    client.post(at(case, "withdraw"))
    case.refresh_from_db()
    assert (case.status, case.assignee) == (Status.WITHDRAWN, None)
    with pytest.raises(triage.Conflict):
        triage.claim(case=case, by=personas.moderator)
