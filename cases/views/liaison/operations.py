"""The operations of an agency, and the form that reports one."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_countries import countries

from alliance.lib import ids
from alliance.lib.amounts import in_words
from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms.liaison import OperationForm
from cases.liaison.disclosure import DisclosedCase
from cases.liaison.models import Disclosed, Operation, Referral
from cases.services import operations
from cases.states import REFERRAL_REPORTABLE
from cases.views.http import get_or_post
from cases.views.liaison.referral import OfficerRequest, of_agency, officers_only
from members.views.http import restored_data


def _mine(request: OfficerRequest) -> QuerySet[Operation]:
    """Return the operations of the officer's own agency, even if the officer is also a moderator."""
    visible = visibility.operations(request.user)
    return visible.filter(agency=request.user.officer.agency_id)


@require_safe
@officers_only
def operation_list(request: OfficerRequest) -> HttpResponse:
    """List the operations that the officer's agency reported, the latest first."""
    rows = _mine(request).annotate(case_count=Count("cases"))
    page = paginate(rows, order=("-held_on", "-pk"), cursor=request.GET.get("cursor"))
    context = {"agency": request.user.officer.agency, "page": page}
    return render(request, "liaison/operations.html", context)


@require_safe
@officers_only
def operation(request: OfficerRequest, reference: str) -> HttpResponse:
    """Show an operation as reported, with its status."""
    found = get_object_or_404(
        _mine(request).select_related("agency", "reported_by"), reference=reference
    )
    cases = of_agency(request).filter(case__operations=found).exclude(status="declined")
    cases = cases.select_related("case__brand", "case__seller").order_by("pk")
    context = {
        "operation": found,
        "referrals": [(referral, DisclosedCase(referral.case, found.agency)) for referral in cases],
        "reason": found.retraction_reason if found.agency.may_see(Disclosed.NOTE) else "",
    }
    return render(request, "liaison/operation.html", context)


@get_or_post
@officers_only
def report(request: OfficerRequest) -> HttpResponse:
    """Report an operation in two steps: check, then submit. A second submission has no effect."""
    agency = request.user.officer.agency
    if request.method != "POST":
        data = restored_data(request)
        if data is not None:
            return _form_page(request, OperationForm(data, agency=agency))
        chosen = [found.pk] if (found := _chosen_referral(request)) else []
        return _form_page(request, OperationForm(agency=agency, chosen=chosen))
    form = OperationForm(request.POST, agency=agency)
    if request.POST.get("step") == "change":
        return _form_page(request, _without_errors(form))
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if request.POST.get("step") != "send":
        return _check_page(request, form)
    try:
        made = operations.report(by=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, form, status=refusal.http_status)
    messages.success(
        request, _("Operation %(reference)s was reported.") % {"reference": made.reference}
    )
    return redirect("liaison:operation", made.reference)


def _chosen_referral(request: OfficerRequest) -> Referral | None:
    """Return the referral in the URL if operations can be reported in it, else ``None``."""
    reference = request.GET.get("referral", "")
    if not ids.is_reference(reference, "LR"):
        return None
    return (
        of_agency(request)
        .filter(reference=reference.upper(), status__in=REFERRAL_REPORTABLE)
        .first()
    )


def _without_errors(form: OperationForm) -> OperationForm:
    """Return the form with its data and without errors, for further changes."""
    form.full_clean()
    form.errors.clear()
    return form


def _check_page(request: OfficerRequest, form: OperationForm) -> HttpResponse:
    """Render the report for checking. Large figures are repeated in words."""
    data = form.cleaned_data
    figures = [
        (form[name].label, data[name]) for name in ("premises_closed", "arrests", "items_seized")
    ]
    context = {
        "form": form,
        "data": data,
        "kind": Operation.Kind(data["kind"]).label,
        "basis": Operation.Basis(data["value_basis"]).label,
        "country": countries.name(data["country"]),
        "figures": [(label, number, in_words(number)) for label, number in figures],
        "value_words": in_words(data["value_cny"]),
    }
    return render(request, "liaison/report_check.html", context)


def _form_page(request: OfficerRequest, form: OperationForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "referral": _chosen_referral(request)}
    return render(request, "liaison/report.html", context, status=status)
