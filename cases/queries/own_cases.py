"""A case of a member, with everything that the page and the API show of it."""

from __future__ import annotations

from alliance.lib import ids
from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.queries import stated_identifiers


def find(cases: CaseQuerySet, reference: str) -> Case | None:
    """Return the case with its related rows, its decision in force and the identifiers that it states. One query."""
    reference = reference.upper()
    if not ids.is_reference(reference, "AP"):
        return None
    found = cases.filter(reference=reference).select_related(
        *("member", "brand", "right", "seller__marketplace", "created_by", "good_faith_by"),
        *("follows", "hidden_link", "planned__job"),
    )
    # Several rows in one column, so that they take no further query.
    return found.with_decision().annotate(stated=stated_identifiers.in_cases()).one_or_none()
