"""Suggestions on the pages of filers and moderators. Nothing uses one before a person confirms it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Case, CaseEvent, FoundContact, SellerIdentifier, StatedIdentifier
from cases.queries import found_contacts as queries
from cases.services import evidence, filing, found_contacts, stated_identifiers
from tests import factories
from tests.cases.filing.forms import at, words
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
PHONE = "+8613800138000"


@pytest.fixture
def contact(personas: Personas, draft: Case) -> FoundContact:
    evidence.add(
        case=draft, by=personas.filer, upload=factories.png("label.png"), kind="screenshot"
    )
    return factories.found_contact(draft)


def press(client: Client, page: Any, url: str, answer: str) -> Any:
    """Press a button of the form of a suggestion, with what its HTML holds."""
    return client.post(url, form_data(page, url) | {"contact": answer}, follow=True)


def of_draft(contact: FoundContact) -> str:
    return reverse("desk:contact", args=[contact.evidence.case.reference, contact.pk])


def in_triage(contact: FoundContact) -> str:
    return reverse("triage:contact", args=[contact.evidence.case.reference, contact.pk])


def stated(case: Case) -> list[tuple[str, str]]:
    return list(case.stated_identifiers.order_by("kind", "value").values_list("kind", "value"))


def on_seller(case: Case) -> list[str]:
    return list(SellerIdentifier.objects.filter(seller=case.seller).values_list("value", flat=True))


def state(contact: FoundContact) -> str:
    return FoundContact.objects.get(pk=contact.pk).state


# --- Filing ------------------------------------------------------------------------------------


def test_filer_adds_what_was_found(
    personas: Personas, client: Client, draft: Case, contact: FoundContact
) -> None:
    evidence.add(case=draft, by=personas.filer, upload=factories.png("back.png"), kind="screenshot")
    again = factories.found_contact(draft, evidence=draft.evidence.get(original_name="back.png"))
    page = client.get(at(draft, "listings"))
    shown = words(page)
    assert "Found in your pictures" in shown
    assert "Read as “电话13800138000”, confidence 97%" in shown
    assert shown.count(PHONE) == 3  # once for both pictures, and in the names of two buttons
    assert "label.png" in shown
    assert "back.png" in shown
    assert "1 contact found in your pictures" in words(client.get(at(draft, "check")))
    answer = press(client, page, of_draft(contact), "confirm")
    assert f"“Telephone: {PHONE}” was added." in words(answer)
    assert "Found in your pictures" not in words(answer)
    assert stated(draft) == [("phone", PHONE)]
    assert form_data(answer, "listings-form")["phone"] == PHONE
    assert {state(contact), state(again)} == {"confirmed"}
    contact.refresh_from_db()
    assert (contact.decided_by, contact.decided_at is not None) == (personas.filer, True)
    press(client, page, of_draft(contact), "confirm")  # a double click
    assert stated(draft) == [("phone", PHONE)]
    # As with identifiers that are entered, the seller has it once the case is submitted.
    assert on_seller(draft) == []
    filing.submit(case=draft, by=personas.filer, good_faith=True)
    assert on_seller(draft) == [PHONE]


def test_filer_says_that_it_is_not_the_sellers(
    client: Client, draft: Case, contact: FoundContact, personas: Personas
) -> None:
    page = client.get(at(draft, "listings"))
    for _ in range(2):
        answer = press(client, page, of_draft(contact), "reject")
        assert "Found in your pictures" not in words(answer)
    assert (state(contact), stated(draft)) == ("rejected", [])
    answer = press(client, page, of_draft(contact), "confirm")
    assert "has already been decided: Not the seller’s." in words(answer)
    assert stated(draft) == []
    filing.submit(case=draft, by=personas.filer, good_faith=True)
    page = personas.client("moderator").get(reverse("triage:case", args=[draft.reference]))
    assert PHONE not in words(page)


def test_what_the_draft_states_already_is_not_suggested(
    client: Client, draft: Case, contact: FoundContact, settings: Any
) -> None:
    stated_identifiers.replace(draft, {"phone": [PHONE]}, [])
    assert "Found in your pictures" not in words(client.get(at(draft, "listings")))
    stated_identifiers.replace(draft, {}, [("phone", PHONE)])
    assert "Found in your pictures" in words(client.get(at(draft, "listings")))
    settings.OCR_ENABLED = False
    assert "Found in your pictures" not in words(client.get(at(draft, "listings")))


def test_drafts_take_a_limited_number(draft: Case, contact: FoundContact) -> None:
    numbers = [f"{n}" for n in range(100_000, 100_000 + stated_identifiers.MOST_OF_KIND)]
    known = stated_identifiers.replace(
        draft, dict.fromkeys(("social", "payment", "licence"), numbers), []
    )
    with pytest.raises(Refusal, match="up to 60 identifiers"):
        found_contacts.confirm(contact=contact, by=draft.created_by)
    # As many as the form has lines.
    phones = [f"+861380013{n}" for n in range(8100, 8100 + stated_identifiers.MOST_OF_KIND)]
    stated_identifiers.replace(draft, {"phone": phones}, known)
    with pytest.raises(Refusal, match="up to 20 identifiers of one kind"):
        found_contacts.confirm(contact=contact, by=draft.created_by)
    assert state(contact) == "proposed"


def test_contact_that_is_added_changes_the_draft_and_no_other_row(
    draft: Case, contact: FoundContact
) -> None:
    stated_identifiers.replace(draft, {"email": ["shop@mail.example"]}, [])
    draft.refresh_from_db()
    # Entered before the seller was named, so its normal form is another one now.
    StatedIdentifier.objects.create(case=draft, kind="phone", value="13900139000")
    with CaptureQueriesContext(connection) as made:
        found_contacts.confirm(contact=contact, by=draft.created_by)
    assert (
        sum('FROM "cases_case" ' in one["sql"] and "FOR NO KEY" in one["sql"] for one in made) == 1
    )
    assert stated(draft) == [
        ("email", "shop@mail.example"),
        ("phone", PHONE),
        ("phone", "13900139000"),
    ]
    before, now = draft.updated_at, Case.objects.get(pk=draft.pk).updated_at
    assert now > before


def test_services_check_the_person_and_the_case(
    personas: Personas, client: Client, draft: Case, contact: FoundContact
) -> None:
    for service in (found_contacts.confirm, found_contacts.reject):
        for name in ("viewer", "stranger", "moderator", "admin"):
            with pytest.raises(NotAllowed):
                service(contact=contact, by=getattr(personas, name))
    other = factories.found_contact(factories.draft_case())
    url = reverse("desk:contact", args=[draft.reference, other.pk])
    assert client.post(url, {"contact": "confirm"}).status_code == 404
    evidence.remove(evidence=contact.evidence, by=personas.filer)
    with pytest.raises(Conflict, match="The picture has been removed"):
        found_contacts.confirm(contact=contact, by=personas.filer)
    filing.withdraw(case=draft, by=personas.filer)
    with pytest.raises(Conflict, match="discarded"):
        found_contacts.reject(contact=contact, by=personas.filer)
    assert stated(draft) == []


@pytest.mark.django_db(transaction=True)
def test_two_people_decide_at_the_same_moment(
    personas: Personas, draft: Case, contact: FoundContact
) -> None:
    refused = run_concurrently(
        lambda: found_contacts.confirm(contact=contact, by=personas.filer),
        lambda: found_contacts.reject(contact=contact, by=personas.owner),
    )
    assert [type(one) for one in refused if one] == [Conflict]
    was_added = state(contact) == "confirmed"
    assert stated(draft) == ([("phone", PHONE)] if was_added else [])


# --- Triage ------------------------------------------------------------------------------------


@pytest.fixture
def submitted(personas: Personas, draft: Case, contact: FoundContact) -> Case:
    return filing.submit(case=draft, by=personas.filer, good_faith=True)


def test_moderator_adds_it_to_the_seller(
    personas: Personas, submitted: Case, contact: FoundContact
) -> None:
    moderator = personas.client("moderator")
    page = moderator.get(reverse("triage:case", args=[submitted.reference]), {"back": "view=mine"})
    assert "Found in the pictures" in words(page)
    answer = press(moderator, page, in_triage(contact), "confirm")
    assert answer.redirect_chain[-1][0].endswith("?back=view%3Dmine")
    assert "Found in the pictures" not in words(answer)
    assert "Identifier added to the seller" in words(answer)
    press(moderator, page, in_triage(contact), "confirm")
    assert on_seller(submitted) == [PHONE]
    event = CaseEvent.objects.get(case=submitted, kind="identifier_added")
    assert (event.audience, event.actor_id) == (["moderator"], personas.moderator.pk)
    assert event.data == {"identifier": {"kind": "phone", "value": PHONE}}
    assert f"Telephone: {PHONE}" in words(answer)
    # The member did not state it, and does not see who added it.
    assert stated(submitted) == []
    assert PHONE not in words(personas.client("filer").get(submitted.get_absolute_url()))
    with pytest.raises(NotAllowed):
        found_contacts.confirm(contact=contact, by=personas.filer)


def test_reading_along_and_conflicts_of_interest(
    personas: Personas, submitted: Case, contact: FoundContact
) -> None:
    page = personas.client("admin").get(reverse("triage:case", args=[submitted.reference]))
    assert "Found in the pictures" in words(page)
    assert in_triage(contact) not in page.content.decode()
    factories.give_role(personas.moderator, submitted.member, "viewer").save()
    moderator = personas.client("moderator")
    page = moderator.get(reverse("triage:case", args=[submitted.reference]))
    assert in_triage(contact) not in page.content.decode()
    answer = moderator.post(in_triage(contact), {"contact": "confirm"}, follow=True)
    assert "another moderator must work on its cases" in words(answer)
    assert on_seller(submitted) == []


def test_suggestions_are_not_used_before_they_are_confirmed(personas: Personas) -> None:
    referred = factories.referred_case(personas.agency, citing=personas.right, by=personas.filer)
    case = referred.case
    contact = factories.found_contact(case)
    other = factories.submitted_case()
    factories.identifier(other.seller, kind="phone", value=PHONE)
    moderator, officer = personas.client("moderator"), personas.client("officer")
    referral = reverse("liaison:referral", args=[referred.reference])
    page = reverse("triage:case", args=[case.reference])
    assert "Linked shops, and what they share" not in words(moderator.get(page))
    assert PHONE not in words(officer.get(referral))
    assert PHONE not in words(personas.client("filer").get(case.get_absolute_url()))
    found_contacts.confirm(contact=contact, by=personas.moderator)
    assert "Linked shops, and what they share" in words(moderator.get(page))


def test_number_of_queries(submitted: Case, contact: FoundContact) -> None:
    for n in range(3):
        with CaptureQueriesContext(
            connection,
        ) as made:
            found = queries.for_moderators(submitted)
            assert [one.pictures[0].preview.state for one in found]
        assert (len(found), len(made)) == (n + 1, 1)
        factories.found_contact(submitted, kind="social", value=f"qq: 12345{n}")
