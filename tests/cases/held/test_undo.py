"""Decisions can be undone for a minute: nothing leaves the portal before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Case, HeldDecision, OutgoingMail
from cases.services import evidence, filing, held, triage
from cases.states import DecisionVerb, Status
from members.models import User
from tests import factories
from tests.forms import form_data
from tests.personas import Personas
from tests.verbs import case_in, everything, reason_for

pytestmark = pytest.mark.django_db

LIST = "/triage/"
# The statuses in which each decision is made, and its arguments.
DECISIONS: dict[str, tuple[Status, dict[str, Any]]] = {
    "reject": (Status.IN_REVIEW, {"reason": "reject", "facts": "Genuine."}),
    "reject_unanswered": (
        Status.INFORMATION_REQUESTED,
        {"reason": "reject", "facts": "No answer."},
    ),
    "request_information": (Status.IN_REVIEW, {"reason": "request", "note": "Which seller?"}),
    "record_removal": (Status.UPHELD, {}),
    "record_counter_notice": (Status.REMOVED, {"statement": "I bought them from the maker."}),
    "uphold_again": (Status.COUNTER_NOTICED, {"facts": "No invoice."}),
    "reinstate": (Status.COUNTER_NOTICED, {"facts": "The invoices are in order."}),
    "close": (Status.REMOVED, {}),
    "refer": (Status.UPHELD, {"note": "Please look.", "rule": None, "seen": ""}),
    "withdraw_referral": (Status.UPHELD, {"note": "In error."}),
    "uphold": (Status.IN_REVIEW, {"facts": "Forged.", "ground": "illegal_content"}),
}


def perform_after(row: HeldDecision, seconds: int = factories.UNDO_SECONDS + 1) -> HeldDecision:
    """Let the time to undo pass, and let a worker carry out what is due."""
    with clock.at(row.created_at + timedelta(seconds=seconds)):
        held.perform_due(seconds=5)
    row.refresh_from_db()
    return row


def arguments_of(verb: str, case: Case, cast: Personas) -> dict[str, Any]:
    values = dict(DECISIONS[verb][1])
    if "reason" in values:
        values["reason"] = reason_for(values["reason"])
    if verb == "uphold":
        values |= {"reason": reason_for("uphold"), "left_up_reason": None, "outcomes": {}}
    if verb == "refer":
        values |= {"agency": cast.other_agency, "seen": None}
    if verb == "withdraw_referral":
        values["referral"] = case.referrals.get()
    if verb in ("uphold", "reject", "reject_unanswered"):
        values["expected_version"] = case.version
    return values


def test_every_decision_is_held_then_takes_effect_once(personas: Personas) -> None:
    assert set(DECISIONS) == set(DecisionVerb.values)
    for verb, (status, _values) in DECISIONS.items():
        point = transaction.savepoint()
        case = case_in(status, personas)
        by = personas.second_moderator if status == Status.COUNTER_NOTICED else personas.moderator
        before = everything(case)
        values = arguments_of(verb, case, personas)
        row = held.hold(case=case, verb=DecisionVerb(verb), by=by, values=values)
        assert row is not None, verb
        unchanged = everything(case)
        unchanged["cases_case"][0]["lease_until"] = before["cases_case"][0]["lease_until"]
        assert unchanged == before, verb
        again = held.hold(case=case, verb=DecisionVerb(verb), by=by, values=values)
        assert again == row, verb
        assert perform_after(row, 59).state == "waiting", verb
        assert perform_after(row).state == "done", (verb, row.message)
        after = everything(case)
        assert len(after["cases_caseevent"]) > len(before["cases_caseevent"]), verb
        assert perform_after(row, 200).state == "done", verb
        assert everything(case) == after, verb
        transaction.savepoint_rollback(point)


def test_undoing_leaves_no_trace_outside_and_returns_the_claim(mo: User) -> None:
    case = factories.ready_case(moderator=mo)
    before, mails = everything(case), OutgoingMail.objects.count()
    row = factories.held_decision(case=case, moderator=mo)
    assert held.undo(held=row, by=mo).state == "undone"
    assert held.undo(held=row, by=mo).state == "undone"
    assert perform_after(row, 6000).state == "undone"
    after = everything(case)
    after["cases_case"][0]["lease_until"] = before["cases_case"][0]["lease_until"]
    assert (after, OutgoingMail.objects.count()) == (before, mails)
    assert triage.comment(case=case, by=mo, note="Free again.").is_claimed_by(mo)


def test_case_is_blocked_while_its_decision_is_held(mo: User, min_: User) -> None:
    row = factories.held_decision(moderator=mo)
    case = row.case
    with pytest.raises(Conflict, match=r"Mo Moderator decided on .*“Uphold the complaint”"):
        triage.comment(case=case, by=min_, note="And I?")
    for verb in (triage.claim, triage.release):
        with pytest.raises(Conflict, match="Mo Moderator"):
            verb(case=case, by=mo)
    with pytest.raises(Conflict, match="Mo Moderator"):
        held.hold(case=case, verb=DecisionVerb.CLOSE, by=min_, values={})
    with pytest.raises(NotAllowed):
        held.undo(held=row, by=min_)
    with clock.at(clock.now() + timedelta(days=30)):
        assert not Case.objects.awaiting_triage().filter(pk=case.pk).exists()
        assert triage.claim_next(by=min_) is None
    # A row that is added by other means meets the constraint.
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldDecision.objects.create(case=case, verb="close", expected_version=1, by=min_)


def test_refusals_are_shown_at_once_and_hold_nothing(mo: User) -> None:
    case = factories.claimed_case(moderator=mo)
    with pytest.raises(Refusal, match="2 listings have no decision"):
        held.hold(case=case, verb=DecisionVerb.UPHOLD, by=mo, values=factories.uphold_values(case))
    stale = factories.uphold_values(case, expected_version=case.version - 1)
    with pytest.raises(Conflict, match="changed while you were deciding"):
        held.hold(case=case, verb=DecisionVerb.UPHOLD, by=mo, values=stale)
    assert not HeldDecision.objects.exists()


def test_member_overtakes_a_held_decision(mo: User, desk: Client) -> None:
    """The moderator reads who did what, until they dismiss the notice."""
    mo.language = "zh-hans"
    mo.save()
    withdrawn = factories.held_decision(moderator=mo)
    filing.withdraw(case=withdrawn.case, by=withdrawn.case.created_by)
    changed = factories.held_decision(moderator=mo)
    evidence.add(
        case=changed.case,
        by=changed.case.created_by,
        upload=factories.png("late.png"),
        kind="screenshot",
    )
    for row in (withdrawn, changed):
        perform_after(row)
        assert (row.state, row.ended_at is not None) == ("refused", True)
        assert row.case.created_by.name in row.message
        assert row.case.reference in desk.get(LIST).content.decode()
    assert Case.objects.get(pk=changed.case.pk).status == "in_review"
    url = reverse("triage:dismiss", args=[changed.pk])
    desk.post(url, form_data(desk.get(LIST), url))
    page = desk.get(LIST).content.decode()
    assert changed.case.reference not in page
    assert withdrawn.case.reference in page


def test_person_who_may_no_longer_decide(mo: User) -> None:
    row = factories.held_decision(moderator=mo)
    User.objects.filter(pk=mo.pk).update(is_active=False)
    assert perform_after(row).state == "refused"
    assert row.case.status == "in_review"


def test_fault_is_retried_and_then_given_up(mo: User, monkeypatch: pytest.MonkeyPatch) -> None:
    row = factories.held_decision(moderator=mo)

    def fail(*_args: Any, **_values: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(held, "_call", fail)
    for attempt in range(held.WORK.max_attempts):
        with (
            clock.at(row.created_at + timedelta(hours=attempt + 1)),
            pytest.raises(RuntimeError),
        ):
            held.perform_due(seconds=1)
    assert perform_after(row, 24 * 3600).state == "impossible"
    assert HeldDecision.objects.notices().filter(by=mo).exists()


def test_without_time_to_undo_it_takes_effect_in_the_request(mo: User, settings: Any) -> None:
    settings.DECISION_UNDO_SECONDS = 0
    case = factories.ready_case(moderator=mo)
    values = factories.uphold_values(case)
    assert held.hold(case=case, verb=DecisionVerb.UPHOLD, by=mo, values=values) is None
    assert held.hold(case=case, verb=DecisionVerb.UPHOLD, by=mo, values=values) is None
    case.refresh_from_db()
    assert (case.status, case.events.filter(kind="upheld").count()) == ("upheld", 1)
    assert not HeldDecision.objects.exists()
