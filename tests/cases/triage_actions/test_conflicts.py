"""Somebody else was faster, or the hold or the session ran out: no word is lost."""

from __future__ import annotations

from django.test import Client

from cases.models import Case
from cases.services import decisions, triage
from members.models import User
from tests import factories
from tests.cases.triage_actions.steps import (
    FACTS,
    address,
    now,
    rejecting,
    run_out,
    upholding,
    words,
)
from tests.forms import end_session, form_owner
from tests.personas import browser_of


def test_a_stale_page_says_who_changed_what_and_keeps_the_text(desk: Client, held: Case) -> None:
    sent = upholding(held)
    triage.comment(case=held, by=factories.moderator(name="Min Moderator"), note="Look again.")
    response = desk.post(address("uphold", held), sent)
    html = words(response)
    assert response.status_code == 409
    assert "The case changed while you were deciding (Min Moderator: Internal note)." in html
    assert FACTS in html
    assert "Look again." in html
    assert now(held).status == "in_review"
    # Having looked, the same form can be sent.
    again = upholding(held, expected_version=response.context["case"].version)
    assert f'name="expected_version" value="{again["expected_version"]}"' in html
    assert desk.post(address("uphold", held), again).status_code == 302
    assert now(held).status == "upheld"


def test_a_case_that_a_colleague_decided_meanwhile_stays_decided(desk: Client, held: Case) -> None:
    sent = upholding(held)
    run_out(held)
    min_ = factories.moderator(name="Min Moderator")
    factories.claimed_case(case=held, moderator=min_)
    case = now(held)
    decisions.reject(
        case=case,
        by=min_,
        reason=factories.reason("reject"),
        facts="Genuine.",
        expected_version=case.version,
    )
    response = desk.post(address("uphold", held), sent)
    html = words(response)
    assert response.status_code == 409
    assert "The case is now “Rejected”, so this can no longer be done." in html
    assert "Complaint rejected" in html
    assert f"readonly>{FACTS}</textarea>" in html
    assert now(held).status == "rejected"


def test_while_a_colleague_holds_the_case_the_text_is_kept(desk: Client, held: Case) -> None:
    sent = rejecting(held)
    run_out(held)
    factories.claimed_case(case=held, moderator=factories.moderator(name="Min Moderator"))
    response = desk.post(address("reject", held), sent)
    assert response.status_code == 409
    assert "Min Moderator has claimed this case." in words(response)
    assert f"readonly>{FACTS}</textarea>" in words(response)


def test_when_the_hold_ran_out_the_case_is_claimed_again_with_the_text(
    desk: Client, mo: User, held: Case
) -> None:
    sent = upholding(held)
    run_out(held)
    response = desk.post(address("uphold", held), sent)
    assert response.status_code == 409
    assert "You no longer have this case." in words(response)
    stale = response.context["stale"]
    response = desk.post(address("claim", held), {"for": stale.verb, **dict(stale.hidden_data)})
    html = words(response)
    assert response.status_code == 200
    assert now(held).held_by(mo)
    assert FACTS in html
    assert f'<option value="{sent["reason"]}" selected>' in html
    assert response.context["listings"]["decided"] == 3
    assert response.context["opened"] == "uphold"
    again = upholding(held, expected_version=response.context["case"].version)
    assert desk.post(address("uphold", held), again).status_code == 302


def test_a_session_that_ran_out_loses_no_word(mo: User, held: Case) -> None:
    browser = browser_of(mo)
    token = form_owner(browser, f"/triage/{held.reference}/")
    end_session(browser)
    sent = upholding(held, form_owner=token, back="priority=2")
    assert browser.post(address("uphold", held), sent).status_code == 302
    session = browser.session
    kept = {name: session[name] for name in session.keys() if not name.startswith("_")}  # noqa: SIM118
    browser.force_login(mo)
    session = browser.session
    session.update(kept)
    session.save()
    response = browser.get(address("uphold", held))
    html = words(response)
    assert "Your session expired." in html
    assert FACTS in html
    assert response.context["listings"]["decided"] == 3
    assert response.context["back"] == "priority=2"
    assert now(held).status == "in_review"


def test_a_withdrawal_typed_before_the_session_ran_out_stands_open_at_its_referral(
    mo: User,
) -> None:
    referral, browser = factories.referred_case(), browser_of(mo)
    there = address("withdraw_referral", referral.case)
    token = form_owner(browser, f"/triage/{referral.case.reference}/")
    end_session(browser)
    sent = {"referral": referral.pk, "note": "Wrong city.", "form_owner": token}
    assert browser.post(there, sent).status_code == 302
    browser.force_login(mo)
    html = words(browser.get(there))
    assert "Your session expired." in html
    assert html.count("Wrong city.") == 1
    assert '<details class="action-small" open>' in html
