"""Moderators see which steps are overdue at agencies, whom to speak to, and remind them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.keyset import paginate
from cases import visibility
from cases.liaison.models import Escalation, Officer
from cases.lists.overdue import OverdueFilter, place
from cases.services import escalations
from cases.services.refusals import Refusal
from cases.views.http import demand
from members.models import Membership

ORDER = ("due_at", "id")


@require_safe
def overdue_list(request: HttpRequest) -> HttpResponse:
    """Show what is overdue at agencies: a row for each referral, the oldest first."""
    user = demand(request, "cases.read_triage")
    officers = Officer.objects.filter(is_active=True, user__is_active=True)
    narrowed = OverdueFilter(request.GET, visibility.escalations(user).open())
    # A referral has one step of a kind at most: narrowed to a kind, each has one row already.
    found = narrowed.qs if request.GET.get("step") else narrowed.qs.one_for_each_referral()
    open_steps = Escalation.objects.open().order_by("due_at", "pk")
    rows = found.select_related(
        "referral__agency", "referral__case__brand", "referral__case__member"
    ).prefetch_related(
        Prefetch("referral__escalations", open_steps, to_attr="late_steps"),
        Prefetch(
            "referral__agency__officers",
            officers.select_related("user").order_by("pk"),
            to_attr="on_duty",
        ),
    )
    page = paginate(rows, order=ORDER, cursor=request.GET.get("cursor"))
    context: dict[str, Any] = {
        "page": page,
        "filter": narrowed,
        "place": place(request.GET.urlencode()).urlencode(),
        "reminded": escalations.reminded_today(page.rows),
        "acts": user.has_perm("cases.triage"),
        "own": set(
            Membership.objects.in_force().filter(user=user).values_list("member_id", flat=True)
        ),
    }
    return render(request, "triage/overdue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the agency that a step is overdue; once a day."""
    user = demand(request, "cases.triage")
    found = visibility.escalations(user).select_related("referral__case", "referral__agency")
    escalation = found.filter(pk=pk).first()
    if escalation is None:
        raise Http404
    here = place(request.POST.get("back", ""))
    if request.method == "POST":
        try:
            told = escalations.remind(escalation=escalation, by=user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            _say(request, escalation, told)
    return redirect(f"{reverse('triage:overdue')}?{here.urlencode()}")


def _say(request: HttpRequest, escalation: Escalation, told: int) -> None:
    agency = escalation.referral.agency.shown_name
    if not told:
        messages.info(
            request, _("%(agency)s was reminded of it today already.") % {"agency": agency}
        )
        return
    words = ngettext(
        "%(agency)s is reminded: %(n)d e-mail is on its way.",
        "%(agency)s is reminded: %(n)d e-mails are on their way.",
        told,
    )
    messages.success(request, words % {"agency": agency, "n": told})
