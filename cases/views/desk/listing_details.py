"""The view in which brand staff enter title, price, units sold and day of the listings of a case."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.forms.listing_details import DetailsForm
from cases.models import Case
from cases.services import listing_details
from cases.services.drafts import DraftChanged
from cases.states import TAKES_ADDITIONS, Status
from cases.views.desk import draft_versions, steps
from cases.views.desk.case_page import own_case
from cases.views.http import get_or_post
from members.views.http import person, restored_data


@get_or_post
def details(request: HttpRequest, reference: str) -> HttpResponse:
    """Show and save the details of the listings, for a draft and until the case is closed."""
    case = own_case(request, reference, permission="cases.submit_case")
    if request.method != "POST":
        if case.status not in TAKES_ADDITIONS:
            return steps.redirect_from_unchangeable(request, case)
        return _page(request, case, DetailsForm(restored_data(request), case=case))
    form = DetailsForm(request.POST, case=case)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        seen = [data["base"]] if data["base"] else None
        try:
            listing_details.describe(
                case=case,
                by=person(request),
                details=form.details,
                currency=data["currency"],
                seen=seen,
            )
        except DraftChanged as changed:
            return _changed(request, case, changed)
        except Refusal as refusal:
            status = steps.add_refusal(form, refusal)
        else:
            messages.success(request, _("The listing details were saved."))
            return redirect(_after(request, case))
    return _page(request, case, form, status=status)


def _changed(request: HttpRequest, case: Case, changed: DraftChanged) -> HttpResponse:
    """Show the submitted data and the saved version. Saving again overwrites that version."""
    saved = DetailsForm(None, case=case)
    form = DetailsForm(draft_versions.replacing(request.POST, saved["base"].value()), case=case)
    form.full_clean()
    form.add_error(None, str(changed))
    differences = draft_versions.differences(form, saved)
    return _page(request, case, form, status=409, differences=differences)


def _after(request: HttpRequest, case: Case) -> str:
    if case.status != Status.DRAFT:
        return case.get_absolute_url()
    if request.POST.get("then") == "later":
        return reverse("desk:home")
    return reverse("desk:evidence", args=[case.reference])


def _page(
    request: HttpRequest, case: Case, form: DetailsForm, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "draft": case.status == Status.DRAFT,
        "breadcrumbs": [
            {"label": _("Cases"), "url": reverse("desk:cases")},
            {"label": case.reference, "url": steps.continue_url(case)},
            {"label": _("Prices, sales and days")},
        ],
    }
    return render(request, "cases/listing_details.html", context | more, status=status)
