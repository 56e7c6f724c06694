"""Bulk actions: each row once, a result for each, an undo, and single decisions at the same time."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import OperationalError

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed
from cases.bulk import jobs, registry
from cases.models import BulkJob, BulkRow, Case, CaseEvent, Decision, HeldDecision, OutgoingMail
from cases.services import decisions, held, triage
from members.models import User
from tests import factories
from tests.concurrency import run_concurrently
from tests.factories.bulk import bulk_job


@pytest.fixture
def mo(db: None) -> User:
    return factories.moderator(name="Mo Moderator")


def states(job: BulkJob) -> list[str]:
    return list(job.rows.order_by("position").values_list("state", flat=True))


def copies(case: Case, count: int) -> list[Case]:
    """Return submitted cases like ``case``, without their listings: many at the cost of one."""
    rows = []
    for _ in range(count):
        row = Case.objects.get(pk=case.pk)
        row.pk, row._state.adding = None, True
        row.reference = Case._meta.get_field("reference").get_default()
        row.draft_token = Case._meta.get_field("draft_token").get_default()
        rows.append(row)
    return Case.objects.bulk_create(rows)


def test_fifty_cases_are_decided_of_which_three_cannot_be(mo: User) -> None:
    first = factories.submitted_case()
    cases = [first, *copies(first, 46)]
    min_ = factories.moderator(name="Min Moderator")
    taken, decided, own = (
        factories.claimed_case(moderator=min_),
        factories.rejected_case(),
        factories.submitted_case(),
    )
    factories.give_role(mo, own.member, "viewer").save()
    reason = factories.reason("reject")
    mails = OutgoingMail.objects.filter(kind="rejected")
    before = mails.count()
    job = bulk_job(
        by=mo,
        verb="reject",
        cases=[taken, *cases, decided, own],
        reason=reason.code,
        facts="The goods shown are genuine.",
    )
    # The preview names what cannot be done, and why, and has changed nothing.
    left_out = {row.case_id: row.message for row in job.rows.filter(state="impossible")}
    assert left_out[taken.pk] == "Min Moderator has already claimed this case."
    assert "“Rejected”" in left_out[decided.pk]
    assert "You have a role at" in left_out[own.pk]
    assert len(left_out) == 3
    assert job.state == "checked"
    assert not Case.objects.filter(pk__in=[c.pk for c in cases]).exclude(version=1).exists()
    assert mails.count() == before

    for _ in range(2):
        job = jobs.confirm(job=job, by=mo)
        assert job.state == "done"
        assert jobs.counts(job) == {"done": 47, "impossible": 3}
    assert Decision.objects.filter(decided_by=mo, reason=reason).count() == 47
    assert CaseEvent.objects.filter(case=first).count() == 3  # submitted, claimed, rejected
    assert mails.count() == before + 47
    with pytest.raises(Conflict):
        jobs.undo(job=job, by=mo)


def test_case_that_changes_between_preview_and_confirmation_is_refused(mo: User) -> None:
    changed, same = factories.submitted_case(), factories.submitted_case()
    reason = factories.reason("request")
    job = bulk_job(
        by=mo,
        verb="request_information",
        cases=[changed, same],
        reason=reason.code,
        note="Which label?",
    )
    triage.comment(case=changed, by=factories.moderator(name="Min"), note="Wait.")
    job = jobs.confirm(job=job, by=mo)
    assert states(job) == ["refused", "done"]
    row = job.rows.get(position=1)
    assert row.message == "The case has changed since (Min: Internal note)."
    with pytest.raises(NotAllowed):
        jobs.stop(job=job, by=factories.moderator())


@pytest.mark.parametrize("verb", list(registry.VERBS))
def test_every_verb_makes_the_single_step_and_is_undone_where_possible(mo: User, verb: str) -> None:
    min_ = factories.moderator(name="Min Moderator")
    agency = factories.agency()
    make: dict[str, Any] = {
        "release": lambda: factories.claimed_case(moderator=mo),
        "refer": factories.upheld_case,
    }
    facts = {"facts": "Forged.", "ground": "illegal_content"}
    values: dict[str, dict[str, Any]] = {
        "assign": {"to": min_.pk},
        "priority": {"priority": 4},
        "uphold": facts | {"reason": factories.reason("uphold").code},
        "reject": {"facts": "Genuine.", "reason": factories.reason("reject").code},
        "request_information": {"note": "Which?", "reason": factories.reason("request").code},
        "refer": {"agency": agency.pk, "note": "Please look."},
    }
    case = make.get(verb, factories.submitted_case)()
    fields = ("status", "assignee_id", "priority", "outcome")
    before = [getattr(case, name) for name in fields]
    job = bulk_job(by=mo, verb=verb, cases=[case], confirmed=True, **values.get(verb, {}))
    assert states(job) == ["done"], job.rows.get().message
    case.refresh_from_db()
    after = [getattr(case, name) for name in fields]
    assert (after != before) or case.referrals.filter(agency=agency).exists()
    assert registry.VERBS[verb].describe(registry.VERBS[verb].load(job.values)) is not None
    if registry.VERBS[verb].is_weighty:  # it has taken effect at once
        with pytest.raises(Conflict):
            jobs.undo(job=job, by=mo)
        return
    job = jobs.undo(job=job, by=mo)
    assert (job.state, states(job)) == ("undone", ["undone"])
    case.refresh_from_db()
    assert [getattr(case, name) for name in fields] == before


def test_decisions_are_held_and_undone_until_they_take_effect(mo: User, settings: Any) -> None:
    settings.DECISION_UNDO_SECONDS = 60
    one, two = factories.submitted_case(), factories.submitted_case()
    reason = factories.reason("reject")
    job = bulk_job(
        by=mo, verb="reject", cases=[one, two], confirmed=True, reason=reason.code, facts="Genuine."
    )
    assert states(job) == ["done", "done"]
    assert not OutgoingMail.objects.filter(kind="rejected").exists()
    HeldDecision.objects.filter(case=one).update(due_at=clock.now())
    held.perform_due(seconds=5)
    assert jobs.can_undo(job)
    job = jobs.undo(job=job, by=mo)
    assert states(job) == ["kept", "undone"]
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.status, two.status) == ("rejected", "in_review")
    assert "has taken effect" in job.rows.get(position=1).message
    held.perform_due(seconds=5)
    assert OutgoingMail.objects.filter(kind="rejected").count() == 1


def test_undo_keeps_cases_that_have_changed_since(mo: User) -> None:
    worked_on, same = factories.submitted_case(), factories.submitted_case()
    min_ = factories.moderator()
    job = bulk_job(by=mo, verb="assign", cases=[worked_on, same], confirmed=True, to=min_.pk)
    triage.comment(case=worked_on, by=min_, note="Looks forged.")
    job = jobs.undo(job=job, by=mo)
    assert states(job) == ["kept", "undone"]
    worked_on.refresh_from_db()
    assert worked_on.is_claimed_by(min_)


def test_large_action_is_left_to_workers_and_can_be_stopped(
    mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "IN_REQUEST", 1)
    first = factories.submitted_case()
    job = bulk_job(by=mo, cases=[first, *copies(first, 2)])
    assert (job.state, states(job)) == ("checking", ["unchecked"] * 3)
    with pytest.raises(Conflict):
        jobs.confirm(job=job, by=mo)
    jobs.run_due(seconds=60)
    job = jobs.confirm(job=BulkJob.objects.get(), by=mo)
    assert (job.state, states(job)) == ("running", ["ready"] * 3)
    jobs.run(job, until=time.monotonic())  # one row, as a worker whose time is over
    assert states(job) == ["done", "ready", "ready"]
    job = jobs.stop(job=job, by=mo)
    jobs.run_due(seconds=60)
    assert (job.state, states(job)) == ("stopped", ["done", "ready", "ready"])
    job = jobs.undo(job=job, by=mo)
    jobs.run_due(seconds=60)
    assert states(job) == ["undone", "ready", "ready"]


def test_row_that_fails_unexpectedly_is_refused_and_the_others_go_on(
    mo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = factories.submitted_case(), factories.submitted_case()
    job = bulk_job(by=mo, cases=[one, two])
    claim, calls = triage.claim, []

    def failing(*, case: Case, by: User) -> Case:
        calls.append(case.pk)
        if case.pk == one.pk:
            raise OperationalError if len(calls) == 1 else ValueError
        return claim(case=case, by=by)

    monkeypatch.setattr(triage, "claim", failing)
    job = jobs.confirm(job=job, by=mo)  # a lost lock or connection: nothing is lost
    assert (job.state, states(job)) == ("running", ["ready", "ready"])
    jobs.run_due(seconds=60)
    assert states(job) == ["refused", "done"]
    assert calls == [one.pk, one.pk, two.pk]


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_single_decisions_at_the_same_time() -> None:
    mo, min_ = factories.moderator(), factories.moderator()
    cases = [factories.submitted_case() for _ in range(4)]
    reason = factories.reason("reject")
    values = {"reason": reason.code, "facts": "Genuine."}
    job = jobs.create(by=mo, verb="reject", values=values, cases=cases)
    BulkJob.objects.filter(pk=job.pk).update(state="running", confirmed_at=job.created_at)
    job.refresh_from_db()

    def single() -> None:
        for case in reversed(cases):
            held = triage.claim(case=case, by=min_)
            decisions.reject(
                case=held, by=min_, reason=reason, facts="No.", expected_version=held.version
            )

    run_concurrently(lambda: jobs.run(job), lambda: jobs.run(job), single)
    job.refresh_from_db()
    assert job.state == "done"
    assert Decision.objects.count() == 4  # one for each case, whoever made it
    done = set(job.rows.filter(state="done").values_list("case", flat=True))
    assert done == set(Decision.objects.filter(decided_by=mo).values_list("case", flat=True))
    assert not BulkRow.objects.exclude(state__in=("done", "refused")).exists()
