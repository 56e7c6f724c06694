"""The portal's middleware, in the order of ``MIDDLEWARE``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory.middleware
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

from alliance import pages
from alliance.lib import form_recovery, language, time_zones
from alliance.lib.api import problems

GetResponse = Callable[[HttpRequest], HttpResponse]

# URL names that do not require two-factor authentication: the pages that set it up, the account pages, logout, the
# health checks and the pages about the portal. The check uses the resolved view and not the path, because a header can
# add a prefix to the path.
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
# URL arguments that are one-time keys.
_ONE_TIME_KEYS = frozenset({"key", "uidb36"})

# Accepted charsets of a body. US-ASCII is a subset of UTF-8 that old clients declare.
_UTF_8 = ("utf-8", "utf8", "us-ascii")

_MAX_NEXT_LENGTH = 4000

# Recovery codes are a fallback for these factors and do not count as one.
_SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def security_headers(get_response: GetResponse) -> GetResponse:
    """Set security headers that Django does not: no browser features, no embedding by other origins."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
        )
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def problems_for_programs(get_response: GetResponse) -> GetResponse:
    """Answer requests for an API with ``application/problem+json`` where people would get an error page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if problems.of_request(request):
            problems.replace(response)
        return response

    return middleware


def utf_8_only(get_response: GetResponse) -> GetResponse:
    """Return 415 for a request that declares a charset other than UTF-8, before its fields are read.

    Some Python codecs are not text encodings, and some raise their own errors for invalid bytes. Browsers send the
    portal's forms as UTF-8, because its pages are UTF-8.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() in _UTF_8:
            return get_response(request)
        return HttpResponse(render_to_string("415.html"), status=415)

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """Keep personal pages out of shared caches, and clear the browser's cache at logout.

    ``no-store`` is not used: browsers would discard form input when a person goes back to a page.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        was_authenticated = request.user.is_authenticated
        response = get_response(request)
        if was_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        if was_authenticated and not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache"'
        return response

    return middleware


def recover_forms(get_response: GetResponse) -> GetResponse:
    """Save form input when the session has expired. See :mod:`alliance.lib.form_recovery`."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(self, request: HttpRequest, *_: Any) -> None:
            # After the CSRF check and before the login check, which rejects this request.
            # The fields of a request for an API are not read before a token authenticates it: its files would be lost.
            is_form = request.method == "POST" and not problems.of_request(request)
            if is_form and not request.user.is_authenticated:
                form_recovery.save(request)

    return Middleware()


def short_next(get_response: GetResponse) -> GetResponse:
    """Return 400 for an overlong ``next``: pages repeat it in several links."""

    class Middleware:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(self, request: HttpRequest, *_: Any) -> None:
            given = [request.GET.get("next", "")]
            if not problems.of_request(request):
                given.append(request.POST.get("next", ""))
            if max(map(len, given)) > _MAX_NEXT_LENGTH:
                raise BadRequest("next is too long")

    return Middleware()


def user_preferences(get_response: GetResponse) -> GetResponse:
    """Activate the user's time zone and, without a language cookie, the user's language."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return get_response(request)
        language.activate_for(request, user.language)
        with timezone.override(time_zones.named(user.time_zone)):
            return get_response(request)

    return middleware


def require_second_factor(get_response: GetResponse) -> GetResponse:
    """Redirect moderators, officers and admins to *Account security* until two-factor authentication is set up."""

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
                gettext("Your role requires two-factor authentication. Set it up to continue."),
            )
            return redirect("mfa_index")

    return Middleware()


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in OPEN_WITHOUT_SECOND_FACTOR


class HistoryMiddleware(pghistory.middleware.HistoryMiddleware):
    """Records user and path with every change. Safe requests are skipped."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            response: HttpResponse = self.get_response(request)
        else:
            response = super().__call__(request)
        return response

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """Return the context to store. A path with a one-time key is replaced by the route of its view."""
        context = super().get_context(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return context
        if _ONE_TIME_KEYS & match.kwargs.keys():
            context["url"] = f"/{match.route}"
        return context
