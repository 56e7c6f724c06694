"""Contacts found in the pictures of a submitted case."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases.lists.triage import list_query
from cases.views.found_contacts import decide
from cases.views.http import require_permission
from cases.views.triage.actions import action, case_url
from cases.views.triage.case_list import get_case


@action
def contact(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Confirm or reject a found contact. A GET, as after logging in again, redirects to the case."""
    user = require_permission(request, "cases.triage")
    case = get_case(user, reference)
    if request.method == "POST":
        decide(request, case, pk, user)
    return redirect(case_url(case, list_query(request.POST.get("back", ""))))
