"""Conflicts with colleagues, expired claims and expired sessions: input is kept."""

from __future__ import annotations

from django.test import Client

from cases.models import Case
from cases.services import decisions, triage
from members.models import User
from tests import factories
from tests.cases.triage_actions.steps import (
    FACTS,
    address,
    expire_claim,
    reject_data,
    reloaded,
    uphold_data,
    words,
)
from tests.forms import end_session, form_owner
from tests.personas import browser_of


def test_stale_page_names_the_change_and_keeps_input(desk: Client, claimed: Case) -> None:
    sent = uphold_data(claimed)
    triage.comment(case=claimed, by=factories.moderator(name="Min Moderator"), note="Look again.")
    response = desk.post(address("uphold", claimed), sent)
    html = words(response)
    assert response.status_code == 409
    assert "The case changed while you were deciding (Min Moderator: Internal note)." in html
    assert FACTS in html
    assert "Look again." in html
    assert reloaded(claimed).status == "in_review"
    # After the conflict page, the same form is accepted.
    again = uphold_data(claimed, expected_version=response.context["case"].version)
    assert f'name="expected_version" value="{again["expected_version"]}"' in html
    assert desk.post(address("uphold", claimed), again).status_code == 302
    assert reloaded(claimed).status == "upheld"


def test_case_decided_by_a_colleague_cannot_be_decided(desk: Client, claimed: Case) -> None:
    sent = uphold_data(claimed)
    expire_claim(claimed)
    min_ = factories.moderator(name="Min Moderator")
    factories.claimed_case(case=claimed, moderator=min_)
    case = reloaded(claimed)
    decisions.reject(
        case=case,
        by=min_,
        reason=factories.reason("reject"),
        facts="Genuine.",
        expected_version=case.version,
    )
    response = desk.post(address("uphold", claimed), sent)
    html = words(response)
    assert response.status_code == 409
    assert "The case is now “Rejected”, so this can no longer be done." in html
    assert "Complaint rejected" in html
    assert f"readonly>{FACTS}</textarea>" in html
    assert reloaded(claimed).status == "rejected"


def test_case_claimed_by_a_colleague_keeps_input(desk: Client, claimed: Case) -> None:
    sent = reject_data(claimed)
    expire_claim(claimed)
    factories.claimed_case(case=claimed, moderator=factories.moderator(name="Min Moderator"))
    response = desk.post(address("reject", claimed), sent)
    assert response.status_code == 409
    assert "Min Moderator has claimed this case." in words(response)
    assert f"readonly>{FACTS}</textarea>" in words(response)


def test_expired_claim_is_renewed_with_the_input(desk: Client, mo: User, claimed: Case) -> None:
    sent = uphold_data(claimed)
    expire_claim(claimed)
    response = desk.post(address("uphold", claimed), sent)
    assert response.status_code == 409
    assert "You no longer have this case." in words(response)
    stale = response.context["stale"]
    response = desk.post(address("claim", claimed), {"for": stale.verb, **dict(stale.hidden_data)})
    html = words(response)
    assert response.status_code == 200
    assert reloaded(claimed).is_claimed_by(mo)
    assert FACTS in html
    assert f'<option value="{sent["reason"]}" selected>' in html
    assert response.context["listings"]["decided"] == 3
    assert response.context["opened"] == "uphold"
    again = uphold_data(claimed, expected_version=response.context["case"].version)
    assert desk.post(address("uphold", claimed), again).status_code == 302


def test_input_survives_session_expiry(mo: User, claimed: Case) -> None:
    browser = browser_of(mo)
    token = form_owner(browser, f"/triage/{claimed.reference}/")
    end_session(browser)
    sent = uphold_data(claimed, form_owner=token, back="priority=2")
    assert browser.post(address("uphold", claimed), sent).status_code == 302
    session = browser.session
    kept = {name: session[name] for name in session.keys() if not name.startswith("_")}  # noqa: SIM118
    browser.force_login(mo)
    session = browser.session
    session.update(kept)
    session.save()
    response = browser.get(address("uphold", claimed))
    html = words(response)
    assert "Your session expired." in html
    assert FACTS in html
    assert response.context["listings"]["decided"] == 3
    assert response.context["back"] == "priority=2"
    assert reloaded(claimed).status == "in_review"


def test_withdrawal_of_a_referral_survives_session_expiry(
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
