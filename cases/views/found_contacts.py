"""Views in which filers and moderators confirm or reject a contact found in a picture."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from alliance.lib.refusals import Refusal
from cases.lists.triage import list_query
from cases.models import Case, FoundContact
from cases.services import found_contacts as service
from cases.states import Status
from cases.views.desk import steps
from cases.views.desk.case_page import own_case
from cases.views.http import get_or_post, require_permission
from cases.views.triage.actions import case_url
from cases.views.triage.case_list import get_case
from members.models import User
from members.views.http import person


@get_or_post
def of_draft(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Confirm or reject a contact of a draft. A GET, as after logging in again, redirects to the listings."""
    case = own_case(request, reference, permission="cases.submit_case")
    if case.status != Status.DRAFT:
        return steps.redirect_from_unchangeable(request, case)
    if request.method == "POST":
        _decide(request, case, pk, person(request))
    return redirect("desk:listings", case.reference)


@get_or_post
def of_case(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Confirm or reject a contact of a submitted case. A GET, as after logging in again, redirects to the case."""
    user = require_permission(request, "cases.triage")
    case = get_case(user, reference)
    if request.method == "POST":
        _decide(request, case, pk, user)
    return redirect(case_url(case, list_query(request.POST.get("back", ""))))


def _decide(request: HttpRequest, case: Case, pk: int, user: User) -> None:
    """Confirm or reject the contact as the button of the form says. Raises ``Http404`` for one of another case."""
    found = FoundContact.objects.select_related("evidence__case")
    contact = get_object_or_404(found, pk=pk, evidence__case=case)
    answer = request.POST.get("contact", "")
    try:
        if answer == "confirm":
            service.confirm(contact=contact, by=user)
            messages.success(request, _("“%(contact)s” was added.") % {"contact": contact})
        elif answer == "reject":
            service.reject(contact=contact, by=user)
            text = _("“%(contact)s” is no longer suggested.")
            messages.success(request, text % {"contact": contact})
    except Refusal as refusal:
        messages.error(request, str(refusal))
