"""The outcome of a case is one column, set by decisions and used by every figure and rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alliance.lib.refusals import Conflict
from cases.figures import desk, impact, published
from cases.liaison.models import ImpactSnapshot, Referral, Update
from cases.lists.desk import CaseFilter, MemberChoice
from cases.models import Case, Seller
from cases.models.case import CaseQuerySet
from cases.queries import proposals, related
from cases.services import decisions, operations
from cases.services import referral as referrals
from cases.states import OUTCOMES, Outcome, Status
from members.models import IPRight, User
from tests import factories
from tests.factories import agencies, people
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

# The outcome after the builder of each status, and of a case closed after reinstatement.
OUTCOME_OF: dict[str, str] = {
    "draft": "",
    "submitted": "",
    "in_review": "",
    "information_requested": "",
    "upheld": "upheld",
    "rejected": "rejected",
    "removed": "upheld",
    "counter_noticed": "upheld",
    "reinstated": "reinstated",
    "closed": "upheld",
    "closed after reinstatement": "reinstated",
    "withdrawn": "",
}


def case_with_ending(ending: str, **draft: Any) -> Case:
    if ending == "closed after reinstatement":
        return factories.closed_case(reinstated=True, **draft)
    return factories.CASE_IN[ending](**draft)


@dataclass
class Ledger:
    """Expected figures, recorded by the test without reading the portal."""

    seller: Seller
    right: IPRight
    filer: User
    endings: dict[int, str] = field(default_factory=dict)
    listings: dict[int, int] = field(default_factory=dict)
    removed: int = 0

    def add_case(self, ending: str, listings: int, left_up: int = 0) -> Case:
        """Take a case to its ending; ``left_up`` of its listings are left up."""
        given = {"left_up": left_up} if left_up else {}
        case = case_with_ending(
            ending,
            against=self.seller,
            citing=self.right,
            by=self.filer,
            listings=listings,
            **given,
        )
        self.endings[case.pk] = ending
        if ending in ("removed", "counter_noticed", "closed"):
            self.removed += listings - left_up
        return case

    def upheld(self) -> set[int]:
        return {pk for pk, ending in self.endings.items() if OUTCOME_OF[ending] == "upheld"}

    def decided(self) -> set[int]:
        return {pk for pk, ending in self.endings.items() if OUTCOME_OF[ending]}


@pytest.fixture
def ledger() -> Ledger:
    right = factories.right()
    made = Ledger(factories.seller(), right, people.filer_of(right.brand.member))
    for number, ending in enumerate(OUTCOME_OF, start=1):
        made.add_case(ending, listings=1 + number % 3)
    made.add_case("closed", listings=4, left_up=1)
    made.add_case("closed after reinstatement", listings=5, left_up=2)
    return made


@pytest.mark.parametrize(("ending", "outcome"), OUTCOME_OF.items())
def test_outcome_follows_the_decision(ending: str, outcome: str) -> None:
    case = Case.objects.get(pk=case_with_ending(ending).pk)
    current = case.decisions.filter(superseded_at=None).first()
    assert case.outcome == outcome == (current.outcome if current else "")
    assert case.is_upheld == (outcome == "upheld")


def test_published_figures_match_the_ledger(ledger: Ledger) -> None:
    operation = factories.reported_operation()
    operations.verify(operation=operation, by=factories.moderator())
    assert impact.publish_if_due()
    figures = {
        figure.name: figure.value for figure in published.figures(ImpactSnapshot.objects.get())
    }
    assert figures == {
        "operations": 1,
        "premises_closed": operation.premises_closed,
        "arrests": operation.arrests,
        "items_seized": operation.items_seized,
        "value_cny": operation.value_cny,
        # plus the case of the operation
        "cases_upheld": len(ledger.upheld()) + 1,
        "listings_removed": ledger.removed,
    }


def test_desk_figures_match_the_ledger(ledger: Ledger) -> None:
    figures = desk.desk_figures([ledger.right.brand.member])
    assert (figures.decided, figures.accepted) == (len(ledger.decided()), len(ledger.upheld()))
    statuses = Counter(
        "closed" if ending.startswith("closed") else ending for ending in ledger.endings.values()
    )
    assert figures.by_status == {Status(status): number for status, number in statuses.items()}


def test_desk_filter_finds_upheld_cases_including_closed(ledger: Ledger) -> None:
    cases: CaseQuerySet = Case.objects.all()
    chosen = MemberChoice.of([ledger.right.brand.member], None)
    found = CaseFilter({"status": "accepted"}, queryset=cases, chosen=chosen).qs
    assert {case.pk for case in found} == ledger.upheld()
    shown = browser_of(ledger.filer).get("/cases/", {"status": "accepted"})
    assert {row.pk for row in shown.context["page"].rows} == ledger.upheld()


def test_seller_history_counts_upheld_cases(ledger: Ledger) -> None:
    case = factories.submitted_case(against=ledger.seller)
    assert related.find_related(case).upheld == len(ledger.upheld())


def test_only_open_and_upheld_cases_count_as_concerned_members() -> None:
    """Each case belongs to another member."""
    seller = factories.seller()
    for ending in OUTCOME_OF:
        case_with_ending(ending, against=seller)
    case = factories.upheld_case(against=seller)
    open_or_upheld = [
        ending
        for ending, outcome in OUTCOME_OF.items()
        if outcome == "upheld" or (not outcome and ending not in ("draft", "withdrawn"))
    ]
    factories.referral_rule(minimum_members=1)
    assert proposals.candidates(case).facts.members == 1 + len(open_or_upheld)


@pytest.mark.parametrize(("ending", "outcome"), OUTCOME_OF.items())
def test_only_upheld_cases_can_be_referred(ending: str, outcome: str) -> None:
    rule = factories.referral_rule()
    case, moderator = case_with_ending(ending), factories.moderator()
    if outcome == "upheld":
        assert [p.rule for p in proposals.propose(case)] == [rule]
        assert referrals.refer(case=case, by=moderator, agency=rule.agency)
        return
    assert not proposals.propose(case)
    with pytest.raises(Conflict, match="Only upheld cases"):
        referrals.refer(case=case, by=moderator, agency=rule.agency)
    with pytest.raises(Conflict, match="Only upheld cases"):
        referrals.prepare(case=case, by=moderator, agency=rule.agency)
    if case.submitted_at:
        page = browser_of(moderator).get(f"/triage/{case.reference}/")
        assert "refer" not in page.context["forms"]
        assert not page.context["proposals"]


def test_referral_continues_after_reinstatement() -> None:
    case = factories.counter_noticed_case(answered=True)
    moderator = factories.moderator()
    referral = factories.accepted_referral(case=case, moderator=moderator)
    case = decisions.reinstate(case=case, by=moderator, facts="The invoices are in order.")
    case = decisions.close(case=case, by=moderator)
    kinds = list(Update.objects.order_by("sequence").values_list("kind", flat=True))
    assert kinds[-2:] == ["reinstated", "closed"]
    officer = agencies.officer_of(referral.agency)
    assert referrals.answer(referral=referral, by=officer, verb="investigate")
    operation = factories.reported_operation(Referral.objects.get(pk=referral.pk), officer=officer)
    assert operations.verify(operation=operation, by=factories.moderator())
    page = browser_of(moderator).get(f"/triage/{case.reference}/")
    assert [row["referral"] for row in page.context["referrals"]] == [referral]
    assert referrals.withdraw(referral=referral, by=moderator, note="The seller was right.")


# --- The database ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
def test_database_refuses_an_outcome_that_does_not_fit_the_status(status: Status) -> None:
    case = factories.CASE_IN[status]()
    rows = Case.objects.filter(pk=case.pk)
    for outcome in ("", *Outcome.values):
        if outcome in [o.value for o in OUTCOMES.get(status, ())] or outcome == case.outcome:
            continue
        with pytest.raises(IntegrityError, match="case_outcome_fits"), transaction.atomic():
            rows.update(outcome=outcome)
