"""The search for a right, for people with more rights than one list shows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance.lib.refusals import Refusal
from cases.models import Case
from cases.queries import rights_to_cite
from cases.services import filing
from members.models import IPRight
from tests import factories
from tests.cases.filing.forms import NEW, at, words
from tests.forms import form_data, form_of
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> list[IPRight]:
    """More rights than are shown."""
    monkeypatch.setattr(rights_to_cite, "MOST_SHOWN", 4)
    titles = ("VELMONDRA", "Velmondra lining", "VELMO", "50%_off", "OTHER")
    return [factories.right(personas.brand, title=title) for title in titles]


def shown(page: Any) -> set[str]:
    """The titles of the rights in the list."""
    return {right.title for right, _reason in page.context["form"].rights.rows}


def find(client: Client, url: str, text: str, **typed: str) -> Any:
    fields = form_of(client.get(url), id="complaint-form")
    fields |= {"find": [text], "then": ["find"]} | {name: [value] for name, value in typed.items()}
    return client.post(url, fields)


def test_few_rights_are_all_shown(client: Client, draft: Case) -> None:
    page = client.get(at(draft, "complaint"))
    assert 'name="find"' not in page.text
    assert str(draft.right) in page.text


def test_draft_offers_the_rights_of_its_member_only(personas: Personas) -> None:
    agent = factories.agent(personas.member, personas.other_member)
    theirs = factories.right(factories.brand(personas.other_member), title="THEIRS")
    case, client = factories.draft_case(by=agent, citing=personas.right), browser_of(agent)
    assert "THEIRS" in shown(client.get(NEW))
    page = client.get(at(case, "complaint"))
    assert "THEIRS" not in shown(page)
    data = form_data(page, "complaint-form", right=str(theirs.pk), then="next")
    refused = client.post(at(case, "complaint"), data)
    assert refused.status_code == 422
    assert f"This draft belongs to {personas.member}." in words(refused)
    values: dict[str, Any] = {"violation": "counterfeit", "jurisdiction": "CN", "goods_class": 25}
    with pytest.raises(Refusal, match="Choose one of its rights"):
        filing.change_draft(
            case=case, by=agent, right=theirs, brand=theirs.brand, explanation="x", **values
        )


def test_rights_of_the_latest_cases_are_shown_first(
    client: Client, draft: Case, many: list[IPRight]
) -> None:
    page = client.get(NEW)
    assert shown(page) == {draft.right.title}
    assert "Before you search, the list has the rights of your latest cases." in page.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("velmondra", {"VELMONDRA", "Velmondra lining"}),
        ("  lining   velm ", {"Velmondra lining"}),
        ("%_", {"50%_off"}),
        ("nothing like it", set()),
        ("\0", set()),
        ("\u202e" * 90 + "x" * 90, set()),
    ],
)
def test_search(client: Client, many: list[IPRight], text: str, expected: set[str]) -> None:
    page = find(client, NEW, text)
    assert page.status_code == 200
    assert shown(page) == expected
    if not expected and text.strip("\0"):
        assert "No right has these words" in page.text


def test_search_by_number_shows_how_many_there_are(client: Client, many: list[IPRight]) -> None:
    assert shown(find(client, NEW, many[2].number)) == {"VELMO"}
    page = find(client, NEW, "CNIPA")
    assert len(page.context["form"].rights.rows) == rights_to_cite.MOST_SHOWN
    assert "More than 4 rights found. Add words." in page.text


def test_a_search_keeps_what_was_typed(client: Client, draft: Case, many: list[IPRight]) -> None:
    before = Case.objects.values().get(pk=draft.pk)
    page = find(
        client, at(draft, "complaint"), "lining", explanation="Half a sentence", violation=""
    )
    kept = form_of(page, id="complaint-form")
    assert kept["explanation"] == ["Half a sentence"]
    assert kept["right"] == [str(draft.right_id)]
    assert kept["find"] == ["lining"]
    assert "field-error" not in words(page)
    assert "1 right found" in page.text
    assert shown(page) == {"Velmondra lining", draft.right.title}
    assert Case.objects.values().get(pk=draft.pk) == before
    nothing = find(client, at(draft, "complaint"), "zzz")
    assert shown(nothing) == {draft.right.title}
    assert "No right has these words" in nothing.text
    # The found right can be saved from this page.
    kept |= {"right": [str(many[1].pk)], "violation": ["counterfeit"], "then": ["next"]}
    assert client.post(at(draft, "complaint"), kept).status_code == 302
    draft.refresh_from_db()
    assert draft.right == many[1]


def test_a_stranger_finds_no_right(many: list[IPRight], personas: Personas) -> None:
    own = factories.right(factories.brand(personas.stranger.memberships.get().member))
    page = find(personas.client("stranger"), NEW, "velmondra")
    assert shown(page) == {own.title}


def test_the_page_does_not_grow_with_the_rights(
    client: Client, draft: Case, many: list[IPRight], personas: Personas
) -> None:
    counts = []
    for _number in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(at(draft, "complaint"))
        counts.append((len(queries), len(page.context["form"].rights.rows)))
        for _more in range(10):
            factories.right(personas.brand)
    assert counts[0] == counts[1]
