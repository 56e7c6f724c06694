"""A draft in one step: the complaint together with the seller and the listings, as programs send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from cases.models import Case
from cases.services import drafts, filing
from members.models import User

Values = Mapping[str, Any]


@transaction.atomic
def create(*, by: User, token: UUID, complaint: Values, listings: Values | None) -> Case:
    """Create a draft. ``complaint`` has the arguments of :func:`filing.start_draft`, and ``listings`` those of
    :func:`filing.set_listings`. Raises what these raise.
    """
    case = filing.start_draft(by=by, token=token, **complaint)
    return case if listings is None else filing.set_listings(case=case, by=by, **listings)


@transaction.atomic
def change(
    *, case: Case, by: User, seen: str, complaint: Values | None, listings: Values | None
) -> Case:
    """Change a draft that had the version ``seen`` (:func:`drafts.version`). The arguments are those of :func:`create`.

    What is ``None`` stays as it is. Raises :class:`drafts.DraftChanged` if the draft has been saved elsewhere since,
    and changes nothing; a call that would change nothing succeeds.
    """
    case = filing.lock_draft(case, by)
    before = drafts.version(case)
    if complaint is not None:
        case = filing.change_draft(case=case, by=by, **complaint)
    if listings is not None:
        case = filing.set_listings(case=case, by=by, **listings)
    drafts.check(case, before, drafts.version(case), {seen})
    return case
