"""Answers to a referral: valid once, only by its agency, and input is never lost."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.liaison.models import Referral, Update
from cases.models import CaseEvent
from cases.services import referral as referrals
from tests import factories
from tests.cases.liaison_pages.pages import answer_url, text, url
from tests.concurrency import run_concurrently
from tests.forms import end_session, form_owner
from tests.personas import Personas, browser_of


def test_referral_from_offer_to_conclusion(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    steps = [
        ("acknowledge", {}, "acknowledged"),
        ("accept", {"file_number": "HP-2026-17", "note": "Unit 3 has it."}, "accepted"),
        ("investigate", {"note": ""}, "investigating"),
        ("conclude", {"note": "Two were convicted."}, "concluded"),
    ]
    for verb, data, status in steps:
        offered = {a["verb"] for a in officer.get(url(referral)).context["answers"]}
        assert verb in offered
        response = officer.post(answer_url(referral, verb), data)
        assert (response.status_code, response["Location"]) == (302, url(referral))
        referral.refresh_from_db()
        assert referral.status == status
    page = text(officer.get(url(referral)))
    for words in ("HP-2026-17", "Unit 3 has it.", "Two were convicted.", "on time"):
        assert words in page, words
    assert referral.update_sequence == 5
    assert list(
        Update.objects.filter(referral=referral).order_by("sequence").values_list("kind", flat=True)
    ) == [
        "referral_offered",
        "referral_acknowledged",
        "referral_accepted",
        "referral_investigating",
        "referral_concluded",
    ]


def test_declining_needs_a_valid_reason(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    reason = factories.reason("decline", label="Outside our area")
    wrong = factories.reason("reject")
    typed_words = {"note": "It is three provinces away."}
    for choice in ("", str(wrong.pk), "999999", "x"):
        response = officer.post(answer_url(referral, "decline"), typed_words | {"reason": choice})
        assert response.status_code == 422, choice
        assert "It is three provinces away." in text(response)
        assert '<details class="confirm" name="answer" open>' in response.content.decode()
    officer.post(answer_url(referral, "decline"), typed_words | {"reason": reason.pk})
    referral.refresh_from_db()
    assert referral.status == "declined"
    assert referral.answered_at is not None
    page = text(officer.get(url(referral)))
    assert "Outside our area" in page
    assert "Report an operation" not in page


def test_second_click_has_no_effect(officer: Client, referral: Referral) -> None:
    reason = factories.reason("decline")
    for verb, data in (
        ("acknowledge", {}),
        ("decline", {"reason": reason.pk, "note": "Not ours."}),
    ):
        for _ in range(2):
            response = officer.post(answer_url(referral, verb), data)
            assert response.status_code == 302
    assert Update.objects.filter(referral=referral).count() == 3


@pytest.mark.django_db(transaction=True)
def test_simultaneous_clicks_are_one_answer() -> None:
    agency = factories.agency()
    person = factories.officer(agency)
    referral = factories.referred_case(agency)

    def click() -> int:
        url = answer_url(referral, "accept")
        return browser_of(person).post(url, {"file_number": "A 1"}).status_code

    assert run_concurrently(*[click] * 4) == [302] * 4
    assert CaseEvent.objects.filter(kind="referral_accepted").count() == 1


def test_late_answer_is_refused_and_keeps_input(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    colleague = factories.officer(personas.agency, name="Col League")
    referrals.answer(
        referral=referral, by=colleague, verb="decline", reason=factories.reason("decline")
    )
    response = officer.post(
        answer_url(referral, "accept"), {"file_number": "HP-9", "note": "We take it."}
    )
    assert response.status_code == 409
    page = response.content.decode()
    assert "The referral is now “Declined”, so this can no longer be done." in text(response)
    assert 'value="HP-9"' in page
    assert "We take it." in page
    referral.refresh_from_db()
    assert referral.file_number == ""


def test_conflicting_answer_names_the_colleague(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    colleague = factories.officer(personas.agency, name="Col League")
    referrals.answer(referral=referral, by=colleague, verb="accept", file_number="HP-1")
    response = officer.post(answer_url(referral, "accept"), {"file_number": "HP-2"})
    assert response.status_code == 409
    assert "Col League has already answered: “Accepted”" in text(response)
    assert 'value="HP-2"' in response.content.decode()
    # An identical answer is not a conflict, whoever sends it.
    again = officer.post(answer_url(referral, "accept"), {"file_number": "HP-1"})
    assert again.status_code == 302


def test_answer_to_a_withdrawn_referral_keeps_input(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    referrals.withdraw(referral=referral, by=personas.moderator, note="Referred by mistake.")
    response = officer.post(answer_url(referral, "accept"), {"file_number": "HP-3", "note": "Mine"})
    assert response.status_code == 404
    page = text(response)
    for words in ("was withdrawn", "Referred by mistake.", "HP-3", "Mine"):
        assert words in page, words
    shown = officer.get(url(referral))
    assert shown.status_code == 404
    assert referral.case.seller.name not in text(shown)
    assert personas.client("other_officer").get(url(referral)).status_code == 404
    assert "was withdrawn" not in text(personas.client("other_officer").get(url(referral)))


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("accept", {"file_number": "x" * 61, "note": "kept"}),
        ("accept", {"file_number": "a\0b", "note": "kept"}),
        ("accept", {"note": "kept" + "x" * 5000}),
        ("conclude", {"note": "kept"}),
        ("investigate", {"note": "kept"}),
    ],
)
def test_invalid_answer_is_refused_and_keeps_input(
    officer: Client, referral: Referral, verb: str, data: dict[str, str]
) -> None:
    response = officer.post(answer_url(referral, verb), data)
    assert response.status_code in (409, 422)
    assert "kept" in response.content.decode()
    referral.refresh_from_db()
    assert referral.status == "offered"


@pytest.mark.parametrize("verb", ["withdraw", "nonsense", "report"])
def test_unknown_verb_is_not_found(officer: Client, referral: Referral, verb: str) -> None:
    assert officer.post(answer_url(referral, verb)).status_code == 404


def test_input_survives_session_expiry(
    personas: Personas, officer: Client, referral: Referral
) -> None:
    token = form_owner(officer, url(referral))
    end_session(officer)
    lost = officer.post(
        answer_url(referral, "accept"),
        {"file_number": "HP-77", "note": "Long thought over.", "form_owner": token},
    )
    assert lost.status_code == 302
    officer.force_login(personas.officer)
    page = officer.get(answer_url(referral, "accept"))
    assert page.status_code == 200
    assert "Your session expired." in text(page)
    assert 'value="HP-77"' in page.content.decode()
    assert "Long thought over." in text(page)
    # Kept input is shown once; without it, the URL redirects to the referral.
    again = officer.get(answer_url(referral, "accept"))
    assert (again.status_code, again["Location"]) == (302, url(referral))


def test_inactive_reasons_are_not_offered(officer: Client, referral: Referral) -> None:
    old = factories.reason("decline", label="Old reason", is_active=False)
    assert "Old reason" not in text(officer.get(url(referral)))
    response = officer.post(answer_url(referral, "decline"), {"reason": old.pk})
    assert response.status_code == 422
