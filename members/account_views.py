"""Pages about a person's own account: the profile, and accepting an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.lib import time_zones
from alliance.lib.refusals import Refusal
from members.account_forms import ProfileForm
from members.models import Invitation, User
from members.people_forms import NewAccountForm
from members.services import invitations


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the name, language and time zone of the logged-in user."""
    assert request.user.is_authenticated
    # Another instance, because a form with errors changes its instance, which the header shows.
    user = User.objects.get(pk=request.user.pk)
    sent = request.POST if request.method == "POST" else None
    form = ProfileForm(sent, instance=user, browser_zone=time_zones.of_browser(request))
    if form.is_valid():
        user.save(update_fields=list(form.cleaned_data))
        messages.success(request, _("Your profile is saved."))
        response = redirect("profile")
        # The cookie has the language chosen for this browser only, which would take precedence.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    status = 422 if form.is_bound else 200
    return render(request, "account/profile.html", {"form": form}, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """Show an invitation and accept it: as the logged-in user, or with a new account.

    Opening the link changes nothing, because mail scanners open links too.
    """
    found = Invitation.objects.select_related("member", "invited_by").with_key(key)
    if found is None:
        return render(
            request, "account/invitation.html", {"reason": _("This link is not valid.")}, status=404
        )
    user = request.user if isinstance(request.user, User) else None
    context: dict[str, Any] = {"invitation": found, "reason": invitations.refusal(found)}
    if user is not None:
        context["is_for_user"] = invitations.is_for(found, user)
        if found.accepted_by_id == user.pk:
            return redirect("start")
    elif not context["reason"]:
        context["has_account"] = invitations.account_of(found.email) is not None
    if not context["reason"] and user is None and not context["has_account"]:
        sent = request.POST if request.method == "POST" else None
        context["form"] = NewAccountForm(sent, email=found.email)
    if request.method == "POST" and not context["reason"]:
        return _accept(request, found, user, context)
    return render(
        request, "account/invitation.html", context, status=410 if context["reason"] else 200
    )


def _accept(
    request: HttpRequest, found: Invitation, user: User | None, context: dict[str, Any]
) -> HttpResponse:
    form: NewAccountForm | None = context.get("form")
    try:
        if user is not None:
            invitations.accept(invitation=found, by=user)
        elif form is not None and form.is_valid():
            user = invitations.accept_as_new_user(
                invitation=found,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password1"],
            )
            get_adapter().login(request, user)
        else:
            return render(request, "account/invitation.html", context, status=422)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return render(request, "account/invitation.html", context, status=422)
    messages.success(
        request,
        _("You now have access to %(member)s.") % {"member": found.member.shown_name},
    )
    return redirect("start")
