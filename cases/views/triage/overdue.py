"""The list of overdue referrals with the agencies' contacts, and the view that sends reminders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.liaison.models import Escalation, Officer
from cases.lists.overdue import OverdueFilter, list_query
from cases.services import escalations
from cases.views.http import get_or_post, require_permission
from members.models import Membership

ORDER = ("due_at", "id")


@require_safe
def overdue_list(request: HttpRequest) -> HttpResponse:
    """List overdue referrals, one row each, the oldest first."""
    user = require_permission(request, "cases.read_triage")
    officers = Officer.objects.filter(is_active=True, user__is_active=True)
    narrowed = OverdueFilter(request.GET, visibility.escalations(user).open())
    # A referral has at most one escalation of each step, so a filter by step leaves one row each.
    found = narrowed.qs if request.GET.get("step") else narrowed.qs.one_for_each_referral()
    open_steps = Escalation.objects.open().order_by("due_at", "pk")
    rows = found.select_related(
        "referral__agency", "referral__case__brand", "referral__case__member"
    ).prefetch_related(
        Prefetch("referral__escalations", open_steps, to_attr="late_steps"),
        Prefetch(
            "referral__agency__officers",
            officers.select_related("user").order_by("pk"),
            to_attr="active_officers",
        ),
    )
    page = paginate(rows, order=ORDER, cursor=request.GET.get("cursor"))
    context: dict[str, Any] = {
        "page": page,
        "filter": narrowed,
        "list_query": list_query(request.GET.urlencode()),
        "reminded": escalations.reminded_today(page.rows),
        "may_act": user.has_perm("cases.triage"),
        "own_members": set(
            Membership.objects.in_force().filter(user=user).values_list("member_id", flat=True)
        ),
    }
    return render(request, "triage/overdue.html", context)


@get_or_post
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the agency a reminder of an overdue step, at most once a day."""
    user = require_permission(request, "cases.triage")
    found = visibility.escalations(user).select_related("referral__case", "referral__agency")
    escalation = found.filter(pk=pk).first()
    if escalation is None:
        raise Http404
    query = list_query(request.POST.get("back", ""))
    if request.method == "POST":
        try:
            sent = escalations.remind(escalation=escalation, by=user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            _report(request, escalation, sent)
    return redirect(f"{reverse('triage:overdue')}?{query}")


def _report(request: HttpRequest, escalation: Escalation, sent: int) -> None:
    agency = escalation.referral.agency.shown_name
    if not sent:
        messages.info(request, _("%(agency)s was already reminded today.") % {"agency": agency})
        return
    message = ngettext(
        "Reminder to %(agency)s: %(n)d email is being sent.",
        "Reminder to %(agency)s: %(n)d emails are being sent.",
        sent,
    )
    messages.success(request, message % {"agency": agency, "n": sent})
