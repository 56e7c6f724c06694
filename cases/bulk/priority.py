"""Sets the priority of cases."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.refusals import Conflict
from cases.bulk.verb import BulkVerb, Values, check_unchanged
from cases.models import BulkRow
from cases.services import core, triage
from cases.states import Priority
from members.models import User


def _load(values: Values) -> dict[str, Any]:
    return {"priority": Priority(values["priority"])}


def _apply(*, row: BulkRow, by: User, priority: Priority) -> dict[str, Any]:
    case = core.lock(row.case)
    before = case.priority
    if before == priority:
        raise Conflict(_("The case already has this priority."))
    triage.set_priority(case=case, by=by, priority=priority)
    return {"priority": before}


def _undo(*, row: BulkRow, by: User, priority: Priority) -> None:
    case = core.lock(row.case)
    check_unchanged(case, row.version_after or 0)
    triage.set_priority(case=case, by=by, priority=Priority(row.before["priority"]))


def _describe(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(_("Priority"), str(values["priority"].label))]


VERB = BulkVerb(
    name="priority",
    label=gettext_lazy("Set priority"),
    title=gettext_lazy("Set the priority of cases"),
    icon="flag",
    load=_load,
    apply=_apply,
    describe=_describe,
    undo=_undo,
)
