"""Bulk actions: choose the values, see a preview, confirm, follow the progress, undo."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from alliance.lib import csv_files
from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.bulk import jobs
from cases.bulk.registry import VERBS
from cases.bulk.verb import BulkVerb
from cases.forms.bulk import FORMS, BulkChoices
from cases.lists.bulk import Selection, described
from cases.models import BulkJob, BulkRow
from cases.views.http import get_or_post, require_permission
from members.models import User
from members.views.http import restored_data

State = BulkRow.State
# The results that the tabs of a bulk action show, in this order.
_RESULTS = (
    State.READY,
    State.IMPOSSIBLE,
    State.DONE,
    State.REFUSED,
    State.UNDONE,
    State.KEPT,
)


@get_or_post
def new(request: HttpRequest, verb: str) -> HttpResponse:
    """Choose the values of a verb for the selected cases. A POST checks the cases and shows the preview."""
    user = require_permission(request, "cases.triage")
    found = VERBS.get(verb)
    if found is None:
        raise Http404
    restored = None if request.method == "POST" else restored_data(request)
    selection = Selection.of(
        restored or (request.POST if request.method == "POST" else request.GET)
    )
    cases, was_capped = selection.cases(user)
    if not cases:
        messages.error(request, _("Select at least one case."))
        return _to_list(selection.query)
    form, status = _form(found, restored), 200
    if request.method == "POST":
        form, status = FORMS[verb](request.POST, choices=BulkChoices()), 422
        if form.is_valid():
            try:
                job = jobs.create(
                    by=user,
                    verb=verb,
                    values=form.values(),
                    cases=cases,
                    back=selection.query,
                    was_capped=was_capped,
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.http_status
            else:
                return redirect("triage:bulk_job", job.pk)
    context = {
        "verb": found,
        "form": form,
        "count": len(cases),
        "most": jobs.MOST_CASES,
        "was_capped": was_capped,
        "selection": selection,
        "breadcrumbs": [*_breadcrumbs(selection.query), {"label": found.title}],
    }
    return render(request, "triage/bulk/new.html", context, status=status)


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """Show the user's bulk actions, the latest first."""
    user = require_permission(request, "cases.triage")
    page: Any = paginate(
        visibility.bulk_jobs(user),
        order=("-created_at", "-id"),
        cursor=request.GET.get("cursor"),
    )
    for row in page.rows:
        row.title = _title(row)
    context = {"page": page, "breadcrumbs": [*_breadcrumbs(""), {"label": _("Bulk actions")}]}
    return render(request, "triage/bulk/list.html", context)


@require_safe
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the preview, the progress or the results of a bulk action."""
    found = _job(request, pk)
    htmx = bool(request.htmx)  # type: ignore[attr-defined]
    if htmx and not found.is_active:
        # The check or the action has ended: the whole page changes.
        return HttpResponseClientRefresh()
    counts = jobs.counts(found)
    context: dict[str, Any] = {"job": found, "done": _done(found, counts)}
    if htmx:
        return render(request, "triage/bulk/_live.html", context)
    result = request.GET.get("result", "")
    result = result if result in State.values else ""
    rows = found.rows.select_related("case__brand", "case__seller")
    rows = rows.filter(state=result) if result else rows
    page = paginate(rows, order=("position",), cursor=request.GET.get("cursor"))
    verb = VERBS.get(found.verb)
    context |= {
        "verb": verb,
        "title": _title(found),
        "values": described(found.values, verb) if verb else [],
        "ready": counts[State.READY],
        "impossible": counts[State.IMPOSSIBLE],
        "page": page,
        "tabs": _tabs(found, counts, result),
        "can_undo": jobs.can_undo(found) and counts[State.DONE],
        "is_held": verb is not None and verb.is_weighty,
        "list_url": f"{reverse('triage:list')}?{found.back}",
        "breadcrumbs": [*_breadcrumbs(found.back), {"label": _title(found)}],
    }
    return render(request, "triage/bulk/job.html", context)


@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Apply the verb to the cases for which it is possible."""
    return _change(request, pk, jobs.confirm)


@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a running action."""
    return _change(request, pk, jobs.stop)


@require_POST
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo an action where the cases have not changed since."""
    return _change(request, pk, jobs.undo)


@require_safe
def results(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Return the result of each case as a CSV file."""
    found = _job(request, pk)
    labels = {state.value: str(state.label) for state in State}
    names = ("position", "case__reference", "state", "message")
    rows = (
        (at, reference, labels[state], message)
        for at, reference, state, message in found.rows.values_list(*names)
    )
    header = (_("Number"), _("Case"), _("Result"), _("Explanation"))
    return csv_files.response(rows, header=header, name=f"bulk-{found.created_at:%Y-%m-%d}.csv")


def _change(request: HttpRequest, pk: UUID, service: Any) -> HttpResponse:
    found = _job(request, pk)
    try:
        service(job=found, by=found.person)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("triage:bulk_job", pk)


def _job(request: HttpRequest, pk: UUID) -> BulkJob:
    """Return the user's own bulk action. Raises ``Http404`` for those of others."""
    user: User = require_permission(request, "cases.triage")
    return get_object_or_404(visibility.bulk_jobs(user).select_related("person"), pk=pk)


def _form(verb: BulkVerb, restored: Any) -> Any:
    form, choices = FORMS[verb.name], BulkChoices()
    return form.restored(restored, choices) if restored else form(choices=choices)


def _done(found: BulkJob, counts: Counter[str]) -> int:
    """Return how many rows the current phase has done."""
    if found.state == BulkJob.State.CHECKING:
        return found.row_count - counts[State.UNCHECKED]
    if found.state == BulkJob.State.UNDOING:
        return counts[State.UNDONE] + counts[State.KEPT]
    return counts[State.DONE] + counts[State.REFUSED]


def _tabs(found: BulkJob, counts: Counter[str], result: str) -> list[dict[str, Any]]:
    tabs = [{"label": _("All"), "url": "?", "active": not result, "count": found.row_count}]
    for state in _RESULTS:
        if counts[state]:
            url = f"?result={state.value}"
            tab = {"label": state.label, "url": url, "active": result == state}
            tabs.append(tab | {"count": counts[state]})
    return tabs


def _title(found: BulkJob) -> Any:
    verb = VERBS.get(found.verb)
    return verb.title if verb else found.verb


def _to_list(query: str) -> HttpResponse:
    return redirect(f"{reverse('triage:list')}?{query}")


def _breadcrumbs(query: str) -> list[dict[str, Any]]:
    return [{"label": _("Triage"), "url": f"{reverse('triage:list')}?{query}"}]
