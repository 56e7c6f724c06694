"""Factories of held decisions and review rules."""

from __future__ import annotations

from typing import Any

from django.test import override_settings

from cases.models import Case, HeldDecision, ReasonCode, ReviewRule
from cases.services import held
from cases.states import DecisionVerb
from members.models import User
from tests.factories import cases, people
from tests.factories.numbers import number
from tests.factories.sellers import reason

# Long enough that no decision of a test takes effect by itself.
UNDO_SECONDS = 600


def review_rule(**fields: Any) -> ReviewRule:
    """An active rule, without conditions by default."""
    return ReviewRule.objects.create(**{"name": f"Rule {number()}"} | fields)


def uphold_values(case: Case, **changes: Any) -> dict[str, Any]:
    """The arguments of a decision to uphold ``case``, as the form has them."""
    return {
        "reason": reason(ReasonCode.Use.UPHOLD),
        "ground": "illegal_content",
        "facts": "The test purchase shows a forged label.",
        "expected_version": case.version,
        "outcomes": {},
        "left_up_reason": None,
        **changes,
    }


def held_decision(
    *,
    case: Case | None = None,
    moderator: User | None = None,
    verb: str = "uphold",
    values: dict[str, Any] | None = None,
    seconds: int = UNDO_SECONDS,
    **draft: Any,
) -> HeldDecision:
    """A decision of ``moderator`` that can be undone for ``seconds``, to uphold a case by default."""
    case = case or cases.ready_case(moderator=moderator, **draft)
    by = moderator or case.assignee or people.moderator()
    if values is None:
        values = uphold_values(case)
    with override_settings(DECISION_UNDO_SECONDS=seconds):
        row = held.hold(case=case, verb=DecisionVerb(verb), by=by, values=values)
    assert row is not None
    return row


def reviewed_decision(**arguments: Any) -> HeldDecision:
    """A decision that waits for a second moderator, with a rule that applies to every decision to uphold."""
    if not ReviewRule.objects.exists():
        review_rule(verbs=["uphold"], hours=8)
    return held_decision(**arguments)
