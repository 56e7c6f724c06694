"""Rejects complaints for one reason."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.bulk import loading
from cases.bulk.verb import BulkVerb, Values, claimed, decide, facts, undo_decision
from cases.models import BulkRow, ReasonCode
from cases.states import DecisionVerb
from members.models import User


def _load(values: Values) -> dict[str, Any]:
    return {"reason": loading.reason(values.get("reason")), "facts": values.get("facts", "")}


def _apply(*, row: BulkRow, by: User, reason: ReasonCode, facts: str) -> dict[str, Any]:
    case = claimed(row, by)
    version, verb = case.version, DecisionVerb.REJECT
    return decide(verb, case=case, by=by, reason=reason, facts=facts, expected_version=version)


VERB = BulkVerb(
    name="reject",
    label=_("Reject"),
    title=_("Reject cases"),
    icon="x-circle",
    load=_load,
    apply=_apply,
    describe=lambda values: facts(values["reason"], values["facts"]),
    undo=undo_decision,
    is_weighty=True,
)
