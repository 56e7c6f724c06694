"""The page of an invitation, which its link opens."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from members.accounts import account_of
from members.forms.account import NewAccountForm
from members.models import Invitation, Membership, SingleSignOn, User
from members.services import invitations
from members.single_sign_on.pages import must_use
from members.views.http import person


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Show an invitation and accept it: as the logged-in user, or with a new account.

    Opening the link changes nothing, because mail scanners open links too.
    """
    found = Invitation.objects.select_related("member", "invited_by", "authorisation").with_key(key)
    if found is None:
        return _page(request, {"reason": _("This link is not valid.")}, status=404)
    user = request.user if isinstance(request.user, User) else None
    if user is not None and found.accepted_by_id == user.pk:
        return redirect("start")
    if reason := invitations.refusal(found):
        return _page(request, {"reason": reason}, status=410)
    if user is not None:
        return _for_user(request, found, user)
    provider = _required_for(found)
    if provider is not None:
        return _page(request, {"invitation": found, "required": must_use(provider)})
    if account_of(found.email) is not None:
        return _page(request, {"invitation": found, "has_account": True})
    return _for_new_user(request, found)


def _required_for(found: Invitation) -> SingleSignOn | None:
    """Return the provider that the invited person must use. Future owners of its member may set a password."""
    provider = SingleSignOn.objects.for_address(found.email)
    if provider is None or not provider.is_required:
        return None
    is_owner = found.role == Membership.Role.OWNER
    return None if is_owner and found.member_id == provider.member_id else provider


def _for_user(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    context = {"invitation": found, "is_for_user": invitations.is_for(found, user)}
    if request.method != "POST":
        return _page(request, context)
    try:
        invitations.accept(invitation=found, by=user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _page(request, context, status=refusal.http_status)
    return _welcome(request, found)


def _for_new_user(request: HttpRequest, found: Invitation) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = NewAccountForm(User(email=found.email), sent)
    if not form.is_valid():
        context = {"invitation": found, "form": form}
        return _page(request, context, status=422 if form.is_bound else 200)
    name, password = form.cleaned_data["name"], form.cleaned_data["password1"]
    try:
        user = invitations.accept_as_new_user(invitation=found, name=name, password=password)
    except Refusal as refusal:
        return _page(request, {"reason": str(refusal)}, status=refusal.http_status)
    get_adapter().login(request, user)
    return _welcome(request, found)


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Say since when the person has access. The start page needs a role that is valid today."""
    facts = {"member": found.member.shown_name}
    authorisation = found.authorisation
    if authorisation is None or authorisation.valid_from <= clock.today():
        messages.success(request, _("You now have access to %(member)s.") % facts)
        return redirect("start")
    facts["day"] = date_format(authorisation.valid_from)
    messages.success(request, _("You have access to %(member)s from %(day)s.") % facts)
    has_role = Membership.objects.in_force().filter(user=person(request)).exists()
    return redirect("start" if has_role else "profile")


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "account/invitation.html", context, status=status)
