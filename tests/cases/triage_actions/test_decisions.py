"""Upholding, rejecting, requesting information, releasing and commenting."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from alliance.lib import clock
from cases.models import Case, ReasonCode
from cases.services import triage
from members.models import User
from tests import factories
from tests.cases.triage_actions.steps import (
    FACTS,
    address,
    kinds,
    page,
    reject_data,
    reloaded,
    uphold_data,
    words,
)


def test_upholding_decides_case_and_listings(desk: Client, claimed: Case) -> None:
    response = desk.post(address("uphold", claimed), uphold_data(claimed, back="priority=2"))
    assert response["Location"] == f"/triage/?priority=2&decided={claimed.reference}"
    case = reloaded(claimed)
    assert (case.status, case.decisions.get().facts) == ("upheld", FACTS)
    assert set(case.listings.values_list("outcome", "status")) == {("remove", "removal_requested")}
    html = words(desk.get(response["Location"]))
    assert f"{case.reference} was upheld." in html
    assert "autofocus" in html
    assert f"Back to {case.reference}" in html


def test_double_click_upholds_once(desk: Client, claimed: Case) -> None:
    sent = uphold_data(claimed)
    for _ in range(2):
        assert desk.post(address("uphold", claimed), sent).status_code == 302
    case = reloaded(claimed)
    assert (case.decisions.count(), case.seller.strikes.count()) == (1, 1)  # type: ignore[union-attr]
    assert kinds(case).count("upheld") == 1


def test_uphold_and_claim_the_next_case(desk: Client, mo: User, claimed: Case) -> None:
    following = factories.submitted_case()
    factories.submitted_case()
    sent = uphold_data(claimed, then="next", back="violation=counterfeit")
    for _ in range(2):  # a second click claims no second case
        response = desk.post(address("uphold", claimed), sent)
        assert response["Location"] == f"{page(following)}?back=violation%3Dcounterfeit"
    assert [case.pk for case in triage.claimed_by(mo)] == [following.pk]


def test_second_decision_with_other_text_is_refused(desk: Client, claimed: Case) -> None:
    sent = uphold_data(claimed)
    assert desk.post(address("uphold", claimed), sent).status_code == 302
    response = desk.post(address("uphold", claimed), sent | {"facts": "There is more to it."})
    assert response.status_code == 409
    assert "There is more to it." in words(response)
    assert reloaded(claimed).decisions.get(superseded_at=None).facts == FACTS


def test_undecided_listing_is_refused_and_input_kept(desk: Client, claimed: Case) -> None:
    first, *others = claimed.listings.all()
    sent = uphold_data(claimed)
    del sent[f"outcome-{first.pk}"]
    response = desk.post(address("uphold", claimed), sent)
    html = words(response)
    assert response.status_code == 422
    assert "1 listing has no decision yet." in html
    assert FACTS in html
    assert response.context["opened"] == "uphold"
    chosen = {row.pk: row.outcome for row in response.context["listings"]["rows"]}
    assert chosen == {first.pk: ""} | {listing.pk: "remove" for listing in others}
    assert set(claimed.listings.values_list("outcome", flat=True)) == {""}
    assert reloaded(claimed).status == "in_review"


@pytest.mark.parametrize("verb", ["uphold", "reject", "request_information"])
def test_empty_form_is_refused(desk: Client, claimed: Case, verb: str) -> None:
    response = desk.post(address(verb, claimed), {"expected_version": claimed.version})
    assert response.status_code == 422
    assert "Check your entries" in words(response)
    assert reloaded(claimed).version == claimed.version


def test_malformed_values_are_refused(desk: Client, claimed: Case) -> None:
    other = factories.submitted_case().listings.first()
    assert other
    for changes in (
        {"reason": "x"},
        {"reason": "9" * 30},
        {"ground": "<b>"},
        {"expected_version": "-1"},
        {"expected_version": "9" * 30},
        {"facts": "x" * 5001},
        {"facts": "a\0b"},
        {f"outcome-{other.pk}": "remove"},
        {"outcome-" + "9" * 30: "remove"},
    ):
        response = desk.post(address("uphold", claimed), uphold_data(claimed, **changes))
        assert response.status_code in (409, 422), changes
    assert reloaded(claimed).status == "in_review"
    other.refresh_from_db()
    assert other.outcome == ""


def test_reject_shows_advice_and_is_idempotent(desk: Client, claimed: Case) -> None:
    sent = reject_data(claimed)
    reason = ReasonCode.objects.get(pk=sent["reason"])
    html = words(desk.get(page(claimed)))
    assert f"<dt>{reason}</dt><dd>{reason.fix}</dd>" in html
    for _ in range(2):
        assert desk.post(address("reject", claimed), sent).status_code == 302
    case = reloaded(claimed)
    assert (case.status, case.decisions.get().reason) == ("rejected", reason)
    assert kinds(case).count("rejected") == 1


def test_information_request_is_idempotent(desk: Client, claimed: Case) -> None:
    sent = {"reason": factories.reason("request").pk, "note": "A photo of the label, please."}
    for _ in range(2):
        assert desk.post(address("request_information", claimed), sent).status_code == 302
    case = reloaded(claimed)
    assert case.status == "information_requested"
    assert kinds(case).count("information_requested") == 1


def test_release_is_idempotent(desk: Client, claimed: Case) -> None:
    for _ in range(2):
        response = desk.post(address("release", claimed))
        assert response["Location"] == f"/triage/?decided={claimed.reference}"
    assert reloaded(claimed).status == "submitted"
    assert kinds(claimed).count("released") == 1


def test_note_is_written_once_and_renews_the_claim(desk: Client, claimed: Case) -> None:
    Case.objects.filter(pk=claimed.pk).update(lease_until=clock.now() + timedelta(minutes=1))
    for _ in range(2):
        assert (
            desk.post(address("comment", claimed), {"note": "Same warehouse?"}).status_code == 302
        )
    case = reloaded(claimed)
    assert kinds(case).count("commented") == 1
    assert case.lease_until
    assert case.lease_until > clock.now() + timedelta(minutes=29)


def test_field_name_with_a_huge_number_is_ignored(desk: Client, claimed: Case) -> None:
    body = urlencode(uphold_data(claimed, **{"outcome-" + "9" * 5000: "remove"}))
    form = "application/x-www-form-urlencoded"
    assert desk.post(address("uphold", claimed), body, content_type=form).status_code == 302
    assert reloaded(claimed).status == "upheld"
