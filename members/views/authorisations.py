"""The authorisations of an agent at a member: history, renewal and end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from members import roles, standing
from members.forms.people import RenewForm
from members.models import Membership
from members.services import authorisations
from members.services.authorisations import AuthorisationChanged
from members.standing import Standing
from members.views.http import person, restored_data, with_seen
from members.visibility import own_members


@require_http_methods(["GET", "HEAD", "POST"])
def authorisation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the authorisations of an agent to the agent and the owners, who can record another one."""
    role = _agent(request, slug, pk)
    is_owner = roles.is_owner(person(request), role.member)
    if not is_owner and (request.method == "POST" or role.user_id != person(request).pk):
        raise PermissionDenied
    now = standing.of(role)
    if request.method != "POST":
        form = RenewForm(restored_data(request), initial=_initial(now))
        return _page(request, role, now, form if is_owner else None)
    form = RenewForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, role, now, form, status=422)
    seen = form.cleaned_data["seen"]
    try:
        authorisations.renew(membership=role, by=person(request), grant=form.grant, seen=seen)
    except Refusal as refusal:
        return _refused(request, role, form, refusal)
    messages.success(request, _("The authorisation of %(name)s was recorded.") % _name(role))
    return redirect("people:authorisation", slug, role.pk)


@require_POST
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End the access of an agent at once."""
    role = _agent(request, slug, pk)
    if not roles.is_owner(person(request), role.member):
        raise PermissionDenied
    try:
        authorisations.end(membership=role, by=person(request), seen=request.POST.get("seen", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        now = standing.of(role)
        form = RenewForm(initial=_initial(now))
        return _page(request, role, now, form, status=refusal.http_status)
    messages.success(request, _("%(name)s no longer has access.") % _name(role))
    return redirect("people:authorisation", slug, role.pk)


def _agent(request: HttpRequest, slug: str, pk: int) -> Membership:
    """Return the role of an agent. Raises ``Http404`` for strangers and for people who are no agents."""
    rows = Membership.objects.select_related("user", "member").filter(is_agent=True)
    return get_object_or_404(
        rows, member__in=own_members(person(request)), member__slug=slug, pk=pk
    )


def _name(role: Membership) -> dict[str, str]:
    return {"name": role.user.name}


def _initial(now: Standing) -> dict[str, Any]:
    """Return the version of the authorisations, and the day on which a renewal usually starts."""
    start = now.until + timedelta(days=1) if now.until else clock.today()
    return {"seen": now.version, "valid_from": start}


def _refused(
    request: HttpRequest, role: Membership, form: RenewForm, refusal: Refusal
) -> HttpResponse:
    """Show the form with what was entered and the refusal. After a conflict, sending it again records it."""
    now = standing.of(role)
    if isinstance(refusal, AuthorisationChanged):
        form = RenewForm(with_seen(request, now.version), request.FILES)
    form.add_error(None, str(refusal))
    return _page(request, role, now, form, status=refusal.http_status)


def _page(
    request: HttpRequest,
    role: Membership,
    now: Standing,
    form: RenewForm | None,
    *,
    status: int = 200,
) -> HttpResponse:
    breadcrumbs = [
        {"label": _("People"), "url": reverse("people:list", args=[role.member.slug])},
        {"label": role.user.name},
    ]
    context = {
        "role": role,
        "member": role.member,
        "standing": now,
        "form": form,
        "breadcrumbs": breadcrumbs,
    }
    return render(request, "members/authorisation.html", context, status=status)
