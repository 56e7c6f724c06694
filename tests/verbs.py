"""The transitions of cases for tests: a case in each status, the call of each service, and the rows that they write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from alliance.lib import clock
from cases.liaison.models import Channel
from cases.models import Case, Decision, ReasonCode
from cases.services import decisions, evidence, filing, reopening, triage
from cases.states import Status
from members.models import User
from tests import factories
from tests.database import rows
from tests.personas import Personas


def call(verb: str, case: Case, by: User, *, version: int | None = None) -> Case:
    """Call the service of ``verb`` with complete arguments, at the current version by default."""
    if version is None:
        version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    calls: dict[str, Callable[[], Case]] = {
        "submit": lambda: filing.submit(case=case, by=by, good_faith=True),
        "answer": lambda: filing.answer(case=case, by=by, note="Here is the label."),
        "withdraw": lambda: filing.withdraw(case=case, by=by, note="Settled."),
        "claim": lambda: triage.claim(case=case, by=by),
        "release": lambda: triage.release(case=case, by=by),
        "request_information": lambda: triage.request_information(
            case=case, by=by, reason=reason_for("request"), note="Which seller?"
        ),
        "uphold": lambda: decisions.uphold(
            case=case,
            by=by,
            reason=reason_for("uphold"),
            ground=Decision.Ground.ILLEGAL_CONTENT,
            facts="The test purchase shows a forged label.",
            expected_version=version,
        ),
        "reject": lambda: decisions.reject(
            case=case,
            by=by,
            reason=reason_for("reject"),
            facts="The goods shown are genuine.",
            expected_version=version,
        ),
        "reject_unanswered": lambda: decisions.reject_unanswered(
            case=case,
            by=by,
            reason=reason_for("reject"),
            facts="The member did not answer.",
            expected_version=version,
        ),
        "reopen": lambda: reopening.reopen(
            case=case, by=by, note="The maker's statement has arrived."
        ),
        "record_removal": lambda: decisions.record_removal(case=case, by=by),
        "record_counter_notice": lambda: decisions.record_counter_notice(
            case=case, by=by, statement="I bought them from the maker."
        ),
        "uphold_again": lambda: decisions.uphold_again(case=case, by=by, facts="No invoice."),
        "reinstate": lambda: decisions.reinstate(
            case=case, by=by, facts="The invoices of the maker are in order."
        ),
        "close": lambda: decisions.close(case=case, by=by),
    }
    return calls[verb]()


def reason_for(use: str) -> ReasonCode:
    return ReasonCode.objects.filter(use=use).first() or factories.reason(use)


# All rows that services may write about a case.
_REFERRED = "SELECT id FROM liaison_referral WHERE case_id = %(key)s"
_UPDATES = f"SELECT id FROM liaison_update WHERE case_id = %(key)s OR referral_id IN ({_REFERRED})"
_REFERENCE = "SELECT reference FROM cases_case WHERE id = %(key)s"
WRITTEN = {
    "cases_case": "id = %(key)s",
    "cases_custodyentry": f"case_reference IN ({_REFERENCE})",
    "liaison_update": f"id IN ({_UPDATES})",
    "liaison_delivery": f"update_id IN ({_UPDATES})",
} | dict.fromkeys(
    (
        "cases_listing",
        "cases_caseevent",
        "cases_decision",
        "cases_counternotice",
        "cases_evidence",
        "cases_strike",
        "cases_outgoingmail",
        "liaison_referral",
    ),
    "case_id = %(key)s",
)


def everything(case: Case) -> dict[str, list[dict[str, Any]]]:
    """Return all rows that services may write about a case, for comparison."""
    return rows(WRITTEN, case.pk)


def case_in(status: str, cast: Personas) -> Case:
    """Return a case in ``status``, filed by the filer, decided by the moderator, and referred.

    Its member has a webhook, has added late evidence to a rejected case, and has missed the deadline of a request.
    """
    if not Channel.objects.filter(member=cast.member).exists():
        factories.member_webhook("https://hooks.example/", cast.member)
    arguments: dict[str, Any] = {"by": cast.filer, "citing": cast.right}
    if status not in (Status.DRAFT, Status.SUBMITTED, Status.WITHDRAWN):
        arguments["moderator"] = cast.moderator
    if status == Status.IN_REVIEW:
        return factories.ready_case(**arguments)
    if status == Status.COUNTER_NOTICED:
        arguments["answered"] = True
    if status == Status.REINSTATED:
        arguments["second"] = cast.second_moderator
    case = factories.CASE_IN[status](**arguments)
    if case.is_upheld:
        factories.referred_case(cast.agency, case=case, moderator=cast.moderator)
    if status == Status.REJECTED:
        evidence.add(case=case, by=cast.filer, upload=factories.png(), kind="document")
    if status == Status.INFORMATION_REQUESTED:
        late = clock.now() - timedelta(hours=1)
        Case.objects.filter(pk=case.pk).update(answer_due_at=late)
    return Case.objects.get(pk=case.pk)
