"""Single sign-on: the address selects the provider, the browser goes there, and its response comes back."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from requests import RequestException

from alliance.lib.sealing import CannotOpen
from members.forms.single_sign_on import StartForm
from members.models import SingleSignOn
from members.single_sign_on import oidc, pages, saml

# The provider, address and target of a login that was started by the form.
_PENDING = "single_sign_on"
# A response waits this long for the redirect of its browser.
_RESPONSE_SECONDS = 60


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the email address, and choose the provider of its domain. The login form posts here too."""
    next_url = get_next_redirect_url(request)
    if request.user.is_authenticated:
        return redirect(next_url or "start")
    if request.method != "POST":
        return render(
            request, "account/single_sign_on.html", {"form": StartForm(), "next": next_url}
        )
    if limited := _limited(request, "single_sign_on"):
        return limited
    form = StartForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "next": next_url}
        return render(request, "account/single_sign_on.html", context, status=422)
    request.session[_PENDING] = [form.provider.key, form.cleaned_data["login"], next_url]
    return redirect("single_sign_on_leave")


@login_not_required
@never_cache
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Tell the browser to go on to the provider.

    The strict policy lets forms go to the portal alone, redirects included. A page that refreshes itself is not bound.
    """
    found = _pending(request)
    if found is None:
        return redirect("single_sign_on")
    return render(request, "account/single_sign_on_leave.html", {"member": found[0].member})


@login_not_required
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Redirect to the provider.

    Only after the form: a link of another site must not log a visitor in to an account of that site's owner.
    """
    if limited := _limited(request, "single_sign_on_start"):
        return limited
    found = _pending(request)
    if found is None:
        return redirect("single_sign_on")
    row, email, next_url = found
    try:
        provider = get_adapter().get_provider(request, provider=row.key)
        response: HttpResponse = provider.begin(request, email=email, next_url=next_url)
    except (RequestException, OAuth2Error, CannotOpen, ValidationError) as error:
        detail = f"{type(error).__name__}: {error}" if isinstance(error, RequestException) else ""
        return pages.failed(
            request, pages.unreachable(), kind="unreachable", status=424, detail=detail
        )
    return response


@login_not_required
@never_cache
@require_GET
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """Take the response of an OpenID Connect provider."""
    if limited := _limited(request, "single_sign_on_response"):
        return limited
    row = get_object_or_404(SingleSignOn, key=key, kind=SingleSignOn.Kind.OIDC)
    if page := _switched_off(request, row):
        return page
    view = oidc.Callback.adapter_view(oidc.Adapter(request, key))
    try:
        response: HttpResponse = view(request)
    except (CannotOpen, SocialApp.DoesNotExist):
        return pages.failed(request, pages.unreachable(), kind="unreachable", status=424)
    return response


@login_not_required
@require_GET
def metadata(request: HttpRequest, key: str) -> HttpResponse:
    """Show the portal's own SAML metadata for a provider. It is public, and needed before the provider is active."""
    row = get_object_or_404(SingleSignOn, key=key, kind=SingleSignOn.Kind.SAML)
    return HttpResponse(saml.sp_metadata(row.key), content_type="text/xml; charset=utf-8")


@csrf_exempt  # the provider's page posts here; the response must answer a request of this browser
@login_not_required
@never_cache
@require_POST
def acs(request: HttpRequest, key: str) -> HttpResponse:
    """Take a SAML response, which comes without the session: cookies are not sent with a form of another site.

    It is kept for a moment, and read after the redirect, which brings the session.
    """
    row = get_object_or_404(SingleSignOn, key=key, kind=SingleSignOn.Kind.SAML)
    if limited := _limited(request, "single_sign_on_response"):
        return limited
    response = request.POST.get("SAMLResponse", "")
    if not response or len(response) > saml.MAX_RESPONSE:
        return pages.failed(request, pages.unverified(), kind="invalid", detail="no response")
    token = secrets.token_urlsafe(16)
    cache.set(_cache_key(key, token), response, _RESPONSE_SECONDS)
    return redirect("saml_acs_finish", row.key, token)


@login_not_required
@never_cache
@require_GET
def acs_finish(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Read the SAML response that was just posted, once."""
    row = get_object_or_404(SingleSignOn, key=key, kind=SingleSignOn.Kind.SAML)
    encoded = cache.get(_cache_key(key, token))
    if not encoded or not cache.delete(_cache_key(key, token)):
        return pages.failed(request, pages.expired(), kind="no_response")
    if page := _switched_off(request, row):
        return page
    try:
        login: Any = get_adapter().get_provider(request, provider=key).complete(request, encoded)
    except PermissionDenied:  # unsolicited, or used before
        return pages.failed(request, pages.expired(), kind="no_state")
    except (saml.Untrusted, ValidationError, SocialApp.DoesNotExist) as error:
        return pages.failed(request, pages.unverified(), kind="invalid", detail=str(error)[:300])
    response: HttpResponse = complete_social_login(request, login)
    return response


def _pending(request: HttpRequest) -> tuple[SingleSignOn, str, str | None] | None:
    """Return what the form has chosen in this browser, if the provider is still in use."""
    key, email, next_url = request.session.get(_PENDING) or ("", "", None)
    row = SingleSignOn.objects.in_use().filter(key=key).select_related("member").first()
    return (row, email, next_url) if row else None


def _switched_off(request: HttpRequest, row: SingleSignOn) -> HttpResponse | None:
    if SingleSignOn.objects.in_use().filter(pk=row.pk).exists():
        return None
    text = _("Single sign-on of %(member)s is switched off.") % {"member": row.member.shown_name}
    return pages.failed(request, text, kind="off")


def _limited(request: HttpRequest, action: str) -> HttpResponse | None:
    """Count the step of a login, and return the page for too many. The provider's redirects are GET requests."""
    found: HttpResponse | None = ratelimit.consume_or_429(
        request, app="allauth.account", action=action, limit_get=True
    )
    return found


def _cache_key(key: str, token: str) -> str:
    return f"saml:{key}:{token}"
