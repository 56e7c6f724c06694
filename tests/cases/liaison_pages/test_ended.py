"""After a referral ends, its agency still reads what it was sent, and nothing later."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases import visibility
from cases.liaison.models import Referral, Update
from cases.models import Case, Listing, Seller
from cases.services import decisions, operations
from cases.services import referral as referrals
from tests import factories
from tests.cases.liaison_pages.pages import QUEUE, text, url
from tests.personas import Personas

LATER_NAME = "A name added later"


@pytest.fixture
def declined(personas: Personas, referral: Referral) -> Referral:
    """A declined referral whose seller, explanation and listings changed afterwards."""
    referrals.answer(
        referral=referral, by=personas.officer, verb="decline", reason=factories.reason("decline")
    )
    case = referral.case
    decisions.record_removal(case=case, by=personas.moderator)
    factories.identifier(case.seller, kind="phone", value="+10005550199")
    Seller.objects.filter(pk=case.seller_id).update(
        name=LATER_NAME, external_id="later-id", shop_url="https://later.example/"
    )
    Listing.objects.filter(case=case).update(url="https://later.example/item", title=LATER_NAME)
    Case.objects.filter(pk=case.pk).update(explanation=LATER_NAME)
    referral.refresh_from_db()
    return referral


def test_page_shows_only_what_was_sent(
    personas: Personas, officer: Client, declined: Referral
) -> None:
    sent = Update.objects.get(referral=declined, sequence=1).payload["case"]
    page = text(officer.get(url(declined)))
    for words in (
        sent["seller"]["name"],
        sent["seller"]["id"],
        sent["member"],
        *sent["listings"],
        "Upheld",
        "Three shops, one warehouse.",
        "that your agency received before the referral ended",
        "Declined",
    ):
        assert words in page, words
    for words in (LATER_NAME, "later-id", "later.example", "+10005550199", "Removed", "Download"):
        assert words not in page, words


def test_timeline_keeps_earlier_events(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    decisions.record_removal(case=referral.case, by=personas.moderator)
    referrals.answer(
        referral=referral, by=personas.officer, verb="decline", reason=factories.reason("decline")
    )
    decisions.record_counter_notice(
        case=referral.case, by=personas.moderator, statement="They were mine to sell."
    )
    response = officer.get(url(referral))
    kinds = [step["event"].kind for step in response.context["steps"]]
    assert kinds == ["referral_declined", "listings_removed", "referral_offered"]


def test_later_disclosures_do_not_apply_to_ended_referrals(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    agency = personas.agency
    agency.discloses = []
    agency.save()
    other = factories.referred_case(agency, moderator=personas.moderator)
    referrals.answer(
        referral=other, by=personas.officer, verb="decline", reason=factories.reason("decline")
    )
    agency.discloses = ["member", "right", "seller", "listings", "note", "evidence"]
    agency.save()
    for page in (text(officer.get(url(other))), text(officer.get(f"{QUEUE}?tab=done"))):
        assert other.case.seller.name not in page
        assert other.case.member.name not in page
        assert "Three shops" not in page


def test_queue_shows_and_searches_the_seller_as_sent(officer: Client, declined: Referral) -> None:
    name = Update.objects.get(referral=declined, sequence=1).payload["case"]["seller"]["name"]
    page = text(officer.get(f"{QUEUE}?tab=done"))
    assert name in page
    assert LATER_NAME not in page

    def found(words: str) -> bool:
        return declined.reference in text(officer.get(QUEUE, {"tab": "all", "q": words}))

    assert found(name)
    assert not found(LATER_NAME)
    assert not found("later-id")


def test_queue_uses_a_constant_number_of_queries(
    personas: Personas,
    officer: Client,
    no_session_tracking: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def decline() -> None:
        referrals.answer(
            referral=factories.referred_case(personas.agency),
            by=personas.officer,
            verb="decline",
            reason=factories.reason("decline"),
        )

    decline()
    with django_assert_max_num_queries(7) as few:
        officer.get(f"{QUEUE}?tab=done")
    decline()
    decline()
    with django_assert_max_num_queries(7) as many:
        officer.get(f"{QUEUE}?tab=done")
    assert len(few) == len(many)


def test_case_and_files_are_hidden_after_declining(personas: Personas, declined: Referral) -> None:
    assert not visibility.cases(personas.officer).exists()
    assert not visibility.evidence(personas.officer).exists()
    again = referrals.refer(case=declined.case, by=personas.moderator, agency=personas.agency)
    assert visibility.cases(personas.officer).get() == again.case


def test_second_referral_shows_the_current_case(
    personas: Personas, officer: Client, declined: Referral
) -> None:
    again = referrals.refer(case=declined.case, by=personas.moderator, agency=personas.agency)
    assert LATER_NAME in text(officer.get(url(again)))
    assert LATER_NAME not in text(officer.get(url(declined)))
    kinds = [step["event"].kind for step in officer.get(url(declined)).context["steps"]]
    assert kinds == ["referral_declined", "referral_offered"]


def test_update_after_the_end_has_the_earlier_case_data(
    personas: Personas, referral: Referral
) -> None:
    """A retraction is sent even to an agency whose referral was withdrawn."""
    referrals.answer(referral=referral, by=personas.officer, verb="accept")
    operation = factories.reported_operation(referral, officer=personas.officer)
    referrals.withdraw(referral=referral, by=personas.moderator, note="Taken back.")
    last = Update.objects.filter(referral=referral).latest("sequence")
    decisions.record_removal(case=referral.case, by=personas.moderator)
    Seller.objects.filter(pk=referral.case.seller_id).update(name=LATER_NAME)
    operations.retract(operation=operation, by=personas.moderator, reason="Reported twice.")
    retraction = Update.objects.filter(referral=referral).latest("sequence")
    assert retraction.kind == "operation_retracted"
    assert retraction.payload["case"] == last.payload["case"]
    assert retraction.payload["case"]["status"] == "upheld"
