"""Held decisions on several real connections: one thing happens, once, and nobody waits for a deadlock."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from alliance.lib import clock
from alliance.lib.refusals import Conflict
from cases.models import Case, HeldDecision
from cases.services import filing, held
from cases.states import DecisionVerb
from members.models import User
from tests import factories
from tests.concurrency import run_concurrently
from tests.processes import wait_for, worker

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(3)


def refused(results: list[Any]) -> list[Conflict]:
    return [result for result in results if isinstance(result, Conflict)]


def due(row: HeldDecision) -> HeldDecision:
    """Let the decision be due now."""
    HeldDecision.objects.filter(pk=row.pk).update(due_at=clock.now())
    return row


def perform() -> None:
    held.perform_due(seconds=5)


def test_two_workers_carry_a_decision_out_once(mo: User) -> None:
    for _round in ROUNDS:
        row = due(factories.held_decision(moderator=mo))
        assert run_concurrently(perform, perform, perform) == [None] * 3
        row.refresh_from_db()
        kinds = list(row.case.events.values_list("kind", flat=True))
        assert (row.state, kinds.count("upheld"), kinds.count("strike_issued")) == ("done", 1, 1)


def test_undo_beside_a_worker(mo: User) -> None:
    """Either the decision is undone and nothing happened, or it took effect and the moderator is told."""
    for _round in ROUNDS:
        row = due(factories.held_decision(moderator=mo))
        results = run_concurrently(lambda: held.undo(held=row, by=mo), perform)  # noqa: B023
        row.refresh_from_db()
        done = row.state == "done"
        assert row.state in ("done", "undone")
        assert len(refused(results)) == done
        case = Case.objects.get(pk=row.case_id)
        assert case.status == ("upheld" if done else "in_review")
        assert case.events.filter(kind="upheld").count() == done


def test_withdrawal_beside_a_worker(mo: User) -> None:
    for _round in ROUNDS:
        row = due(factories.held_decision(moderator=mo))
        case = row.case
        results = run_concurrently(
            lambda: filing.withdraw(case=case, by=case.created_by),  # noqa: B023
            perform,
        )
        row.refresh_from_db()
        case.refresh_from_db()
        done = row.state == "done"
        assert (case.status, len(refused(results))) == (("upheld", 1) if done else ("withdrawn", 0))
        assert done or case.created_by.name in row.message


def test_two_confirmations_and_two_decisions_at_once(mo: User, min_: User) -> None:
    third = factories.moderator(name="Tess Third")
    for _round in ROUNDS:
        row = factories.reviewed_decision(moderator=mo)
        results = run_concurrently(
            lambda: held.confirm(held=row, by=min_),  # noqa: B023
            lambda: held.confirm(held=row, by=third),  # noqa: B023
        )
        assert [str(one) for one in refused(results)] in (
            ["Min Moderator has already confirmed this decision."],
            ["Tess Third has already confirmed this decision."],
        )
        row.refresh_from_db()
        assert row.second_by in (min_, third)
        # Sending back beside confirming is the same race.
        other = factories.reviewed_decision(moderator=mo)
        results = run_concurrently(
            lambda: held.confirm(held=other, by=min_),  # noqa: B023
            lambda: held.send_back(held=other, by=third, reason="The seal."),  # noqa: B023
        )
        assert len(refused(results)) == 1
    case = factories.removed_case(moderator=mo)
    results = run_concurrently(
        *[
            lambda by=by: held.hold(case=case, verb=DecisionVerb.CLOSE, by=by, values={})
            for by in (mo, min_)
        ]
    )
    assert len(refused(results)) == 1
    assert HeldDecision.objects.open().filter(case=case).count() == 1


def test_decision_beside_withdrawal_never_deadlocks(mo: User, monkeypatch: Any) -> None:
    """The worker has the row's lease while the member has the case's lock."""
    row = due(factories.held_decision(moderator=mo))
    real, claimed = held._perform_claimed, threading.Event()

    def perform_claimed(one: HeldDecision) -> None:
        claimed.set()
        real(one)

    monkeypatch.setattr(held, "_perform_claimed", perform_claimed)

    def withdraw() -> Case:
        assert claimed.wait(timeout=10)
        return filing.withdraw(case=row.case, by=row.case.created_by)

    run_concurrently(perform, withdraw)
    row.refresh_from_db()
    assert row.state in ("done", "refused")


@pytest.mark.worker
@pytest.mark.slow
def test_sweeper_of_a_real_worker_carries_decisions_out(mo: User, tmp_path: Path) -> None:
    soon = factories.held_decision(moderator=mo, seconds=2)
    later = factories.held_decision(moderator=mo)
    with worker(tmp_path / "worker.log"):
        wait_for(
            lambda: HeldDecision.objects.get(pk=soon.pk).state == "done",
            seconds=20,
            what="decision carried out",
        )
    assert Case.objects.get(pk=soon.case_id).status == "upheld"
    assert HeldDecision.objects.get(pk=later.pk).state == "waiting"
