"""Views that belong to no app."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import i18n
from django.views.decorators.http import require_POST, require_safe

from alliance.context import start_page


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Redirect a person who has logged in to the start page of their role."""
    return redirect(start_page(request.user))


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Set the language cookie and, for a logged-in user, the language of the account."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):  # Django accepts every language that it supports
        return redirect("public:home")
    response = i18n.set_language(request)
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return response
