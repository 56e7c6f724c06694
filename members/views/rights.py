"""The rights of a member: list, page of a right, registration and change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alliance.lib.refusals import Refusal
from members import territories
from members.forms.registration import RegistrationForm
from members.forms.right_filter import RightFilterForm
from members.models import IPRight, Membership
from members.services import rights
from members.views.http import (
    list_context,
    member_list,
    person,
    restored_data,
    role_at,
    with_seen,
)

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the rights of the user's member, or a choice if the user has a role at several members."""
    lead = _("Choose the member whose rights you want to see.")
    return member_list(request, "rights:list", heading=_("Rights"), lead=lead)


@require_safe
def right_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the member's rights, filtered and paginated."""
    role = role_at(request, slug)
    narrowed = RightFilterForm(request.GET, member=role.member)
    found = narrowed.rights
    shown = found.select_related("brand")
    context = list_context(request, role, narrowed, found, shown, order=narrowed.order)
    return render(request, "members/rights.html", context)


@require_safe
def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a right with its state."""
    role = role_at(request, slug)
    right = _right(role, pk)
    context = {
        "member": role.member,
        "right": right,
        "may_change": role.may_file,
        "breadcrumbs": [*_breadcrumbs(role), {"label": right.title}],
    }
    return render(request, "members/right.html", context)


@get_or_post
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Register a right."""
    role = _filing_role(request, slug)
    if request.method != "POST":
        form = RegistrationForm(restored_data(request), member=role.member)
        return _form_page(request, role, form)
    form = RegistrationForm(request.POST, request.FILES, member=role.member)

    def save() -> IPRight:
        return rights.register(member=role.member, by=person(request), **form.values)

    right, status = _try(form, save)
    if right is None:
        return _form_page(request, role, form, status=status)
    text = _("The right was registered. Cases can cite it once a moderator has verified it.")
    messages.success(request, text)
    return redirect("rights:detail", slug, right.pk)


@get_or_post
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a right. The form warns that this ends a verification, and asks to confirm it."""
    role = _filing_role(request, slug)
    right = _right(role, pk)
    if request.method != "POST":
        form = RegistrationForm(restored_data(request), member=role.member, right=right)
        return _form_page(request, role, form)
    form = RegistrationForm(request.POST, request.FILES, member=role.member, right=right)

    def save() -> bool:
        return rights.change(
            right=right,
            by=person(request),
            seen=form.cleaned_data["seen"],
            confirmed=bool(form.cleaned_data.get("confirmed")),
            **form.values,
        )

    try:
        ended, status = _try(form, save)
    except rights.RightChanged as refusal:
        return _changed_elsewhere(request, role, form, refusal)
    if ended is None:
        return _form_page(request, role, form, status=status)
    if ended:
        text = _("The right was changed, which ended its verification. It is in the queue again.")
        messages.warning(request, text)
    else:
        messages.success(request, _("The right was saved."))
    return redirect("rights:detail", slug, right.pk)


def _try(form: RegistrationForm, save: Callable[[], Any]) -> tuple[Any, int]:
    """Return the result of ``save`` and 200; or ``None`` and a status, with the errors in the form.

    :class:`rights.RightChanged` is raised.
    """
    if not form.is_valid():
        return None, 422
    try:
        return save(), 200
    except rights.AlreadyRegistered as refusal:
        form.add_error("number", str(refusal))
        return None, refusal.http_status
    except rights.Unconfirmed as refusal:
        form.add_error("confirmed", str(refusal))
        return None, refusal.http_status
    except rights.RightChanged:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None, refusal.http_status


def _changed_elsewhere(
    request: HttpRequest, role: Membership, form: RegistrationForm, refusal: rights.RightChanged
) -> HttpResponse:
    """Show the form with what was entered beside what is saved now. Saving it again replaces that."""
    data = with_seen(request, rights.version(refusal.right))
    data.pop("confirmed", None)
    again = RegistrationForm(data, request.FILES, member=role.member, right=refusal.right)
    again.is_valid()
    again.add_error(None, str(refusal))
    differences = _differences(refusal.right, form)
    return _form_page(request, role, again, status=409, differences=differences)


def _differences(right: IPRight, form: RegistrationForm) -> list[dict[str, Any]]:
    """Return the fields in which the saved right differs from the form, each with both values as text."""
    entered = IPRight(**_facts(form))
    rows = []
    for name, show in _SHOWN.items():
        values = [show(one) for one in (right, entered)]
        if values[0] != values[1]:
            label = form.fields[name].label
            rows.append({"label": label, "saved": values[0], "submitted": values[1]})
    return rows


def _facts(form: RegistrationForm) -> dict[str, Any]:
    names = set(_SHOWN) - {"brand"}
    return {name: value for name, value in form.values.items() if name in names} | (
        {"brand": form.values["brand"]} if form.values["brand"] else {}
    )


def _day(day: Any) -> str:
    return date_format(day) if day else ""


_SHOWN: dict[str, Callable[[IPRight], str]] = {
    "brand": lambda right: str(right.brand) if right.brand_id else "",
    "kind": lambda right: str(IPRight.Kind(right.kind).label),
    "title": lambda right: right.title,
    "registered_owner": lambda right: right.registered_owner,
    "office": lambda right: right.office,
    "number": lambda right: right.number,
    "territory": lambda right: territories.words(right.territory),
    "nice_classes": lambda right: ", ".join(map(str, right.nice_classes)),
    "registered_on": lambda right: _day(right.registered_on),
    "expires_on": lambda right: _day(right.expires_on),
}


def _filing_role(request: HttpRequest, slug: str) -> Membership:
    """Return the user's role if it allows changing rights. Raises ``Http404`` or ``PermissionDenied``."""
    role = role_at(request, slug)
    if not role.may_file:
        raise PermissionDenied
    return role


def _right(role: Membership, pk: int) -> IPRight:
    rows = IPRight.objects.filter(member=role.member)
    return get_object_or_404(rows.select_related("brand", "member", "certificate"), pk=pk)


def _breadcrumbs(role: Membership) -> list[dict[str, str]]:
    return [{"label": _("Rights"), "url": reverse("rights:list", args=[role.member.slug])}]


def _form_page(
    request: HttpRequest,
    role: Membership,
    form: RegistrationForm,
    *,
    status: int = 200,
    differences: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    right = form.right
    breadcrumbs: list[dict[str, str]] = _breadcrumbs(role)
    if right is None:
        breadcrumbs.append({"label": _("Register a right")})
    else:
        url = reverse("rights:detail", args=[role.member.slug, right.pk])
        breadcrumbs += [{"label": right.title, "url": url}, {"label": _("Change")}]
    context = {
        "member": role.member,
        "form": form,
        "right": right,
        "differences": differences or [],
        "breadcrumbs": breadcrumbs,
    }
    return render(request, "members/right_form.html", context, status=status)
