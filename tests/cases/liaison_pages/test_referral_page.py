"""The page of a referral shows everything that the agency may see, and nothing else."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cases.liaison.delivery.stream import relay
from cases.liaison.models import Referral
from cases.models import CaseEvent
from cases.services import decisions, triage
from cases.services import referral as referrals
from members.models import User
from tests import factories
from tests.cases.liaison_pages.pages import QUEUE, text, url
from tests.personas import Personas, browser_of


def test_page_shows_everything_disclosed(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    case = referral.case
    seller = case.seller
    phone = factories.identifier(seller, kind="phone", value="+10005550100")
    page = text(officer.get(url(referral)))
    evidence = case.evidence.get()
    for words in (
        case.member.name,
        "ALDER",
        case.right.title,
        case.right.number,
        "China",
        seller.name,
        seller.external_id,
        phone.value,
        evidence.sha256,
        evidence.original_name,
        "Three shops, one warehouse.",
        "The test purchase shows a forged label.",
        "Referred to the agency",
        *case.listings.values_list("url", flat=True),
    ):
        assert words in page, words
    assert (
        reverse("desk:evidence_file", args=[evidence.pk])
        in officer.get(url(referral)).content.decode()
    )


def test_page_hides_internal_notes_and_other_agencies(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    triage.comment(case=referral.case, by=personas.moderator, note="Not for the police.")
    other = referrals.refer(
        case=referral.case, by=personas.moderator, agency=personas.other_agency, note="For customs."
    )
    referrals.answer(referral=other, by=personas.other_officer, verb="accept", note="Ours now.")
    page = text(officer.get(url(referral)))
    for words in ("Not for the police", "For customs", "Ours now", personas.other_agency.name):
        assert words not in page, words


def test_first_reading_is_recorded_once(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    officer.head(url(referral))
    referral.refresh_from_db()
    assert referral.read_at is None
    page = officer.get(url(referral))
    referral.refresh_from_db()
    first = referral.read_at
    assert first is not None
    assert page.context["referral"].read_at == first
    colleague = browser_of(factories.officer(personas.agency))
    colleague.get(url(referral))
    referral.refresh_from_db()
    assert referral.read_at == first
    assert referral.status == "offered"
    assert CaseEvent.objects.filter(kind="referral_acknowledged").count() == 0


def test_delivery_state_of_each_channel_is_shown(officer: Client, referral: Referral) -> None:
    assert "Sending" in text(officer.get(url(referral)))
    relay.drain(referral.agency.channels.get().pk)
    page = text(officer.get(url(referral)))
    assert "Sending" not in page
    assert "1 of 1 updates sent" in page


def test_long_lists_of_listings_show_fifty_first(personas: Personas, officer: Client) -> None:
    referral = factories.referred_case(personas.agency, listings=120)
    page = officer.get(url(referral))
    assert len(page.context["listings"]) == 50
    assert "Show all 120 listings" in text(page)
    everything = officer.get(f"{url(referral)}?listings=all")
    assert len(everything.context["listings"]) == 120
    assert "Show all" not in text(everything)


def test_page_uses_a_constant_number_of_queries(
    personas: Personas,
    officer: Client,
    no_session_tracking: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    small = factories.referred_case(personas.agency, listings=1)
    big = factories.referred_case(personas.agency, listings=60, files=5)
    for _ in range(4):
        factories.identifier(big.case.seller)
    for referral in (small, big):
        officer.get(url(referral))
    with django_assert_max_num_queries(10) as few:
        officer.get(url(small))
    with django_assert_max_num_queries(10) as many:
        officer.get(url(big))
    assert len(few) == len(many)


def test_names_are_escaped(personas: Personas, officer: Client) -> None:
    seller = factories.seller(name="<script>alert(1)</script>", shop_url="https://shop.example/")
    referral = factories.referred_case(
        personas.agency, against=seller, explanation="<img src=x onerror=alert(1)>"
    )
    for page in (officer.get(QUEUE), officer.get(url(referral))):
        assert b"<script>alert" not in page.content
        assert b"<img src=x" not in page.content


def test_page_names_colleagues_and_not_moderators(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    referrals.answer(referral=referral, by=personas.officer, verb="accept")
    factories.verified_operation(referral, officer=personas.officer)
    colleague = factories.officer(personas.agency, name="Otto Colleague")
    referrals.answer(referral=referral, by=colleague, verb="conclude", note="Done.")
    page = text(officer.get(url(referral)))
    assert "Otto Colleague" in page
    assert User.objects.filter(is_moderator=True).exists()
    for moderator in User.objects.filter(is_moderator=True):
        assert moderator.name not in page


def test_declined_referral_shows_no_later_events(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    referrals.answer(
        referral=referral, by=personas.officer, verb="decline", reason=factories.reason("decline")
    )
    decisions.record_removal(case=referral.case, by=personas.moderator)
    decisions.record_counter_notice(
        case=referral.case, by=personas.moderator, statement="They were mine to sell."
    )
    response = officer.get(url(referral))
    kinds = [step["event"].kind for step in response.context["steps"]]
    assert kinds == ["referral_declined", "referral_offered"]
    assert "They were mine to sell." not in text(response)
    assert referral.case.evidence.get().original_name not in text(response)
