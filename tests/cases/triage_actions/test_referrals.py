"""Referring a case to an agency, and withdrawing it."""

from __future__ import annotations

from django.test import Client

from tests import factories
from tests.cases.triage_actions.steps import address, page, words


def test_referring_twice_refers_once(desk: Client) -> None:
    case, agency = factories.upheld_case(), factories.agency(name="Harbour Police")
    sent = {"agency": agency.pk, "note": "One warehouse, three shops."}
    shown = desk.post(address("refer", case), sent)
    sent["seen"] = shown.context["offer"].fingerprint
    for _ in range(2):
        assert desk.post(address("refer", case), sent).status_code == 302
    referral = case.referrals.get()
    assert (referral.agency, referral.note) == (agency, "One warehouse, three shops.")
    html = words(desk.get(page(case)))
    assert "Acknowledgement" in html
    assert referral.reference in html


def test_an_agency_that_does_not_take_such_cases_is_refused(desk: Client) -> None:
    case = factories.upheld_case()
    agency = factories.agency(violations=["advertising"])
    response = desk.post(address("refer", case), {"agency": agency.pk, "note": "Please look."})
    assert response.status_code == 422
    assert "Please look." in words(response)
    assert not case.referrals.exists()


def test_a_case_that_is_not_upheld_is_not_referred(desk: Client) -> None:
    case, agency = factories.rejected_case(), factories.agency()
    response = desk.post(address("refer", case), {"agency": agency.pk, "note": "Please look."})
    assert response.status_code == 409
    assert "Only upheld cases can be referred" in words(response)
    assert "readonly>Please look.</textarea>" in words(response)


def test_a_referral_is_withdrawn_with_a_reason_and_once(desk: Client) -> None:
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
    told = referral.case.events.filter(kind="referral_withdrawn")
    assert sorted(told.values_list("audience", flat=True)) == [["liaison"], ["member"]]


def test_the_referral_of_another_case_is_out_of_reach(desk: Client) -> None:
    referral, case = factories.referred_case(), factories.upheld_case()
    response = desk.post(
        address("withdraw_referral", case), {"referral": referral.pk, "note": "Wrong."}
    )
    assert response.status_code == 422
    referral.refresh_from_db()
    assert referral.status == "offered"


def test_what_is_wrong_with_a_withdrawal_stands_once_at_its_referral(desk: Client) -> None:
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
