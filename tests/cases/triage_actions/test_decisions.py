"""Upholding, rejecting, asking, handing back, noting: once however often they click."""

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
    now,
    page,
    rejecting,
    upholding,
    words,
)


def test_upholding_decides_listings_and_case_in_one_go(desk: Client, held: Case) -> None:
    response = desk.post(address("uphold", held), upholding(held, back="priority=2"))
    assert response["Location"] == f"/triage/?priority=2&decided={held.reference}"
    case = now(held)
    assert (case.status, case.decisions.get().facts) == ("upheld", FACTS)
    assert set(case.listings.values_list("outcome", "status")) == {("remove", "removal_requested")}
    html = words(desk.get(response["Location"]))
    assert f"{case.reference} was upheld." in html
    assert "autofocus" in html
    assert f"Back to {case.reference}" in html


def test_two_clicks_uphold_once(desk: Client, held: Case) -> None:
    sent = upholding(held)
    for _ in range(2):
        assert desk.post(address("uphold", held), sent).status_code == 302
    case = now(held)
    assert (case.decisions.count(), case.seller.strikes.count()) == (1, 1)  # type: ignore[union-attr]
    assert kinds(case).count("upheld") == 1


def test_uphold_and_take_the_next(desk: Client, mo: User, held: Case) -> None:
    following = factories.submitted_case()
    factories.submitted_case()
    sent = upholding(held, then="next", back="violation=counterfeit")
    for _ in range(2):  # a second click takes no second case
        response = desk.post(address("uphold", held), sent)
        assert response["Location"] == f"{page(following)}?back=violation%3Dcounterfeit"
    assert [case.pk for case in triage.held_by(mo)] == [following.pk]


def test_a_decision_sent_again_in_other_words_is_refused_and_the_words_kept(
    desk: Client, held: Case
) -> None:
    sent = upholding(held)
    assert desk.post(address("uphold", held), sent).status_code == 302
    response = desk.post(address("uphold", held), sent | {"facts": "There is more to it."})
    assert response.status_code == 409
    assert "There is more to it." in words(response)
    assert now(held).decisions.get(superseded_at=None).facts == FACTS


def test_a_listing_without_outcome_keeps_all_that_was_typed(desk: Client, held: Case) -> None:
    first, *others = held.listings.all()
    sent = upholding(held)
    del sent[f"outcome-{first.pk}"]
    response = desk.post(address("uphold", held), sent)
    html = words(response)
    assert response.status_code == 422
    assert "1 listing has no decision yet." in html
    assert FACTS in html
    assert response.context["opened"] == "uphold"
    chosen = {row.pk: row.outcome for row in response.context["listings"]["rows"]}
    assert chosen == {first.pk: ""} | {listing.pk: "remove" for listing in others}
    assert set(held.listings.values_list("outcome", flat=True)) == {""}
    assert now(held).status == "in_review"


@pytest.mark.parametrize("verb", ["uphold", "reject", "request_information"])
def test_an_empty_form_says_what_is_missing(desk: Client, held: Case, verb: str) -> None:
    response = desk.post(address(verb, held), {"expected_version": held.version})
    assert response.status_code == 422
    assert "Check your entries" in words(response)
    assert now(held).version == held.version


def test_nonsense_in_the_form_is_no_error_of_ours(desk: Client, held: Case) -> None:
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
        response = desk.post(address("uphold", held), upholding(held, **changes))
        assert response.status_code in (409, 422), changes
    assert now(held).status == "in_review"
    other.refresh_from_db()
    assert other.outcome == ""


def test_rejecting_shows_each_reason_with_its_advice_and_works_once(
    desk: Client, held: Case
) -> None:
    sent = rejecting(held)
    reason = ReasonCode.objects.get(pk=sent["reason"])
    html = words(desk.get(page(held)))
    assert f"<dt>{reason}</dt><dd>{reason.fix}</dd>" in html
    for _ in range(2):
        assert desk.post(address("reject", held), sent).status_code == 302
    case = now(held)
    assert (case.status, case.decisions.get().reason) == ("rejected", reason)
    assert kinds(case).count("rejected") == 1


def test_asking_for_information_works_once(desk: Client, held: Case) -> None:
    sent = {"reason": factories.reason("request").pk, "note": "A photo of the label, please."}
    for _ in range(2):
        assert desk.post(address("request_information", held), sent).status_code == 302
    case = now(held)
    assert case.status == "information_requested"
    assert kinds(case).count("information_requested") == 1


def test_a_case_can_be_handed_back(desk: Client, held: Case) -> None:
    for _ in range(2):
        response = desk.post(address("release", held))
        assert response["Location"] == f"/triage/?decided={held.reference}"
    assert now(held).status == "submitted"
    assert kinds(held).count("released") == 1


def test_a_note_is_written_once_and_renews_the_hold(desk: Client, held: Case) -> None:
    Case.objects.filter(pk=held.pk).update(lease_until=clock.now() + timedelta(minutes=1))
    for _ in range(2):
        assert desk.post(address("comment", held), {"note": "Same warehouse?"}).status_code == 302
    case = now(held)
    assert kinds(case).count("commented") == 1
    assert case.lease_until
    assert case.lease_until > clock.now() + timedelta(minutes=29)


def test_a_number_of_thousands_of_digits_is_no_error_of_ours(desk: Client, held: Case) -> None:
    body = urlencode(upholding(held, **{"outcome-" + "9" * 5000: "remove"}))
    form = "application/x-www-form-urlencoded"
    assert desk.post(address("uphold", held), body, content_type=form).status_code == 302
    assert now(held).status == "upheld"
