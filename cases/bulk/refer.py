"""Refers upheld cases to one agency."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.bulk import loading
from cases.bulk.verb import BulkVerb, Values, check_unchanged, decide, undo_decision
from cases.liaison.models import Agency
from cases.models import BulkRow
from cases.services import core
from cases.services import referral as referrals
from cases.states import DecisionVerb
from members.models import User


def _load(values: Values) -> dict[str, Any]:
    return {"agency": loading.agency(values.get("agency")), "note": values.get("note", "")}


def _apply(*, row: BulkRow, by: User, agency: Agency, note: str) -> dict[str, Any]:
    case = core.lock(row.case)
    check_unchanged(case, row.expected_version)
    # Refuses what the single verb accepts as a repetition: a case that the agency already has.
    referrals.prepare(case=case, by=by, agency=agency, note=note)
    return decide(DecisionVerb.REFER, case=case, by=by, agency=agency, note=note)


def _describe(values: dict[str, Any]) -> list[tuple[str, str]]:
    described = [(_("Agency"), values["agency"].shown_name)]
    return [*described, (_("Note to the agency"), values["note"])] if values["note"] else described


VERB = BulkVerb(
    name="refer",
    label=gettext_lazy("Refer to law enforcement"),
    title=gettext_lazy("Refer cases to an agency"),
    icon="shield",
    load=_load,
    apply=_apply,
    describe=_describe,
    undo=undo_decision,
    is_weighty=True,
)
