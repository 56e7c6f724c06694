"""The heartbeat of an open case: it renews the claim of the reader, and shows who else has the page open."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alliance.lib import text
from cases.services import presence, triage
from cases.views.http import require_permission
from cases.views.triage.case_list import cases_of


@require_POST
def heartbeat(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the parts of the page that change meanwhile.

    The browser sends ``active=1`` while its user is at work. Otherwise the claim is not renewed, and the user is not
    shown to others.
    """
    user = require_permission(request, "cases.read_triage")
    case = cases_of(user).filter(reference=reference).select_related("assignee").one_or_none()
    if case is None:
        raise Http404
    others: list[str] = []
    if request.POST.get("active") == "1":
        triage.keep_claim(case=case, by=user)
        others = presence.record(case=case, by=user)
    context = {
        "case": case,
        "others": text.join(others),
        "is_claimed_by_user": case.is_claimed_by(user),
    }
    return render(request, "triage/_heartbeat.html", context)
