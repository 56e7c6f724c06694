"""The authorised sellers of a member's brands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.lib.refusals import Refusal
from cases.forms.authorised_sellers import EntryFilterForm, EntryForm, NewEntryForm
from cases.models import AuthorisedSeller
from cases.services import authorised_sellers
from cases.views.http import get_or_post
from members.models import Membership
from members.views.http import list_context, member_list, person, role_at, with_seen


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the authorised sellers of the user's member, or a choice if there are several members."""
    lead = _("Choose the member whose authorised sellers you want to see.")
    return member_list(request, "allow_list:list", heading=_("Authorised sellers"), lead=lead)


@require_safe
def entry_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the authorised sellers of all brands of the member, filtered and paginated."""
    role = role_at(request, slug)
    narrowed = EntryFilterForm(request.GET, member=role.member)
    found = narrowed.entries
    shown = found.select_related("brand", "marketplace")
    context = list_context(request, role, narrowed, found, shown)
    return render(request, "allow_list/list.html", context)


@get_or_post
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an authorised seller."""
    role = _filing_role(request, slug)
    brands = role.member.brands.order_by("name", "pk")
    form, listed, status = NewEntryForm(request.POST or None, brands=brands), None, 200
    if request.method == "POST":
        form, status = NewEntryForm(request.POST, brands=brands), 422
        if form.is_valid():
            try:
                authorised_sellers.add(by=person(request), **form.values)
            except authorised_sellers.AlreadyListed as refusal:
                form.add_error("shop", str(refusal))
                listed = refusal.entry
            except authorised_sellers.InvalidEntry as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                messages.success(request, _("The seller was added."))
                return redirect("allow_list:list", slug)
    context = {
        "member": role.member,
        "form": form,
        "listed": listed,
        "breadcrumbs": [*_breadcrumbs(role), {"label": _("Add a seller")}],
    }
    return render(request, "allow_list/add.html", context, status=status)


@get_or_post
def entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show an entry, which owners and filers can change."""
    role = role_at(request, slug)
    found = _entry(role, pk)
    if request.method != "POST":
        return _entry_page(request, role, found, EntryForm(entry=found))
    if not role.may_file:
        raise PermissionDenied
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _entry_page(request, role, found, form, status=422)
    try:
        changed = authorised_sellers.change(entry=found, by=person(request), **form.values)
    except authorised_sellers.EntryChanged as refusal:
        # Saving it again replaces what the page now shows above the form.
        form = EntryForm(with_seen(request, authorised_sellers.version(refusal.entry)))
        form.add_error(None, str(refusal))
        return _entry_page(request, role, refusal.entry, form, status=refusal.http_status)
    except authorised_sellers.InvalidEntry as refusal:
        form.add_error(refusal.field, str(refusal))
        return _entry_page(request, role, found, form, status=422)
    messages.success(request, _("The entry was saved.") if changed else _("Nothing was changed."))
    return redirect("allow_list:entry", slug, pk)


@require_POST
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End an entry at once."""
    role = _filing_role(request, slug)
    found = _entry(role, pk)
    seen = request.POST.get("seen", "")
    try:
        authorised_sellers.end(entry=found, by=person(request), seen=seen)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        now = _entry(role, pk)
        return _entry_page(request, role, now, EntryForm(entry=now), status=refusal.http_status)
    messages.success(request, _("The entry was ended. Cases can be filed against this seller."))
    return redirect("allow_list:entry", slug, pk)


def _entry_page(
    request: HttpRequest,
    role: Membership,
    found: AuthorisedSeller,
    form: EntryForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "member": role.member,
        "entry": found,
        "version": authorised_sellers.version(found),
        "form": form,
        "may_change": role.may_file,
        "breadcrumbs": [*_breadcrumbs(role), {"label": found.external_id}],
    }
    return render(request, "allow_list/entry.html", context, status=status)


def _entry(role: Membership, pk: int) -> AuthorisedSeller:
    rows = AuthorisedSeller.objects.filter(member=role.member)
    rows = rows.select_related("brand__member", "marketplace", "ended_by")
    return get_object_or_404(rows, pk=pk)


def _filing_role(request: HttpRequest, slug: str) -> Membership:
    """Return the user's role if it allows changing the list. Raises ``Http404`` or ``PermissionDenied``."""
    role = role_at(request, slug)
    if not role.may_file:
        raise PermissionDenied
    return role


def _breadcrumbs(role: Membership) -> list[dict[str, Any]]:
    url = reverse("allow_list:list", args=[role.member.slug])
    return [{"label": _("Authorised sellers"), "url": url}]
