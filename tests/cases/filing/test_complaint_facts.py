"""Where the infringement is, and what is stated about hidden links."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.liaison.models import Disclosed
from cases.models import Case
from cases.queries.readiness import Step, loaded, problems
from cases.services import filing
from cases.services.hidden_links import Hidden, stated_in
from tests import factories
from tests.cases.filing.forms import NEW, at, complaint, the_case, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

HIDDEN = Hidden("In the group “Silk”.", "Write “the black one”.", "A bag with our mark.")
TEXTS = {
    "advertised_in": HIDDEN.advertised_in,
    "how_to_order": HIDDEN.how_to_order,
    "what_arrives": HIDDEN.what_arrives,
}


def test_facts_are_required_kept_and_shown(personas: Personas, client: Client) -> None:
    data = complaint(
        personas.right, infringement_in=[], is_hidden="on", **TEXTS | {"how_to_order": ""}
    )
    response = client.post(NEW, data)
    assert response.status_code == 422
    for sentence in ("Choose where the infringement is.", "Explain how to order through"):
        assert sentence in words(response)
    kept = form_data(response, "complaint-form", then="next")
    assert (kept["is_hidden"], kept["what_arrives"]) == ("on", HIDDEN.what_arrives)
    kept |= {"infringement_in": ["text", "product"], "how_to_order": HIDDEN.how_to_order}
    case_url = client.post(NEW, kept)["Location"]
    case = the_case()
    assert case_url == at(case, "listings")
    assert (case.infringement_in, stated_in(case)) == (["product", "text"], HIDDEN)
    again = form_data(client.get(at(case, "complaint")), "complaint-form", then="next")
    assert again["infringement_in"] == ["product", "text"]
    page = words(client.get(at(case, "check")))
    for text in ("Product, Title or description", *TEXTS.values()):
        assert text in page
    again.pop("is_hidden")
    response = client.post(at(case, "complaint"), again)
    assert "Tick this box, or clear the fields below it." in words(response)
    assert client.post(at(case, "complaint"), again | dict.fromkeys(TEXTS, ""))
    assert stated_in(case) is None


def test_text_is_not_lost_when_saved_for_later(personas: Personas, client: Client) -> None:
    data = complaint(personas.right, how_to_order="Ask for it.", infringement_in=[], then="later")
    assert client.post(NEW, data)["Location"] == "/desk/"
    assert stated_in(the_case()) == Hidden(how_to_order="Ask for it.")
    found = [p for p in problems(case=loaded(the_case())) if p.step == Step.COMPLAINT]
    assert [p.text.split(":")[0] for p in found if p.missing] == [
        "Choose where the infringement is.",
        "Complete the hidden link",
    ]


@pytest.mark.parametrize(
    ("violation", "parts", "refused"),
    [
        ("counterfeit", ["name", "picture"], ""),
        ("patent", ["product", "text", "name"], "Title or description, Shop or brand name"),
        ("design", ["picture"], ""),
        ("copyright", ["name"], "Shop or brand name"),
    ],
)
def test_parts_fit_the_violation(
    mine: dict[str, Any], violation: str, parts: list[str], refused: str
) -> None:
    case = factories.draft_case(**mine, violation=violation, infringement_in=parts)
    texts = [p.text for p in problems(case=loaded(case)) if "parts of a listing" in p.text]
    assert bool(texts) == bool(refused)
    assert all(refused in text for text in texts)


def test_change_of_the_facts_is_a_conflict(personas: Personas, client: Client, draft: Case) -> None:
    stale = form_data(client.get(at(draft, "complaint")), "complaint-form", then="next")
    colleague = personas.client("owner")
    theirs = form_data(colleague.get(at(draft, "complaint")), "complaint-form", then="next")
    colleague.post(at(draft, "complaint"), theirs | TEXTS | {"is_hidden": "on"})
    response = client.post(at(draft, "complaint"), stale | {"infringement_in": ["packaging"]})
    assert response.status_code == 409
    assert HIDDEN.advertised_in in words(response)
    assert "Packaging" in words(response)


def test_moderators_and_agencies_see_the_facts(personas: Personas, mine: dict[str, Any]) -> None:
    referral = factories.referred_case(
        personas.agency, **mine, hidden=HIDDEN, infringement_in=["picture"]
    )
    page = words(
        personas.client("moderator").get(reverse("triage:case", args=[referral.case.reference]))
    )
    officer = personas.client("officer")
    url = reverse("liaison:referral", args=[referral.reference])
    for text in ("Pictures", *TEXTS.values()):
        assert text in page
        assert text in words(officer.get(url))
    personas.agency.discloses = [w for w in Disclosed if w != Disclosed.NOTE]
    personas.agency.save()
    page = words(officer.get(url))
    assert "Pictures" in page
    assert HIDDEN.advertised_in not in page


def test_starting_twice_with_one_form_keeps_the_last_facts(mine: dict[str, Any]) -> None:
    case = factories.draft_case(**mine, hidden=HIDDEN)
    filing.change_draft(
        case=case,
        by=mine["by"],
        brand=case.brand,
        right=case.right,
        violation=case.violation,
        jurisdiction="CN",
        goods_class=25,
        explanation="New.",
        infringement_in=["name", "name", "product"],
    )
    case.refresh_from_db()
    assert case.infringement_in == ["product", "name"]
    assert stated_in(case) is None
