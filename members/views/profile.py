"""The page of a person's own name, language, time zone and notification settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.lib import time_zones
from members.forms.account import ProfileForm
from members.forms.notifications import NotificationForm
from members.models import NotificationSetting, User
from members.services import profile as service
from members.views.http import person


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the profile of the logged-in user. Brand staff and moderators also choose their emails."""
    # Another instance, because a form with errors changes its instance, which the header shows.
    user = User.objects.get(pk=person(request).pk)
    sent = request.POST if request.method == "POST" else None
    form = ProfileForm(sent, instance=user, browser_zone=time_zones.of_browser(request))
    notifications = _notification_form(user, sent)
    forms = [form, notifications] if notifications else [form]
    if sent is not None and all(one.is_valid() for one in forms):
        chosen = notifications.cleaned_data if notifications else {}
        service.save(by=person(request), notifications=chosen, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        response = redirect("profile")
        # The cookie has the language chosen for this browser only, which would take precedence.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    context = {"form": form, "notifications": notifications}
    status = 422 if form.is_bound else 200
    return render(request, "account/profile.html", context, status=status)


@require_POST
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Switch keyboard shortcuts on (``on=1``) or off. The list of shortcuts sends this."""
    service.save(by=person(request), notifications={}, uses_shortcuts=request.POST.get("on") == "1")
    return HttpResponse(status=204)


def _notification_form(user: User, sent: Any) -> NotificationForm | None:
    """Return the settings of the emails that brand staff or moderators get. Officers and admins get none."""
    if user.needs_second_factor and not user.is_moderator:
        return None
    chosen = NotificationSetting.objects.of(user)
    return NotificationForm(sent, frequencies=chosen, moderator=user.is_moderator)
