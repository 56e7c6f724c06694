"""Views in which moderators verify members' rights, or return them with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from alliance.lib import counts
from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases.views.http import get_or_post, require_permission
from members import roles, visibility
from members.forms.registration import ReturnForm
from members.models import IPRight, User
from members.models.rights import IPRightQuerySet
from members.services import rights as service
from members.views.http import restored_data

# The tabs of the list, by the value of ``status`` in the URL, each with its order. The first one is the default.
TABS: dict[str, tuple[Any, tuple[str, ...], Callable[[IPRightQuerySet], IPRightQuerySet]]] = {
    "waiting": (
        pgettext_lazy("right", "To verify"),
        ("submitted_at", "id"),
        IPRightQuerySet.waiting,
    ),
    "returned": (
        IPRight.Status.RETURNED.label,
        ("-returned_at", "-id"),
        IPRightQuerySet.returned,
    ),
    "all": (gettext_lazy("All"), ("-id",), IPRightQuerySet.all),
}


@require_safe
def right_list(request: HttpRequest) -> HttpResponse:
    """List the rights of a status, by default those to verify, the oldest first."""
    user = require_permission(request, "cases.read_triage")
    requested = request.GET.get("status", "")
    tab = requested if requested in TABS else "waiting"
    _label, order, select = TABS[tab]
    everything = visibility.rights(user)
    rows = select(everything).select_related("brand", "member", "submitted_by")
    waiting = counts.count(everything.waiting())
    context = {
        "page": paginate(rows, order=order, cursor=request.GET.get("cursor")),
        "tab": tab,
        "tabs": [
            {
                "label": label,
                "url": f"?status={slug}" if slug != "waiting" else "?",
                "active": slug == tab,
                "count": counts.words(waiting) if slug == "waiting" else None,
            }
            for slug, (label, _order, _select) in TABS.items()
        ],
    }
    return render(request, "triage/rights.html", context)


@require_safe
def right(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a right beside its certificate, with the actions of the user."""
    user = require_permission(request, "cases.read_triage")
    return _page(request, _get(user, pk))


@get_or_post
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Verify a right. The user must not have a role at its member."""
    user = require_permission(request, "cases.triage")
    found = _get(user, pk)
    if request.method != "POST":
        return redirect("triage:right", pk)
    try:
        service.verify(right=found, by=user, seen=request.POST.get("seen", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, _get(user, pk), status=refusal.http_status)
    messages.success(request, _("“%(right)s” was verified.") % {"right": found})
    return redirect("triage:rights")


@get_or_post
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a right to its member, with the reason."""
    user = require_permission(request, "cases.triage")
    found = _get(user, pk)
    if request.method != "POST":
        data = restored_data(request)
        return _page(request, found, ReturnForm(data)) if data else redirect("triage:right", pk)
    form, status = ReturnForm(request.POST), 422
    if form.is_valid():
        try:
            service.send_back(right=found, by=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.http_status
        else:
            text = _("“%(right)s” was returned. The member is notified.")
            messages.success(request, text % {"right": found})
            return redirect("triage:rights")
    return _page(request, _get(user, pk), form, status=status)


def _get(user: User, pk: int) -> IPRight:
    rows = visibility.rights(user).select_related(
        "brand", "member", "certificate", "submitted_by", "verified_by", "returned_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(
    request: HttpRequest, right: IPRight, form: ReturnForm | None = None, *, status: int = 200
) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    may_act = user.has_perm("cases.triage")
    is_impartial = not may_act or roles.is_impartial(user, right.member_id)
    may_review = may_act and is_impartial
    version = service.version(right)
    if form is not None:
        # After a conflict, the text can be sent again for the right as the page now shows it.
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["seen"] = version
        form.data = data
    may_return = may_review and right.returned_at is None
    context: dict[str, Any] = {
        "right": right,
        "version": version,
        "may_act": may_act,
        "conflict_of_interest": "" if is_impartial else service.conflict_of_interest(right.member),
        "may_verify": may_review and right.is_waiting and right.certificate_id is not None,
        "activates_brand": may_review and right.is_waiting and service.activates_brand(right),
        "return_form": form or (ReturnForm(initial={"seen": version}) if may_return else None),
        "may_return": may_return,
    }
    return render(request, "triage/right.html", context, status=status)
