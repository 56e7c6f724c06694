"""Contacts found in the pictures of a draft."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases.states import Status
from cases.views.desk import steps
from cases.views.desk.case_page import own_case
from cases.views.found_contacts import decide
from cases.views.http import get_or_post
from members.views.http import person


@get_or_post
def contact(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Confirm or reject a found contact. A GET, as after logging in again, redirects to the listings."""
    case = own_case(request, reference, permission="cases.submit_case")
    if case.status != Status.DRAFT:
        return steps.redirect_from_unchangeable(request, case)
    if request.method == "POST":
        decide(request, case, pk, person(request))
    return redirect("desk:listings", case.reference)
