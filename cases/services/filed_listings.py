"""Removal of listings from a draft that an open case of the brand already has."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib.refusals import NotAllowed
from cases.models import Case
from cases.permissions import may_file_for_member
from cases.queries import filed_already
from cases.services import core
from cases.states import Status
from members.models import User


@transaction.atomic
def remove_filed(*, case: Case, by: User) -> int:
    """Remove the listings of a draft that are already filed; return how many were removed.

    Raises :class:`NotAllowed` without the role, and :class:`Conflict` if the case is not a draft.
    """
    case = core.lock(case)
    if not may_file_for_member(by, case):
        raise NotAllowed(_("Your role does not allow this."))
    if case.status != Status.DRAFT:
        raise core.wrong_status(case)
    keys = [listing.key for listing in filed_already.of_draft(case)]
    case.listings.filter(canonical_key__in=keys).delete()
    if keys:
        core.touch(case)
    return len(keys)
