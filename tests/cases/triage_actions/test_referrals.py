"""Referring a case to an agency, and withdrawing a referral."""

from __future__ import annotations

from django.test import Client

from tests import factories
from tests.cases.triage_actions.steps import address, page, words


def test_repeated_referral_is_idempotent(desk: Client) -> None:
    case, agency = factories.upheld_case(), factories.agency(name="Harbour Police")
    sent = {"agency": agency.pk, "note": "One warehouse, three shops."}
    shown = desk.post(address("refer", case), sent)
    sent["seen"] = shown.context["preview"].fingerprint
    for _ in range(2):
        assert desk.post(address("refer", case), sent).status_code == 302
    referral = case.referrals.get()
    assert (referral.agency, referral.note) == (agency, "One warehouse, three shops.")
    html = words(desk.get(page(case)))
    assert "Acknowledgement" in html
    assert referral.reference in html


def test_agency_that_does_not_accept_the_violation_is_refused(desk: Client) -> None:
    case = factories.upheld_case()
    agency = factories.agency(violations=["advertising"])
    response = desk.post(address("refer", case), {"agency": agency.pk, "note": "Please look."})
    assert response.status_code == 422
    assert "Please look." in words(response)
    assert not case.referrals.exists()


def test_case_that_is_not_upheld_cannot_be_referred(desk: Client) -> None:
    case, agency = factories.rejected_case(), factories.agency()
    response = desk.post(address("refer", case), {"agency": agency.pk, "note": "Please look."})
    assert response.status_code == 409
    assert "Only upheld cases can be referred" in words(response)
    assert "readonly>Please look.</textarea>" in words(response)


def test_withdrawal_needs_a_reason_and_is_idempotent(desk: Client) -> None:
    referral = factories.referred_case()
    there = address("withdraw_referral", referral.case)
    response = desk.post(there, {"referral": referral.pk, "note": ""})
    assert response.status_code == 422
    assert f'id="withdraw-{referral.pk}-note"' in words(response)
    for _ in range(2):
        sent = {"referral": referral.pk, "note": "Sent to the wrong city."}
        assert desk.post(there, sent).status_code == 302
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    events = referral.case.events.filter(kind="referral_withdrawn")
    assert sorted(events.values_list("audience", flat=True)) == [["liaison"], ["member"]]


def test_referral_of_another_case_cannot_be_withdrawn(desk: Client) -> None:
    referral, case = factories.referred_case(), factories.upheld_case()
    response = desk.post(
        address("withdraw_referral", case), {"referral": referral.pk, "note": "Wrong."}
    )
    assert response.status_code == 422
    referral.refresh_from_db()
    assert referral.status == "offered"


def test_error_of_a_withdrawal_is_shown_once_at_its_referral(desk: Client) -> None:
    referral = factories.referred_case()
    there = address("withdraw_referral", referral.case)
    for note, said in (
        ("", "Enter the reason for withdrawal"),
        ("x" * 2001, "at most 2000 characters"),
    ):
        response = desk.post(there, {"referral": referral.pk, "note": note})
        assert response.status_code == 422
        html = response.content.decode()
        assert html.count("data-error-summary") == 1
        assert said in html
        assert note in html
        assert "maxlength" not in html
    referral.refresh_from_db()
    assert referral.status == "offered"
