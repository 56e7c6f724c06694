"""Saved views of the triage list: their cases, their filters in words, and the tabs above the list."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib import counts
from cases import visibility
from cases.lists import query
from cases.lists.triage import DEFAULT_VIEW, FIELDS, VIEWS, CaseFilter, View, view_of
from cases.models import ListLayout, SavedView
from cases.models.case import CaseQuerySet
from cases.models.saved_view import Column, Density
from members.models import User

# The saved views with a tab and a count. The others are on the page of saved views.
TABS = 6
CAP = 99
DEFAULT_COLUMNS = list(Column)
SECOND_REVIEW = "second-review"


def saved_query(text: str) -> str:
    """Return the parameters of a list URL that a saved view keeps, in a fixed order."""
    kept = QueryDict(query.only(text, ("view", *FIELDS)), mutable=True)
    if kept.get("view") == DEFAULT_VIEW.slug or kept.get("view") not in (None, *VIEWS):
        del kept["view"]
    return kept.urlencode()


def url_of(view: SavedView) -> str:
    """Return the URL of the list with the filters of ``view``."""
    return f"{reverse('triage:list')}?{_with_key(view)}"


def cases_of(view: SavedView, user: User) -> CaseQuerySet:
    """Return the cases that ``view`` shows to ``user``."""
    return _select(view, visibility.submitted_cases(user), user)


def in_words(view: SavedView) -> list[tuple[Any, Any]]:
    """Return the filters of ``view``: the label of each with its value in words."""
    data = QueryDict(view.query)
    form: Any = CaseFilter(data, queryset=visibility.submitted_cases(view.owner).none()).form
    words: list[tuple[Any, Any]] = [(_("View"), view_of(data).label)]
    for name in FIELDS:
        if value := data.get(name):
            named = dict(getattr(form.fields[name], "choices", []))
            words.append((form.fields[name].label, named.get(value, value)))
    return words


def tabs(
    narrowed: CaseFilter, cases: CaseQuerySet, user: User, current: View, saved: SavedView | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the tabs of the views, with URLs that keep the filter ``narrowed``, and those of saved views.

    The counts are one query. Views of decided cases have none, because counting them may read the whole table, and
    views with a search have none, because it makes queries of its own.
    """
    shown = [view for view in VIEWS.values() if user.is_moderator or view.slug != "mine"]
    views = _tabbed(user, saved)
    numbers: dict[Any, counts.Number] = {
        view.slug: counts.capped(view.select(cases, user)) for view in shown if view.counted
    }
    numbers[SECOND_REVIEW] = counts.capped(visibility.held_decisions(user).awaiting_second())
    numbers |= {
        str(view.pk): counts.capped(_select(view, cases, user, like=narrowed), CAP)
        for view in views
        if _is_counted(view)
    }
    named = {f"count_{at}": number for at, number in enumerate(numbers.values())}
    row = User.objects.filter(pk=user.pk).annotate(**named).values_list(*named).first() or ()
    totals = dict(zip(numbers, row, strict=True))
    shown_tabs = [_tab_of(narrowed.data, view, current, saved, totals) for view in shown]
    shown_tabs.insert(2, _second_review(totals))
    saved_tabs = [
        {
            "label": view.name,
            "url": f"?{_with_key(view)}",
            "active": saved is not None and saved.pk == view.pk,
            "count": counts.words(totals[str(view.pk)], CAP) if str(view.pk) in totals else None,
        }
        for view in views
    ]
    return shown_tabs, saved_tabs


def layout_of(user: User) -> ListLayout:
    """Return the columns and the density that ``user`` has chosen, or the default."""
    chosen = ListLayout.objects.filter(user=user).first()
    return chosen or ListLayout(user=user, columns=DEFAULT_COLUMNS, density=Density.COMPACT)


def _tab_of(
    data: QueryDict, view: View, current: View, saved: SavedView | None, totals: dict[Any, Any]
) -> dict[str, Any]:
    # The filters of a saved view belong to its tab only.
    kept = QueryDict(mutable=True) if saved else data.copy()
    for name in ("cursor", "decided", "view", "saved"):
        kept.pop(name, None)
    if view is not DEFAULT_VIEW:
        kept["view"] = view.slug
    return {
        "label": view.label,
        "url": f"?{kept.urlencode()}",
        "active": view is current and saved is None,
        "count": counts.words(totals[view.slug]) if view.counted else None,
    }


def _second_review(totals: dict[Any, Any]) -> dict[str, Any]:
    return {
        "label": _("Second review"),
        "url": reverse("triage:second_review"),
        "active": False,
        "count": counts.words(totals[SECOND_REVIEW]) if totals else None,
    }


def _tabbed(user: User, saved: SavedView | None) -> list[SavedView]:
    views = list(visibility.saved_views(user).order_by("position", "name", "id")[:TABS])
    if saved is not None and saved not in views:
        views = [*views[: TABS - 1], saved]
    return views


def _select(
    view: SavedView, cases: CaseQuerySet, user: User, *, like: CaseFilter | None = None
) -> CaseQuerySet:
    data = QueryDict(view.query)
    narrowed: Any = CaseFilter(data, queryset=cases, like=like)
    if not narrowed.form.is_valid():
        return cases.none()  # for example, its marketplace was deleted: not all cases instead
    return view_of(data).select(narrowed.qs, user)


def _is_counted(view: SavedView) -> bool:
    data = QueryDict(view.query)
    return view_of(data).counted and "q" not in data


def _with_key(view: SavedView) -> str:
    given = QueryDict(view.query, mutable=True)
    given["saved"] = str(view.pk)
    return given.urlencode()
