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
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib import arrivals, private_files
from alliance.lib.refusals import Refusal
from alliance.lib.uploads import Oversized
from cases.forms.complaint import ComplaintForm
from cases.forms.purchases import AddToCaseForm, FilesForm
from cases.models import Case, TestPurchase
from cases.queries.readiness import Step
from cases.services import drafts
from cases.services.drafts import DraftChanged
from cases.services.purchases import files as service
from cases.services.purchases import in_cases
from cases.states import ListingPart, Status, Verdict, Violation
from cases.views.desk import draft_versions, filing
from cases.views.desk import steps as filing_steps
from cases.views.desk.purchases import filing_role, find, purchase_page
from members.models import Membership
from members.views.http import person, restored_data, role_at

log = structlog.get_logger(__name__)
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def add(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Upload files of one kind. A GET, as after logging in again, redirects to the page of the purchase."""
    role = filing_role(request, slug)
    purchase = find(request, role, reference)
    if request.method != "POST":
        return redirect(purchase)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid() and _store(request, purchase, form):
        return redirect(purchase)
    now = find(request, role, reference)
    return purchase_page(request, role, now, files_form=form, status=422)


def _store(request: HttpRequest, purchase: TestPurchase, form: FilesForm) -> bool:
    """Add each file separately. Rejected ones get an error on the form."""
    before = {file.pk for file in purchase.files.all()}
    stored: set[UUID] = set()
    for upload in form.cleaned_data["uploads"]:
        if isinstance(upload, Oversized) and not upload.by_itself:
            name = {"name": arrivals.clean_name(upload.name or "")}
            form.add_error("uploads", _("“%(name)s”: upload fewer files at a time.") % name)
            continue
        try:
            kind = form.cleaned_data["kind"]
            file = service.add(purchase=purchase, by=person(request), upload=upload, kind=kind)
        except Refusal as refusal:
            form.add_error("uploads", str(refusal))
            continue
        if file.pk in before | stored:
            text = _("“%(name)s” was already uploaded.")
            messages.info(request, text % {"name": file.original_name})
        stored.add(file.pk)
    if count := len(stored - before):
        text = ngettext("%(count)d file was uploaded.", "%(count)d files were uploaded.", count)
        messages.success(request, text % {"count": count})
    return not form.errors


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
    role = filing_role(request, slug)
    purchase, user = find(request, role, reference), person(request)
    if request.method != "POST":
        data, draft = restored_data(request), _draft_of_form(request, role)
        if data is None and draft is not None:
            return redirect("desk:complaint", draft.reference)
        form = ComplaintForm(data, user=user, initial=_known(purchase))
        return filing_steps.page(request, Step.COMPLAINT, form)
    if request.POST.get("then") == "find":
        return filing_steps.page(
            request, Step.COMPLAINT, ComplaintForm.finding(request.POST, user=user)
        )
    form = ComplaintForm(request.POST, user=user, lenient=filing_steps.is_saved_for_later(request))
    status = 422
    if form.is_valid():
        token, seen = form.cleaned_data["token"], draft_versions.seen(form)
        try:
            case = in_cases.file_case(
                purchase=purchase, by=user, token=token, seen=seen, **form.values
            )
        except DraftChanged as changed:
            make = partial(ComplaintForm, user=user)
            return filing.show_conflict(request, Step.COMPLAINT, changed, make)
        except in_cases.FilesMissing as refusal:
            draft_versions.remember(form, drafts.complaint_version(refusal.case))
            messages.error(request, str(refusal))
            return redirect("desk:evidence", refusal.case.reference)
        except Refusal as refusal:
            status = filing_steps.add_refusal(form, refusal)
        else:
            draft_versions.remember(form, drafts.complaint_version(case))
            return filing_steps.redirect_to_next(request, case, Step.COMPLAINT)
    return filing_steps.page(request, Step.COMPLAINT, form, status=status)


def _draft_of_form(request: HttpRequest, role: Membership) -> Case | None:
    """Return the user's draft created by the form with the token in the URL, if any."""
    try:
        token = UUID(request.GET.get("draft", ""))
    except ValueError:
        return None
    mine = Case.objects.filter(draft_token=token, created_by=role.user_id, member=role.member)
    return mine.filter(status=Status.DRAFT).first()


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
