"""Concurrent edits of a draft: a later save never silently deletes another person's changes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Listing
from tests.cases.filing.forms import NEW, at, complaint, the_case, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

FORMS = {"complaint": "complaint-form", "listings": "listings-form"}


@pytest.fixture
def colleague(personas: Personas) -> Client:
    return personas.client("owner")


def open_form(client: Client, case: Case, step: str) -> dict[str, Any]:
    """Return the data of the form of a step."""
    return form_data(client.get(at(case, step)), FORMS[step])


def autosave(client: Client, case: Case, step: str, data: dict[str, Any]) -> Any:
    return client.post(at(case, step), data, headers={"HX-Request": "true"})


def urls_of(case: Case) -> list[str]:
    return list(case.listings.order_by("position").values_list("url", flat=True))


def test_conflict_on_listings(client: Client, colleague: Client, draft: Case) -> None:
    mine, theirs = (open_form(browser, draft, "listings") for browser in (client, colleague))
    first, second = urls_of(draft)
    added = first.replace("/item/", "/item/77")
    assert colleague.post(
        at(draft, "listings"), theirs | {"urls": f"{first}\n{second}\n{added}", "then": "next"}
    )["Location"] == at(draft, "evidence")
    own = first.replace("/item/", "/item/88")
    response = client.post(
        at(draft, "listings"), mine | {"urls": f"{first}\n{own}", "then": "next"}
    )
    assert response.status_code == 409
    assert urls_of(draft) == [first, second, added]
    page = words(response)
    assert "changed in another window or by a colleague" in page
    table = page[page.index("Saved version") : page.index("Your version is in the form")]
    assert added in table
    assert second in table
    assert own in table
    assert f">{first}<" not in table
    again = form_data(response, "listings-form")
    assert again["urls"] == f"{first}\r\n{own}"
    assert "hx-post" not in page[page.index('id="listings-form"') :][:300]
    both = client.post(at(draft, "listings"), again | {"then": "both"})
    assert both["Location"] == at(draft, "evidence")
    assert urls_of(draft) == [first, own, second, added]


def test_shown_version_can_be_overwritten(client: Client, colleague: Client, draft: Case) -> None:
    mine, theirs = (open_form(browser, draft, "complaint") for browser in (client, colleague))
    colleague.post(at(draft, "complaint"), theirs | {"explanation": "Theirs.", "then": "next"})
    mine = mine | {"explanation": "Mine, typed for an hour.", "then": "next"}
    response = client.post(at(draft, "complaint"), mine)
    assert response.status_code == 409
    for text in ("Theirs.", "Mine, typed for an hour."):
        assert text in words(response)
    draft.refresh_from_db()
    assert draft.explanation == "Theirs."
    colleague.post(
        at(draft, "complaint"),
        open_form(colleague, draft, "complaint") | {"explanation": "Theirs again.", "then": "next"},
    )
    again = form_data(response, "complaint-form", then="next")
    response = client.post(at(draft, "complaint"), again)
    assert response.status_code == 409
    assert "Theirs again." in words(response)
    again = form_data(response, "complaint-form", then="next")
    assert client.post(at(draft, "complaint"), again).status_code == 302
    draft.refresh_from_db()
    assert draft.explanation == "Mine, typed for an hour."


@pytest.mark.parametrize("step", FORMS)
def test_identical_changes_do_not_conflict(
    client: Client, colleague: Client, draft: Case, step: str
) -> None:
    change = {"explanation": "One.", "then": "next"} if step == "complaint" else {"then": "next"}
    mine, theirs = (open_form(browser, draft, step) for browser in (client, colleague))
    assert colleague.post(at(draft, step), theirs | change).status_code == 302
    assert client.post(at(draft, step), mine | change).status_code == 302


def test_different_steps_do_not_conflict(client: Client, colleague: Client, draft: Case) -> None:
    mine = open_form(client, draft, "listings")
    theirs = open_form(colleague, draft, "complaint") | {"explanation": "New.", "then": "next"}
    assert colleague.post(at(draft, "complaint"), theirs).status_code == 302
    changed = mine | {"urls": urls_of(draft)[0], "then": "next"}
    assert client.post(at(draft, "listings"), changed)["Location"] == at(draft, "evidence")


def test_autosave_stops_on_conflict(client: Client, colleague: Client, draft: Case) -> None:
    mine, theirs = (open_form(browser, draft, "complaint") for browser in (client, colleague))
    assert "Draft saved at" in words(
        autosave(colleague, draft, "complaint", theirs | {"explanation": "Theirs."})
    )
    for text in ("Mine.", "Mine, longer."):
        response = autosave(client, draft, "complaint", mine | {"explanation": text})
        assert response.status_code == 409, "the browser would forget what was typed"
        answer = words(response)
        assert "Autosave has stopped" in answer
        assert "hx-swap-oob" not in answer
    draft.refresh_from_db()
    assert draft.explanation == "Theirs."
    response = client.post(at(draft, "complaint"), mine | {"explanation": "Mine.", "then": "next"})
    assert response.status_code == 409


def test_autosave_keeps_a_colleagues_listings(
    client: Client, colleague: Client, draft: Case
) -> None:
    mine, theirs = (open_form(browser, draft, "listings") for browser in (client, colleague))
    first, second = urls_of(draft)
    autosave(colleague, draft, "listings", theirs | {"urls": f"{first}\n{second}1"})
    answer = words(autosave(client, draft, "listings", mine | {"urls": first}))
    assert "Autosave has stopped" in answer
    assert urls_of(draft) == [first, f"{second}1"]
    assert Listing.objects.filter(case=draft).count() == 2


def test_own_autosaves_do_not_conflict(client: Client, draft: Case) -> None:
    """Neither does a form that was submitted before its autosave was answered."""
    mine = open_form(client, draft, "complaint")
    answer = words(autosave(client, draft, "complaint", mine | {"explanation": "One."}))
    found = re.search(r'name="base" id="id_base" value="(\w+)"', answer)
    assert found
    assert found[1] != mine["base"]
    newer = mine | {"base": found[1], "explanation": "Two."}
    assert "Draft saved at" in words(autosave(client, draft, "complaint", newer))
    older = mine | {"explanation": "Three.", "then": "next"}
    assert client.post(at(draft, "complaint"), older).status_code == 302
    draft.refresh_from_db()
    assert draft.explanation == "Three."


def test_first_form_of_a_draft_detects_conflicts(
    personas: Personas, client: Client, colleague: Client
) -> None:
    client.get(NEW)
    data = complaint(personas.right)
    client.post(NEW, data | {"explanation": "One."})
    case = the_case()
    theirs = open_form(colleague, case, "complaint") | {"explanation": "Theirs.", "then": "next"}
    assert colleague.post(at(case, "complaint"), theirs).status_code == 302
    response = client.post(NEW, data | {"explanation": "Two."})
    assert response.status_code == 409
    case.refresh_from_db()
    assert case.explanation == "Theirs."
    assert "Theirs." in words(response)
    again = form_data(response, "complaint-form", then="next")
    assert client.post(NEW, again).status_code == 302
    case.refresh_from_db()
    assert (Case.objects.count(), case.explanation) == (1, "Two.")
