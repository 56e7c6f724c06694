"""Requests the same information from the members of cases."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.bulk import loading
from cases.bulk.verb import BulkVerb, Values, claimed, decide, undo_decision
from cases.models import BulkRow, ReasonCode
from cases.states import DecisionVerb
from members.models import User


def _load(values: Values) -> dict[str, Any]:
    return {"reason": loading.reason(values.get("reason")), "note": values.get("note", "")}


def _apply(*, row: BulkRow, by: User, reason: ReasonCode, note: str) -> dict[str, Any]:
    verb = DecisionVerb.REQUEST_INFORMATION
    return decide(verb, case=claimed(row, by), by=by, reason=reason, note=note)


def _describe(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(_("Reason"), str(values["reason"])), (_("Missing information"), values["note"])]


VERB = BulkVerb(
    name="request_information",
    label=gettext_lazy("Request information"),
    title=gettext_lazy("Request information on cases"),
    icon="question",
    load=_load,
    apply=_apply,
    describe=_describe,
    undo=undo_decision,
    is_weighty=True,
)
