"""Assigns cases to a colleague."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.refusals import Conflict
from cases.bulk import loading
from cases.bulk.verb import BulkVerb, Values
from cases.models import BulkRow
from cases.services import assignments, core
from members.models import User


def _load(values: Values) -> dict[str, Any]:
    return {"to": loading.colleague(values.get("to"))}


def _apply(*, row: BulkRow, by: User, to: User) -> dict[str, Any]:
    case = core.lock(row.case)
    if case.is_claimed_by(to):
        raise Conflict(_("%(name)s has already claimed this case.") % {"name": to.name})
    claimed = case.is_claimed_by(by)
    assignments.assign(case=case, by=by, to=to)
    return {"claimed": claimed}


def _undo(*, row: BulkRow, by: User, to: User) -> None:
    assignments.take_back(
        case=row.case,
        by=by,
        expected_version=row.version_after or 0,
        claimed=bool(row.before.get("claimed")),
    )


def _describe(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [(_("Assigned to"), values["to"].name)]


VERB = BulkVerb(
    name="assign",
    label=gettext_lazy("Assign"),
    title=gettext_lazy("Assign cases"),
    icon="people",
    load=_load,
    apply=_apply,
    describe=_describe,
    undo=_undo,
)
