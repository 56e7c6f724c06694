"""Forms sent twice, after a colleague's change, or after the session expired."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from cases.models import Case, Marketplace
from cases.services import filing
from tests import factories
from tests.cases.filing.forms import NEW, at, complaint, seller, the_case, words
from tests.forms import end_session, form_owner
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_double_click_creates_one_draft(personas: Personas, client: Client) -> None:
    data = complaint(personas.right)
    first, second = (client.post(NEW, data | {"explanation": text}) for text in ("One.", "Two."))
    assert first["Location"] == second["Location"]
    assert the_case().explanation == "Two."


def test_double_click_submits_once(client: Client, draft: Case) -> None:
    first, second = (client.post(at(draft, "check"), {"good_faith": "on"}) for _ in range(2))
    assert first["Location"] == second["Location"] == at(draft, "submitted")
    draft.refresh_from_db()
    assert (draft.version, draft.events.count()) == (1, 1)


def test_form_after_a_colleagues_submission(
    personas: Personas, client: Client, draft: Case
) -> None:
    filing.submit(case=draft, by=personas.owner, good_faith=True)
    data = complaint(personas.right, explanation="Typed for an hour.")
    response = client.post(at(draft, "complaint"), data)
    assert response.status_code == 409
    page = words(response)
    assert "This case has already been submitted" in page
    assert "Typed for an hour." in page
    assert draft.get_absolute_url() in page
    for step in ("complaint", "listings", "check"):
        assert client.get(at(draft, step))["Location"] == draft.get_absolute_url()
    page = words(client.post(at(draft, "check"), {"good_faith": "on"}, follow=True))
    assert "already been submitted" in page


def test_form_after_a_colleague_discarded_the_draft(
    personas: Personas, client: Client, draft: Case, market: Marketplace
) -> None:
    assert personas.client("owner").post(at(draft, "withdraw"))["Location"] == "/cases/"
    response = client.post(at(draft, "listings"), seller(market, [f"{market.hosts[0]}/item/77"]))
    assert response.status_code == 409
    assert "This draft has been discarded." in words(response)
    assert f"{market.hosts[0]}/item/77" in words(response)
    page = words(client.get(at(draft, "listings"), follow=True))
    assert "This draft was discarded." in page


def test_listing_filed_in_another_case_meanwhile(
    personas: Personas, client: Client, draft: Case, mine: dict[str, Any]
) -> None:
    urls = [listing.url for listing in draft.listings.all()]
    other = factories.submitted_case(**mine, against=draft.seller, urls=urls)
    response = client.post(at(draft, "check"), {"good_faith": "on"})
    assert response.status_code == 422
    assert other.reference in words(response)


def test_form_of_another_user_is_refused(personas: Personas, client: Client) -> None:
    data = complaint(personas.right)
    client.post(NEW, data)
    response = personas.client("owner").post(NEW, data)
    assert response.status_code == 422
    assert "This form belongs to another user." in words(response)


def test_input_survives_session_expiry(personas: Personas, client: Client) -> None:
    token = form_owner(client, NEW)
    end_session(client)
    data = complaint(personas.right, explanation="Typed for an hour.", form_owner=token)
    assert client.post(NEW, data)["Location"].startswith("/accounts/login/")
    session = client.session
    client.force_login(personas.filer)
    kept = client.session
    kept.update(dict(session.items()))
    kept.save()
    page = words(client.get(NEW))
    assert "Your session expired." in page
    assert "Typed for an hour." in page
    assert "Typed for an hour." not in words(client.get(NEW))
