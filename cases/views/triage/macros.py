"""The macros of a moderator's teams: list, add, change and delete."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms.macros import MacroForm
from cases.models import Macro
from cases.services import macros
from cases.views.http import get_or_post, require_permission
from members.models import User
from members.views.http import restored_data

# A team has at most macros.MOST.
SHOWN = 500


@require_safe
def macro_list(request: HttpRequest) -> HttpResponse:
    """List the macros of everyone and of the user's teams; for admins, those of all teams."""
    user = require_permission(request, "cases.read_triage")
    rows = visibility.macros(user).select_related("team", "reason").order_by("team__name", "pk")
    own = set(user.team_places.values_list("team_id", flat=True)) if user.is_moderator else set()
    shown = [
        {"macro": macro, "may_change": macro.team_id in own}
        for macro in sorted(rows[:SHOWN], key=_order)
    ]
    context = {
        "rows": shown,
        "may_add": bool(own),
        "is_admin": user.is_staff,
        "breadcrumbs": _breadcrumbs(),
    }
    return render(request, "triage/macros.html", context)


def _order(macro: Macro) -> tuple[Any, ...]:
    return macro.team is not None, macro.team.name if macro.team else "", macro.position, macro.name


@get_or_post
def add(request: HttpRequest) -> HttpResponse:
    """Add a macro to one of the user's teams."""
    user = require_permission(request, "cases.triage")
    if not user.has_perm("cases.add_macros"):
        raise PermissionDenied
    teams = list(visibility.teams(user).filter(places__user=user))
    form, status = MacroForm(_data(request), teams=teams), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.as_macro()
            values.pop("seen")
            try:
                macros.add(by=user, **values)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.http_status
            else:
                messages.success(request, _("The macro was added."))
                return redirect("triage:macros")
    return _form_page(request, form, _("Add a macro"), status)


@get_or_post
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a macro of one of the user's teams."""
    user, macro = _of_own_team(request, pk)
    form, status = MacroForm(_data(request), instance=macro), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                macros.change(macro=macro, by=user, **form.as_macro())
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.http_status
            else:
                messages.success(request, _("The macro was changed."))
                return redirect("triage:macros")
    return _form_page(request, form, _("Change the macro"), status)


@get_or_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a macro of one of the user's teams. A GET, as after logging in again, redirects to the list."""
    user = require_permission(request, "cases.triage")
    if request.method == "POST":
        # Pressing the button twice is not an error.
        macro = visibility.macros(user).filter(pk=pk).first()
        if macro is not None:
            if not user.has_perm("cases.change_macros", macro):
                raise PermissionDenied
            macros.delete(macro=macro, by=user)
            messages.success(request, _("The macro was deleted."))
    return redirect("triage:macros")


def _of_own_team(request: HttpRequest, pk: int) -> tuple[User, Macro]:
    """Return the user and a macro that they may change. Raises ``Http404`` for one of another team."""
    user = require_permission(request, "cases.triage")
    macro = get_object_or_404(visibility.macros(user).select_related("team", "reason"), pk=pk)
    if not user.has_perm("cases.change_macros", macro):
        raise PermissionDenied
    return user, macro


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else restored_data(request)


def _form_page(request: HttpRequest, form: MacroForm, heading: str, status: int) -> HttpResponse:
    crumbs = [*_breadcrumbs(reverse("triage:macros")), {"label": heading}]
    context = {"form": form, "heading": heading, "breadcrumbs": crumbs}
    return render(request, "triage/macro.html", context, status=status)


def _breadcrumbs(url: str = "") -> list[dict[str, str]]:
    here = {"label": _("Macros")} | ({"url": url} if url else {})
    return [{"label": _("Triage"), "url": reverse("triage:list")}, here]
