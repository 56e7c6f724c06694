"""Four eyes by rule: a decision that weighs waits for a second moderator, who is another person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.liaison.models import Agency
from cases.models import Case, HeldDecision, ReviewRule
from cases.models.event import Audience
from cases.services import filing, held, triage
from cases.states import DecisionVerb
from members.models import User
from tests import factories
from tests.cases.held.test_undo import perform_after

pytestmark = pytest.mark.django_db
V = DecisionVerb


def rejecting(case: Case) -> dict[str, Any]:
    reason = factories.reason("reject")
    return {"reason": reason, "facts": "Genuine.", "expected_version": case.version}


def test_confirmed_decision_takes_effect_with_both_names(mo: User, min_: User) -> None:
    row = factories.reviewed_decision(moderator=mo)
    assert row.second_due_at == row.created_at + timedelta(hours=8)
    assert perform_after(row, 24 * 3600).state == "second"
    with pytest.raises(NotAllowed, match="You made this decision"):
        held.confirm(held=row, by=mo)
    for _double_click in range(2):
        assert held.confirm(held=row, by=min_).state == "waiting"
    row.refresh_from_db()
    assert row.case.status == "in_review"
    assert perform_after(row).state == "done"
    case = Case.objects.get(pk=row.case_id)
    assert case.status == "upheld"
    assert case.decisions.get().decided_by == mo
    confirmed = case.events.get(kind="decision_confirmed")
    assert (confirmed.actor_label, confirmed.audience) == (min_.name, [Audience.MODERATOR])
    assert confirmed.data == {"decided_by": mo.name, "review_rule": row.rule_name}


def test_either_person_can_undo_their_part(mo: User, min_: User) -> None:
    row = factories.reviewed_decision(moderator=mo)
    held.confirm(held=row, by=min_)
    again = held.undo(held=row, by=min_)
    assert (again.state, again.second_by, again.second_at) == ("second", None, None)
    assert perform_after(row, 24 * 3600).state == "second"
    held.confirm(held=row, by=min_)
    assert held.undo(held=row, by=mo).state == "undone"
    with pytest.raises(Conflict, match="now “Undone”"):
        held.confirm(held=row, by=min_)


def test_sent_back_case_returns_with_its_text(mo: User, min_: User) -> None:
    row = factories.reviewed_decision(moderator=mo)
    with pytest.raises(Refusal, match="Explain"):
        held.send_back(held=row, by=min_, reason=" ")
    for _double_click in range(2):
        back = held.send_back(held=row, by=min_, reason="The seal is genuine.")
    assert (back.state, back.message) == ("sent_back", "The seal is genuine.")
    case = Case.objects.get(pk=row.case_id)
    assert case.is_claimed_by(mo)
    assert case.lease_until is not None
    assert case.lease_until < clock.now() + triage.LEASE + timedelta(seconds=1)
    assert list(case.events.filter(kind="decision_sent_back").values_list("note", "audience")) == [
        ("The seal is genuine.", ["moderator"])
    ]
    assert HeldDecision.objects.notices().filter(by=mo).get() == row
    # The moderator decides again, and the rule still applies.
    again = factories.held_decision(case=case, moderator=mo)
    assert again.awaits_second


def test_deciding_otherwise_needs_a_third_person(mo: User, min_: User) -> None:
    third = factories.moderator(name="Tess Third")
    row = factories.reviewed_decision(moderator=mo)
    ReviewRule.objects.update(verbs=[])
    case = row.case
    other = held.hold(case=case, verb=V.REJECT, by=min_, values=rejecting(case), replaces=row)
    assert other is not None
    row.refresh_from_db()
    assert (row.state, other.state, other.replaces) == ("replaced", "second", row)
    assert Case.objects.get(pk=case.pk).assignee == min_
    for person in (mo, min_):
        with pytest.raises(NotAllowed):
            held.confirm(held=other, by=person)
    # Undoing it lets the first decision wait again, for its first deadline.
    held.undo(held=other, by=min_)
    row.refresh_from_db()
    assert (row.state, Case.objects.get(pk=case.pk).assignee) == ("second", mo)
    other = held.hold(case=case, verb=V.REJECT, by=min_, values=rejecting(case), replaces=row)
    assert other is not None
    held.confirm(held=other, by=third)
    assert perform_after(other).state == "done"
    case.refresh_from_db()
    assert (case.status, case.decisions.get().decided_by) == ("rejected", min_)


def test_override_that_is_refused_leaves_the_decision(mo: User, min_: User) -> None:
    row = factories.reviewed_decision(moderator=mo)
    case = row.case
    with pytest.raises(Refusal):
        held.hold(
            case=case,
            verb=V.REJECT,
            by=min_,
            values=rejecting(case) | {"facts": " "},
            replaces=row,
        )
    with pytest.raises(NotAllowed):
        held.hold(case=case, verb=V.REJECT, by=mo, values=rejecting(case), replaces=row)
    row.refresh_from_db()
    case.refresh_from_db()
    assert (row.state, case.assignee) == ("second", mo)


def test_member_ends_a_decision_that_waits(mo: User, min_: User) -> None:
    row = factories.reviewed_decision(moderator=mo)
    filing.withdraw(case=row.case, by=row.case.created_by)
    with pytest.raises(Conflict, match="No longer possible"):
        held.confirm(held=row, by=min_)
    row.refresh_from_db()
    assert row.message == f"{row.case.created_by.name}: Withdrawn by the member"


def test_party_and_counter_notice_of_ones_own_decision(mo: User, min_: User) -> None:
    """The second moderator is as impartial as the first."""
    factories.review_rule()
    case = factories.counter_noticed_case(moderator=mo, answered=True)
    values = {"facts": "No invoice."}
    row = held.hold(case=case, verb=V.UPHOLD_AGAIN, by=min_, values=values)
    assert row is not None
    with pytest.raises(NotAllowed, match="You upheld this case"):
        held.confirm(held=row, by=mo)
    party = factories.moderator()
    factories.give_role(party, case.member, "viewer").save()
    with pytest.raises(NotAllowed, match="You have a role at"):
        held.confirm(held=row, by=party)


def test_database_refuses_one_person_twice(mo: User) -> None:
    row = factories.reviewed_decision(moderator=mo)
    wrong: list[dict[str, Any]] = [
        {"state": "waiting", "second_by": mo, "second_at": clock.now()},
        {"state": "waiting"},
        {"state": "done", "ended_at": clock.now()},
        {"second_due_at": None},
        {"second_at": clock.now()},
    ]
    for change in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            HeldDecision.objects.filter(pk=row.pk).update(**change)


def test_each_condition_of_a_rule(mo: User, min_: User) -> None:
    """A rule applies if all its conditions are met, and the first that applies sets the deadline."""
    seller = factories.seller()
    case = factories.ready_case(moderator=mo, against=seller, listings=3, left_up=1)
    factories.upheld_case(against=seller)
    uphold = factories.uphold_values(case, left_up_reason=factories.reason("reject"))

    def applies(verb: DecisionVerb, values: dict[str, Any], **conditions: Any) -> bool:
        ReviewRule.objects.all().delete()
        factories.review_rule(rank=2, **conditions)
        point = transaction.savepoint()
        row = held.hold(case=case, verb=verb, by=mo, values=values)
        transaction.savepoint_rollback(point)
        assert row is not None
        return row.awaits_second

    for conditions, expected in (
        ({}, True),
        ({"is_active": False}, False),
        ({"verbs": ["uphold"]}, True),
        ({"verbs": ["reject", "close"]}, False),
        ({"violations": ["counterfeit"]}, True),
        ({"violations": ["patent"]}, False),
        ({"more_than_listings": 1}, True),
        ({"more_than_listings": 2}, False),
        ({"active_strikes": 2}, True),
        ({"active_strikes": 3}, False),
        ({"authorised_seller": True}, False),
        ({"referral_abroad": True}, False),
        ({"more_than_listings": 1, "violations": ["patent"]}, False),
    ):
        assert applies(V.UPHOLD, uphold, **conditions) == expected, conditions
    # A decision for the seller closes no shop and removes no listing.
    for conditions in ({"more_than_listings": 0}, {"active_strikes": 1}):
        assert not applies(V.REJECT, rejecting(case), **conditions)
    factories.authorised_seller(
        brand=factories.brand(case.member),
        marketplace=seller.marketplace,
        external_id=seller.external_id,
    )
    assert applies(V.UPHOLD, uphold, authorised_seller=True)
    case = factories.upheld_case(moderator=mo, against=factories.seller())
    home = {str(case.member.country), str(case.seller.marketplace.country)}  # type: ignore[union-attr]
    for country in (*home, "BR"):
        agency: Agency = factories.agency(country=country)
        values = {"agency": agency, "note": "", "rule": None, "seen": None}
        assert applies(V.REFER, values, referral_abroad=True) == (country not in home)
