"""Held decisions: the list of those that wait for a second moderator, and undoing, confirming and sending back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms import triage as forms
from cases.forms.case_choices import Choices
from cases.lists.triage import list_query
from cases.models import HeldDecision
from cases.queries import held_decisions
from cases.services import held as service
from cases.views.http import get_or_post, require_permission
from cases.views.triage.case_list import get_case
from cases.views.triage.case_page import case_page
from members.models import User

ORDER = ("second_due_at", "id")


@require_safe
def second_review(request: HttpRequest) -> HttpResponse:
    """List the decisions that wait for a second moderator, the earliest deadline first."""
    user = require_permission(request, "cases.read_triage")
    rows = visibility.held_decisions(user).awaiting_second()
    rows = rows.select_related("by", "case__brand", "case__member", "case__seller__marketplace")
    page: Any = paginate(rows, order=ORDER, cursor=request.GET.get("cursor"))
    context = {"page": page, "held_rows": held_decisions.to_show(user, with_second=True)}
    return render(request, "triage/second_review.html", context)


@get_or_post
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a decision, and return to the case with the form as it was sent."""
    user, held = _get(request, pk)
    if request.method != "POST":
        return redirect("triage:case", held.case.reference)
    try:
        undone = service.undo(held=held, by=user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_case_url(request, held))
    if undone.state != HeldDecision.State.UNDONE:
        messages.success(request, _("Your confirmation was undone."))
        return redirect(_case_url(request, held))
    messages.success(
        request,
        _("Undone. %(reference)s is as it was, and nothing was sent.")
        % {"reference": held.case.reference},
    )
    again = {"otherwise": undone.replaces_id} if undone.replaces_id else {}
    return redirect(_case_url(request, held, restore=held.pk, **again))


@get_or_post
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a colleague's decision, and return to the list of those that wait."""
    user, held = _get(request, pk)
    if request.method != "POST":
        return redirect("triage:case", held.case.reference)
    try:
        confirmed = service.confirm(held=held, by=user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_case_url(request, held))
    words = {"reference": held.case.reference, "name": held.by.name}
    if confirmed.state == HeldDecision.State.REFUSED:
        text = _("The decision is no longer possible, and %(name)s is notified: %(why)s")
        messages.error(request, text % (words | {"why": confirmed.message}))
        return redirect(_case_url(request, held))
    messages.success(request, _("You confirmed the decision of %(name)s on %(reference)s.") % words)
    return redirect("triage:second_review")


@get_or_post
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a colleague's decision back with a reason; on an error show the page of the case."""
    user, held = _get(request, pk)
    reference = held.case.reference
    if request.method != "POST":
        return redirect("triage:case", reference)
    case = get_case(user, reference)
    choices, status = Choices(case), 422
    form = forms.SendBackForm(request.POST, choices=choices)
    if form.is_valid():
        try:
            service.send_back(held=held, by=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
            case = get_case(user, reference)
        else:
            text = _("%(reference)s was sent back to %(name)s.")
            messages.success(request, text % {"reference": reference, "name": held.by.name})
            return redirect("triage:second_review")
    back = list_query(request.POST.get("back", ""))
    return case_page(request, case, choices, back=back, form=form, status=status)


@get_or_post
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Dismiss the notice that a decision ended without effect."""
    user, held = _get(request, pk)
    if request.method == "POST":
        service.dismiss(held=held, by=user)
    return redirect(f"{reverse('triage:list')}?{list_query(request.POST.get('back', ''))}")


def _get(request: HttpRequest, pk: int) -> tuple[User, HeldDecision]:
    """Return the user and the decision. Raises ``PermissionDenied`` and ``Http404``."""
    user = require_permission(request, "cases.triage")
    held = visibility.held_decisions(user).select_related("case", "by").filter(pk=pk).first()
    if held is None:
        raise Http404
    return user, held


def _case_url(request: HttpRequest, held: HeldDecision, **query: Any) -> str:
    back = list_query(request.POST.get("back", ""))
    query |= {"back": back} if back else {}
    url = reverse("triage:case", args=[held.case.reference])
    return f"{url}?{urlencode(query)}" if query else url
