"""Views in which moderators verify or retract operations that agencies reported."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from alliance.lib import counts
from alliance.lib.forms import LongTextForm
from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.liaison.models import Operation
from cases.models import Case
from cases.services import operations
from cases.states import OperationStatus
from cases.views.http import get_or_post, require_permission
from members.models import User
from members.views.http import restored_data

# The tabs of the list, by the value of ``status`` in the URL. The first one is the default.
TABS = {
    "reported": gettext_lazy("To verify"),
    "verified": gettext_lazy("Verified"),
    "retracted": gettext_lazy("Retracted"),
    "all": gettext_lazy("All"),
}
ORDER = ("-held_on", "-id")


class RetractionForm(LongTextForm):
    """Retracts an operation, with the reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for the retraction"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "characters", "data-max": 2000}),
        help_text=gettext_lazy("Sent to the agency. The published figures are updated."),
    )


@require_safe
def operation_list(request: HttpRequest) -> HttpResponse:
    """List the operations of a status, by default those to verify."""
    user = require_permission(request, "cases.read_triage")
    requested = request.GET.get("status", "")
    tab = requested if requested in TABS else "reported"
    everything = visibility.operations(user)
    rows = everything if tab == "all" else everything.filter(status=tab)
    in_cases = Case.objects.filter(operations=OuterRef("pk")).order_by().values("pk")
    rows = rows.select_related("agency").annotate(case_count=counts.Number(in_cases))
    waiting = counts.count(everything.filter(status=OperationStatus.REPORTED))
    context = {
        "page": paginate(rows, order=ORDER, cursor=request.GET.get("cursor")),
        "tab": tab,
        "tabs": [
            {
                "label": label,
                "url": f"?status={slug}" if slug != "reported" else "?",
                "active": slug == tab,
                "count": counts.words(waiting) if slug == "reported" else None,
            }
            for slug, label in TABS.items()
        ],
    }
    return render(request, "triage/operations.html", context)


@require_safe
def operation(request: HttpRequest, reference: str) -> HttpResponse:
    """Show an operation with its cases and the actions of the user."""
    user = require_permission(request, "cases.read_triage")
    return _page(request, _get(user, reference), RetractionForm(auto_id="retract-%s"))


@get_or_post
def verify(request: HttpRequest, reference: str) -> HttpResponse:
    """Verify an operation. The user must not have referred its cases or reported it."""
    user = require_permission(request, "cases.triage")
    found = _get(user, reference)
    if request.method != "POST":
        return redirect("triage:operation", found.reference)
    try:
        operations.verify(operation=found, by=user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        form = RetractionForm(auto_id="retract-%s")
        return _page(request, _get(user, reference), form, refusal.http_status)
    message = _("%(reference)s was verified. Its figures are published within a minute.")
    messages.success(request, message % {"reference": found.reference})
    return redirect("triage:operation", found.reference)


@get_or_post
def retract(request: HttpRequest, reference: str) -> HttpResponse:
    """Retract an operation, with the reason."""
    user = require_permission(request, "cases.triage")
    found = _get(user, reference)
    if request.method != "POST":
        return _back_from_login(request, found)
    form, status = RetractionForm(request.POST, auto_id="retract-%s"), 422
    if form.is_valid():
        try:
            operations.retract(operation=found, by=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
        else:
            message = _("%(reference)s was retracted and no longer counts.")
            messages.success(request, message % {"reference": found.reference})
            return redirect("triage:operation", found.reference)
    return _page(request, _get(user, reference), form, status)


def _get(user: User, reference: str) -> Operation:
    found = visibility.operations(user).select_related("agency", "reported_by", "verified_by")
    operation = found.filter(reference=reference).first()
    if operation is None:
        raise Http404
    return operation


def _page(
    request: HttpRequest, operation: Operation, form: forms.Form, status: int = 200
) -> HttpResponse:
    may_act = request.user.has_perm("cases.triage")
    is_reported = operation.status == OperationStatus.REPORTED
    may_verify = is_reported and request.user.has_perm("liaison.verify_operation", operation)
    may_retract = request.user.has_perm("liaison.retract_operation", operation)
    context: dict[str, Any] = {
        "operation": operation,
        "cases": operation.cases.select_related("brand", "member", "seller").order_by("-pk")[:200],
        "may_act": may_act,
        "may_verify": may_verify,
        "blocked": may_act and is_reported and not may_verify,
        "is_reporter": operation.reported_by_id == request.user.pk,
        "has_conflict_of_interest": may_act and not may_retract,
        "may_retract": may_retract and operation.status != OperationStatus.RETRACTED,
        "retraction": form,
    }
    return render(request, "triage/operation.html", context, status=status)


def _back_from_login(request: HttpRequest, operation: Operation) -> HttpResponse:
    data = restored_data(request)
    if data is None:
        return redirect("triage:operation", operation.reference)
    return _page(request, operation, RetractionForm(data, auto_id="retract-%s"))
