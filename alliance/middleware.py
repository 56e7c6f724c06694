"""Middleware of the portal's own, in the order in which requests meet it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

import pghistory.middleware
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from alliance import pages
from alliance.lib import language, typed

Handler = Callable[[HttpRequest], HttpResponse]

# Names of the URL patterns that are open to a person who still lacks the second factor: the pages that set it
# up, those of the account itself, and the way out. The decision is about the resolved view, never about the
# path: a path can be given a prefix by a header.
OPEN_WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_change_password",
        "account_confirm_email",
        "account_email",
        "account_email_verification_sent",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_login_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "usersessions_list",
        "set_language",
        "healthz",
        "readyz",
    }
) | {f"pages:{name}" for name in pages.NAMES}
# Arguments of a path that are one-time keys.
_ONE_TIME_KEYS = frozenset({"key", "uidb36"})

# What a body may say of its charset. US-ASCII is the part of UTF-8 that old clients name.
_UTF_8 = ("utf-8", "utf8", "us-ascii")

_NEXT_AT_MOST = 4000

# Recovery codes stand in for one of these; by themselves they are none.
_SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def security_headers(get_response: Handler) -> Handler:
    """Send the headers that Django does not: no browser features, nothing embeds us."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def utf_8_only(get_response: Handler) -> Handler:
    """Answer 415 to a request that declares another charset than UTF-8, before anything reads its fields.

    Python knows codecs that are no charsets of texts, or raise errors of their own on bytes that do not fit. No
    browser sends a form of the portal in any of them, since the portal's pages are UTF-8.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() in _UTF_8:
            return get_response(request)
        if request.content_type == "application/json":
            return JsonResponse({"detail": "The body must be UTF-8."}, status=415)
        return HttpResponse(render_to_string("415.html"), status=415)

    return middleware


def private_pages(get_response: Handler) -> Handler:
    """Let no shared cache keep what was made for one person, and no browser after logging out.

    Not ``no-store``: browsers then forget what was typed into a page when one goes back to it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        known = request.user.is_authenticated
        response = get_response(request)
        if known and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        if known and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache"'
        return response

    return middleware


def keep_typed(get_response: Handler) -> Handler:
    """Keep what was typed when a session ran out: see :mod:`alliance.lib.typed`."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(self, request: HttpRequest, *_: Any) -> None:
            # After the CSRF check and before the login check, which is about to turn this away.
            if request.method == "POST" and not request.user.is_authenticated:
                typed.keep(request)

    return Middleware()


def short_next(get_response: Handler) -> Handler:
    """Answer 400 to a ``next`` that is longer than any address: pages would repeat it in several links."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(self, request: HttpRequest, *_: Any) -> None:
            given = (request.GET.get("next", ""), request.POST.get("next", ""))
            if max(map(len, given)) > _NEXT_AT_MOST:
                raise BadRequest("next is too long")

    return Middleware()


def user_preferences(get_response: Handler) -> Handler:
    """Show times in the person's own time zone, and remember the language they chose."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return get_response(request)
        language.activate_for(request, user.language)
        try:
            zone = zoneinfo.ZoneInfo(user.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = zoneinfo.ZoneInfo("UTC")
        with timezone.override(zone):
            return get_response(request)

    return middleware


def require_second_factor(get_response: Handler) -> Handler:
    """Redirect moderators, officers and admins to *Account security* until they have a second factor."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
            if not settings.REQUIRE_SECOND_FACTOR or _is_open(request):
                return None
            user = request.user
            if not user.is_authenticated or not user.needs_second_factor:
                return None
            if is_mfa_enabled(user, _SECOND_FACTORS):
                return None
            messages.warning(
                request,
                gettext("Your role needs a second factor. Set one up to go on: it takes a minute."),
            )
            return redirect("mfa_index")

    return Middleware()


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in OPEN_WITHOUT_SECOND_FACTOR


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Writes user and path beside every change, for requests that may change something."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            response: HttpResponse = self.get_response(request)
        else:
            response = super().__call__(request)
        return response

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return what is stored. A path with a one-time key is stored as the route of its view."""
        context = super().get_context(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return context
        if _ONE_TIME_KEYS & match.kwargs.keys():
            context["url"] = f"/{match.route}"
        return context
