"""Files of a test purchase, and the cases that it supports."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import arrivals, private_files
from alliance.lib.refusals import Refusal
from cases.forms.complaint import ComplaintForm
from cases.forms.purchases import AddToCaseForm, FilesForm
from cases.models import Case, TestPurchase
from cases.queries.readiness import Step
from cases.services.purchases import files as service
from cases.services.purchases import in_cases
from cases.states import ListingPart, Verdict, Violation
from cases.views.desk import filing, uploads
from cases.views.desk import steps as filing_steps
from cases.views.desk.purchases import filing_role, find, purchase_page
from cases.views.desk.uploads import Target
from cases.views.http import get_or_post
from members.models import Membership
from members.views.http import person, restored_data, role_at

log = structlog.get_logger(__name__)


@get_or_post
def add(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Upload files of one kind. A GET, as after logging in again, redirects to the page of the purchase."""
    role = filing_role(request, slug)
    purchase = find(request, role, reference)
    if request.method != "POST":
        return redirect(purchase)
    form = FilesForm(request.POST, request.FILES)
    target = Target(
        purchase.files.all(), partial(service.add, purchase=purchase, by=person(request))
    )
    if uploads.is_scripted(request):
        return uploads.answer_script(target, form, onward=purchase.get_absolute_url())
    if form.is_valid() and uploads.attach(request, target, form):
        return redirect(purchase)
    now = find(request, role, reference)
    return purchase_page(request, role, now, files_form=form, status=422)


@require_safe
def download(request: HttpRequest, slug: str, reference: str, pk: UUID) -> HttpResponseBase:
    """Return a file as an attachment to the member's people. The read is recorded before the response is sent."""
    purchase = find(request, role_at(request, slug), reference)
    found = get_object_or_404(purchase.files.all(), pk=pk)
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        log.error("purchase_file_missing", file=str(found.pk), purchase=purchase.reference)
        return render(request, "file_missing.html", {"file": found}, status=404)
    service.record_read(file=found, by=person(request))
    name = arrivals.clean_name(found.original_name)
    return private_files.attachment(file, name=name, content_type=found.content_type)


@get_or_post
def add_to_case(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Add the purchase to a case. A GET, as after logging in again, redirects to the page of the purchase."""
    role = filing_role(request, slug)
    purchase = find(request, role, reference)
    if request.method != "POST":
        return redirect(purchase)
    form, status = AddToCaseForm(request.POST), 422
    if form.is_valid():
        try:
            case = _own_case(role, form.cleaned_data["case"])
            in_cases.add_to_case(purchase=purchase, case=case, by=person(request))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
        else:
            text = _("The test purchase and its files support case %(case)s.")
            messages.success(request, text % {"case": case.reference})
            return redirect(purchase)
    now = find(request, role, reference)
    return purchase_page(request, role, now, case_errors=form, status=status)


def _own_case(role: Membership, reference: str) -> Case:
    """Return a case of the member. Raises :class:`Refusal` for others."""
    cases = Case.objects.filter(member=role.member).without_discarded()
    case = cases.filter(reference=reference.upper()).first()
    if case is None:
        raise Refusal(_("Choose a case."))
    return case


@get_or_post
def file_case(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Start the draft of a case against the seller. The form is that of a new case, with what is known filled in."""
    role, user = filing_role(request, slug), person(request)
    purchase = find(request, role, reference)
    if request.method != "POST":
        data, draft = restored_data(request), filing.draft_of_form(request, user)
        if data is None and draft is not None:
            return redirect("desk:complaint", draft.reference)
        form = ComplaintForm(data, user=user, initial=_known(purchase))
        return filing_steps.page(request, Step.COMPLAINT, form)

    def begin(form: ComplaintForm) -> Case:
        try:
            return in_cases.file_case(purchase=purchase, by=user, **filing.started(form))
        except in_cases.FilesMissing as missing:
            messages.error(request, str(missing))
            return missing.case

    return filing.start(request, begin)


def _known(purchase: TestPurchase) -> dict[str, Any]:
    """Return the initial values of the complaint: the violation, a right of the brand, and what was found."""
    right = purchase.brand.rights.citable().order_by("pk").first()
    found = _("Test purchase %(reference)s, order %(order)s: %(verdict)s.") % {
        "reference": purchase.reference,
        "order": purchase.order_number or "–",
        "verdict": purchase.get_verdict_display() or "–",
    }
    is_fake = purchase.verdict == Verdict.FAKE
    return {
        "right": str(right.pk) if right else "",
        "violation": Violation.COUNTERFEIT if is_fake else "",
        "infringement_in": [ListingPart.PRODUCT] if is_fake else [],
        "explanation": f"{found}\n{purchase.indicators}".strip(),
    }
