"""Helpers of the triage tests: URLs, form data and the current state of a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from alliance.lib import clock
from cases.models import Case, ReasonCode
from tests import factories

FACTS = "The test purchase shows a forged label, see page 2."

# Every action on a case, with a status in which it is allowed.
ACTIONS = {
    "claim": "submitted",
    "release": "in_review",
    "comment": "submitted",
    "request_information": "in_review",
    "listings": "in_review",
    "uphold": "in_review",
    "reject": "in_review",
    "removed": "upheld",
    "counter_notice": "removed",
    "uphold_again": "counter_noticed",
    "reinstate": "counter_noticed",
    "close": "removed",
    "refer": "upheld",
    "withdraw_referral": "upheld",
}


def address(verb: str, case: Case) -> str:
    return reverse(f"triage:{verb}", args=[case.reference])


def page(case: Case) -> str:
    return reverse("triage:case", args=[case.reference])


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("sequence").values_list("kind", flat=True))


def reloaded(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def expire_claim(case: Case) -> None:
    """Let the claim on the case expire."""
    Case.objects.filter(pk=case.pk).update(lease_until=clock.now() - timedelta(minutes=1))


def outcomes(case: Case, outcome: str = "remove") -> dict[str, str]:
    return {f"outcome-{pk}": outcome for pk in case.listings.values_list("pk", flat=True)}


def uphold_data(case: Case, **changes: Any) -> dict[str, Any]:
    """Return complete data of the form to uphold."""
    return {
        "reason": factories.reason(ReasonCode.Use.UPHOLD).pk,
        "ground": "illegal_content",
        "facts": FACTS,
        "expected_version": case.version,
        "for": "uphold",
        **outcomes(case),
        **changes,
    }


def reject_data(case: Case, **changes: Any) -> dict[str, Any]:
    reason = factories.reason(ReasonCode.Use.REJECT).pk
    return {"reason": reason, "facts": FACTS, "expected_version": case.version, **changes}
