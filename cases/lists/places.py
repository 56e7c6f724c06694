"""The place of a case in the view and filter of the list that a reader came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Subquery
from django.http import QueryDict

from alliance.lib import counts, keyset
from cases.lists.triage import CaseFilter, view_of
from cases.models import Case
from cases.models.case import CaseQuerySet
from members.models import User

# Positions and sizes above this are shown as "99+".
CAP = 99


@dataclass(frozen=True)
class Place:
    """References of the neighbours in the list, or ``""``; the position and size as text, empty outside the list."""

    previous: str
    next: str
    position: str
    size: str


def place_of(case: Case, back: str, *, cases: CaseQuerySet, user: User) -> Place | None:
    """Return the place of ``case`` in the list with the query string ``back``, with one query.

    A case that has left the list, for example because it was claimed, still has neighbours. Returns ``None`` if the
    case has no value to order it by.
    """
    data = QueryDict(back)
    view = view_of(data)
    rows = view.select(CaseFilter(data, queryset=cases).qs, user)
    backwards = keyset.reversed_order(view.order)
    after, before = keyset.beyond(view.order, case), keyset.beyond(backwards, case)
    if after is None or before is None:
        return None
    following, preceding = rows.filter(after), rows.filter(before)
    found: Any = (
        User.objects.filter(pk=user.pk)
        .values_list(
            _first(preceding.order_by(*backwards)),
            _first(following.order_by(*view.order)),
            Exists(rows.filter(pk=case.pk)),
            counts.Number(preceding.order_by().values("pk")[:CAP]),
            counts.Number(rows.order_by().values("pk")[: CAP + 1]),
        )
        .first()
    )
    previous, following_one, is_listed, earlier, size = found or ("", "", False, 0, 0)
    listed = is_listed and earlier < CAP
    return Place(
        previous=previous or "",
        next=following_one or "",
        position=counts.words(earlier + 1) if listed else "",
        size=counts.words(size, CAP) if listed else "",
    )


def _first(rows: CaseQuerySet) -> Subquery:
    return Subquery(rows.values("reference")[:1])
