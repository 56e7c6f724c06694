"""Claims cases."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.bulk.verb import BulkVerb, check_unchanged, nothing, plain
from cases.models import BulkRow
from cases.services import core, triage
from members.models import User


def _apply(*, row: BulkRow, by: User) -> dict[str, Any]:
    triage.claim(case=row.case, by=by)
    return {}


def _undo(*, row: BulkRow, by: User) -> None:
    case = core.lock(row.case)
    check_unchanged(case, row.version_after or 0)
    triage.release(case=case, by=by)


VERB = BulkVerb(
    name="claim",
    label=_("Claim"),
    title=_("Claim cases"),
    icon="person",
    load=nothing,
    apply=_apply,
    describe=plain,
    undo=_undo,
)
