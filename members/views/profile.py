"""The page of a person's own name, language and time zone."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alliance.lib import time_zones
from members.forms.account import ProfileForm
from members.models import User
from members.views.http import person


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the name, language and time zone of the logged-in user."""
    # Another instance, because a form with errors changes its instance, which the header shows.
    user = User.objects.get(pk=person(request).pk)
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
