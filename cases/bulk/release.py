"""Releases cases to the queue."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.refusals import Conflict
from cases.bulk.verb import BulkVerb, check_unchanged, nothing, plain
from cases.models import BulkRow
from cases.services import core, triage
from cases.states import Status
from members.models import User


def _apply(*, row: BulkRow, by: User) -> dict[str, Any]:
    case = core.lock(row.case)
    if case.status == Status.SUBMITTED:
        # The single verb accepts it, but the undo of this row would claim a case that nobody had.
        raise Conflict(_("The case is not claimed."))
    triage.release(case=case, by=by)
    return {}


def _undo(*, row: BulkRow, by: User) -> None:
    case = core.lock(row.case)
    check_unchanged(case, row.version_after or 0)
    triage.claim(case=case, by=by)


VERB = BulkVerb(
    name="release",
    label=gettext_lazy("Release"),
    title=gettext_lazy("Release cases"),
    icon="undo",
    load=nothing,
    apply=_apply,
    describe=plain,
    undo=_undo,
)
