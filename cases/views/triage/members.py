"""The page of a member for moderators and admins: its status, and how to suspend, reinstate or end its membership."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from alliance.lib import counts
from alliance.lib.refusals import Refusal
from cases.liaison.models import Referral
from cases.models import Case
from cases.states import REFERRAL_LIVE, UNDECIDED, Status
from cases.views.http import get_or_post, require_permission
from members.forms.application import TextForm
from members.models import Member, StatusChange
from members.services import status as service

Kind = StatusChange.Kind


@require_safe
def member(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the status of a member, its changes and what it has in progress."""
    require_permission(request, "cases.read_triage")
    found = _get(slug)
    context = {
        "member": found,
        "changes": found.status_changes.select_related("made_by")[:50],
        "possible": [(_button(kind), _url(found, kind)) for kind in service.possible(found)],
        "progress": _progress(found),
        "breadcrumbs": _breadcrumbs(found),
    }
    return render(request, "triage/member.html", context)


@get_or_post
def change(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """State the effects of a change of the member's status, and make it after confirmation."""
    user = require_permission(request, "cases.read_triage")
    found = _get(slug)
    form, status = _form(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.change(member=found, by=user, kind=kind, reason=form.cleaned_data["text"])
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.http_status
            else:
                messages.success(request, _done(Kind(kind)) % {"member": found.shown_name})
                return redirect("triage:member", slug)
    elif Kind(kind) not in service.possible(found):
        return redirect("triage:member", slug)
    context = {
        "member": found,
        "kind": kind,
        "heading": _button(Kind(kind)),
        "form": form,
        "progress": _progress(found),
        "breadcrumbs": [*_breadcrumbs(found, linked=True), {"label": _button(Kind(kind))}],
    }
    return render(request, "triage/member_change.html", context, status=status)


def _get(slug: str) -> Member:
    return get_object_or_404(Member.objects.select_related("application"), slug=slug)


def _form(data: Any) -> TextForm:
    help_text = _("Everybody with access to the member reads it by email.")
    return TextForm(data, label=_("Reason"), help_text=help_text)


def _progress(found: Member) -> dict[str, str]:
    """Return what the change concerns, as capped counts in one query."""
    cases = Case.objects.filter(member=found)
    rows = {
        "people": found.memberships.in_force(),
        "drafts": cases.filter(status=Status.DRAFT),
        "cases": cases.filter(status__in=set(UNDECIDED) - {Status.DRAFT}),
        "referrals": Referral.objects.filter(case__member=found, status__in=REFERRAL_LIVE),
    }
    numbers = {f"{name}_count": counts.capped(one) for name, one in rows.items()}
    counted: Any = Member.objects.filter(pk=found.pk).values(**numbers).get()
    return {name: counts.words(counted[f"{name}_count"]) for name in rows}


def _button(kind: StatusChange.Kind) -> str:
    texts = {
        Kind.SUSPENDED: _("Suspend member"),
        Kind.REINSTATED: _("Reinstate member"),
        Kind.LEFT: _("End membership"),
    }
    return texts[kind]


def _done(kind: StatusChange.Kind) -> str:
    texts = {
        Kind.SUSPENDED: _("%(member)s is suspended. Its people are notified."),
        Kind.REINSTATED: _("%(member)s is reinstated. Its people are notified."),
        Kind.LEFT: _("The membership of %(member)s has ended. Its people are notified."),
    }
    return texts[kind]


def _url(found: Member, kind: StatusChange.Kind) -> str:
    names = {
        Kind.SUSPENDED: "triage:member_suspend",
        Kind.REINSTATED: "triage:member_reinstate",
        Kind.LEFT: "triage:member_leave",
    }
    return reverse(names[kind], args=[found.slug])


def _breadcrumbs(found: Member, *, linked: bool = False) -> list[dict[str, str]]:
    own = {"label": found.shown_name}
    if linked:
        own["url"] = reverse("triage:member", args=[found.slug])
    return [{"label": _("Roster"), "url": reverse("triage:roster") + "?show=members"}, own]
