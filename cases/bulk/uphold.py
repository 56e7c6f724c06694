"""Upholds complaints, with all of their listings to be removed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.bulk import loading
from cases.bulk.verb import BulkVerb, Values, claimed, decide, facts, undo_decision
from cases.models import BulkRow, Decision, Listing, ReasonCode
from cases.states import DecisionVerb
from members.models import User


def _load(values: Values) -> dict[str, Any]:
    return {
        "reason": loading.reason(values.get("reason")),
        "ground": Decision.Ground(values["ground"]),
        "facts": values.get("facts", ""),
    }


def _apply(
    *, row: BulkRow, by: User, reason: ReasonCode, ground: str, facts: str
) -> dict[str, Any]:
    case = claimed(row, by)
    every = case.listings.values_list("pk", flat=True)
    return decide(
        DecisionVerb.UPHOLD,
        case=case,
        by=by,
        reason=reason,
        ground=ground,
        facts=facts,
        expected_version=case.version,
        outcomes=dict.fromkeys(every, Listing.Outcome.REMOVE),
    )


def _describe(values: dict[str, Any]) -> list[tuple[str, str]]:
    reason, text = facts(values["reason"], values["facts"])
    ground = (_("Ground"), str(Decision.Ground(values["ground"]).label))
    return [reason, ground, text, (_("Listings"), _("All are to be removed"))]


VERB = BulkVerb(
    name="uphold",
    label=gettext_lazy("Uphold"),
    title=gettext_lazy("Uphold cases"),
    icon="gavel",
    load=_load,
    apply=_apply,
    describe=_describe,
    undo=undo_decision,
    is_weighty=True,
)
