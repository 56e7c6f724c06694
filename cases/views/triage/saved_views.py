"""Saved views of the triage list, subscriptions to them, and the layout of the list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alliance.lib.keyset import paginate
from alliance.lib.refusals import Refusal
from cases import visibility
from cases.forms.saved_views import LayoutForm, SavedViewForm, SubscriptionForm
from cases.lists.saved_views import in_words, layout_of, saved_query, url_of
from cases.lists.triage import list_query
from cases.models import SavedView
from cases.services import saved_views, subscriptions
from cases.views.http import get_or_post, require_permission
from members.models import User
from members.views.http import restored_data


@require_safe
def view_list(request: HttpRequest) -> HttpResponse:
    """Show the saved views of the user and the shared ones, with the user's subscriptions."""
    user = require_permission(request, "cases.read_triage")
    rows = visibility.saved_views(user).select_related("owner")
    order = ("position", "name", "id")
    page: Any = paginate(rows, order=order, cursor=request.GET.get("cursor"))
    keys = [row.pk for row in page.rows]
    mine = {s.view_id: s for s in visibility.view_subscriptions(user).filter(view__in=keys)}
    for row in page.rows:
        row.url, row.subscription = url_of(row), mine.get(row.pk)
        row.is_mine = row.owner_id == user.pk
    context = {"page": page, "breadcrumbs": [*_breadcrumbs(), {"label": _("Saved views")}]}
    return render(request, "triage/views/list.html", context)


@get_or_post
def new(request: HttpRequest) -> HttpResponse:
    """Save the filters of the list, which ``back`` has, under a name."""
    user = require_permission(request, "cases.read_triage")
    data = _sent(request)
    back = (data or request.GET).get("back", "")
    form, status = SavedViewForm(data, prefix="view"), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                view = saved_views.create(by=user, query=saved_query(back), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error("name", str(refusal))
            else:
                messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
                return redirect(url_of(view))
    shown = SavedView(owner=user, query=saved_query(back))
    context = _context(form, _("Save this view"), words=in_words(shown), back=list_query(back))
    return render(request, "triage/views/form.html", context, status=status)


@get_or_post
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the name, the readers and the position of a view, or delete it."""
    view, user = _own(request, pk)
    data = _sent(request)
    names = ("name", "is_shared", "position")
    initial = {name: getattr(view, name) for name in names}
    form, status = SavedViewForm(data, initial=initial, prefix="view"), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved_views.change(view=view, by=user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error("name", str(refusal))
            else:
                messages.success(request, _("The view is saved."))
                return redirect("triage:views")
    context = _context(form, _("Change view"), words=in_words(view), view=view)
    return render(request, "triage/views/form.html", context, status=status)


@require_POST
def set_filters(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the filters of a view by those of the list, which ``back`` has."""
    view, user = _own(request, pk)
    view = saved_views.set_query(
        view=view, by=user, query=saved_query(request.POST.get("back", ""))
    )
    messages.success(request, _("The filters of “%(name)s” are saved.") % {"name": view.name})
    return redirect(url_of(view))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view and its subscriptions."""
    view, user = _own(request, pk)
    saved_views.delete(view=view, by=user)
    messages.success(request, _("The view “%(name)s” was deleted.") % {"name": view.name})
    return redirect("triage:views")


@get_or_post
def subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose when to get emails about a view."""
    view, user = _visible(request, pk)
    current = visibility.view_subscriptions(user).filter(view=view).first()
    initial = {"how": current.how, "threshold": current.threshold} if current else {}
    form, status = SubscriptionForm(_sent(request), initial=initial, prefix="subscription"), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                subscriptions.subscribe(view=view, by=user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                text = _("You get emails about “%(name)s”.")
                messages.success(request, text % {"name": view.name})
                return redirect("triage:views")
    context = {
        "form": form,
        "view": view,
        "subscription": current,
        "breadcrumbs": [*_breadcrumbs(), _views(), {"label": _("Emails about a view")}],
    }
    return render(request, "triage/views/subscription.html", context, status=status)


@get_or_post
def unsubscribe(request: HttpRequest, pk: int) -> HttpResponse:
    """End the user's subscription. The link in an email opens the page that asks."""
    view, user = _visible(request, pk)
    if request.method == "POST":
        subscriptions.unsubscribe(view=view, by=user)
        text = _("You no longer get emails about “%(name)s”.")
        messages.success(request, text % {"name": view.name})
        return redirect("triage:views")
    context = {
        "view": view,
        "is_subscribed": visibility.view_subscriptions(user).filter(view=view).exists(),
        "breadcrumbs": [*_breadcrumbs(), _views(), {"label": _("Unsubscribe")}],
    }
    return render(request, "triage/views/unsubscribe.html", context)


@get_or_post
def layout(request: HttpRequest) -> HttpResponse:
    """Choose the columns and the density of the list."""
    user = require_permission(request, "cases.read_triage")
    data, chosen = _sent(request), layout_of(user)
    back = list_query((data or request.GET).get("back", ""))
    initial = {"columns": chosen.columns, "density": chosen.density}
    form, status = LayoutForm(data, initial=initial, prefix="layout"), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            saved_views.set_layout(by=user, **form.cleaned_data)
            return redirect(f"{reverse('triage:list')}?{back}")
    context = {
        "form": form,
        "back": back,
        "breadcrumbs": [*_breadcrumbs(), {"label": _("Columns and density")}],
    }
    return render(request, "triage/views/layout.html", context, status=status)


def _sent(request: HttpRequest) -> Any:
    """Return the posted data, or data restored after an expired session, or ``None``."""
    return request.POST if request.method == "POST" else restored_data(request)


def _visible(request: HttpRequest, pk: int) -> tuple[SavedView, User]:
    user = require_permission(request, "cases.read_triage")
    return get_object_or_404(visibility.saved_views(user).select_related("owner"), pk=pk), user


def _own(request: HttpRequest, pk: int) -> tuple[SavedView, User]:
    """Return the view for its owner. A shared view of a colleague gives 403, a private one 404."""
    view, user = _visible(request, pk)
    if view.owner_id != user.pk:
        raise PermissionDenied
    return view, user


def _context(form: Any, heading: str, **more: Any) -> dict[str, Any]:
    crumbs = [*_breadcrumbs(), _views(), {"label": heading}]
    return {"form": form, "heading": heading, "breadcrumbs": crumbs, **more}


def _views() -> dict[str, Any]:
    return {"label": _("Saved views"), "url": reverse("triage:views")}


def _breadcrumbs() -> list[dict[str, Any]]:
    return [{"label": _("Triage"), "url": reverse("triage:list")}]
