"""The cases that a moderator has selected in the triage list, and the lists of bulk actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from alliance.lib import ids
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.bulk.jobs import MOST_CASES
from cases.lists.triage import CaseFilter, list_query, view_of
from cases.models import Case
from members.models import User

EVERY, PAGE, CHOSEN = "every", "page", "chosen"
# The cases on a page of the list.
_PER_PAGE = 50


@dataclass(frozen=True)
class Selection:
    """What a form of the list selects: cases of the page by reference, or all that match the list ``query``."""

    scope: str
    references: list[str]
    query: str

    @classmethod
    def of(cls, data: Any) -> Selection:
        """Return the selection in the untrusted form ``data``."""
        scope = data.get("scope", CHOSEN)
        given = data.get("page", "").split(",") if scope == PAGE else data.getlist("case")
        known = [one for one in given if ids.is_reference(one, "AP")]
        query = list_query(data.get("back", ""))
        return cls(scope, list(dict.fromkeys(known))[:_PER_PAGE], query)

    def cases(self, user: User) -> tuple[list[Case], bool]:
        """Return the selected cases in the order of the list, and whether more match than one action takes."""
        rows = visibility.submitted_cases(user)
        data = QueryDict(self.query)
        view = view_of(data)
        if self.scope != EVERY:
            rows = rows.filter(reference__in=self.references)
        else:
            narrowed: Any = CaseFilter(data, queryset=rows)
            if not narrowed.form.is_valid():
                return [], False  # an invalid filter does not narrow the list
            rows = view.select(narrowed.qs, user)
        found = list(rows.order_by(*view.order).only("pk", "version")[: MOST_CASES + 1])
        return found[:MOST_CASES], len(found) > MOST_CASES

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The selection as hidden fields."""
        chosen = [("case", reference) for reference in self.references]
        scope = EVERY if self.scope == EVERY else CHOSEN
        return [("scope", scope), ("back", self.query), *(chosen if scope == CHOSEN else [])]


def described(values: Mapping[str, Any], verb: Any) -> list[tuple[str, str]]:
    """Return the values of a stored action in words, or nothing if one is no longer in use."""
    try:
        pairs: list[tuple[str, str]] = verb.describe(verb.load(values))
    except (Refusal, LookupError, ValueError):
        return []
    return pairs
