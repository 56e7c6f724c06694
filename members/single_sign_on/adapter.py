"""The social account adapter of allauth: providers, requests to them, and the decision about each login."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from requests import RequestException, Session

from alliance.lib import outgoing
from alliance.lib.refusals import Refusal
from members.models import SingleSignOn
from members.services import single_sign_on as service
from members.single_sign_on import pages, saml
from members.single_sign_on.oidc import DISCOVERY

_PROVIDERS = {SingleSignOn.Kind.OIDC: "openid_connect", SingleSignOn.Kind.SAML: "saml"}


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Logs people in by the identity providers of members. Nobody connects or signs up by themselves."""

    # --- Providers ----------------------------------------------------------------------------
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the providers in use as allauth's applications, which are not saved.

        ``provider`` is the key of a provider, or the id of allauth's provider.
        """
        rows = SingleSignOn.objects.in_use().select_related("member")
        if provider:
            kinds = [kind for kind, name in _PROVIDERS.items() if name == provider]
            rows = rows.filter(Q(key=provider) | Q(kind__in=kinds))
        apps = [app_of(row) for row in rows]
        return [app for app in apps if client_id in (None, app.client_id)]

    def get_requests_session(self) -> Session:
        """Return a session that reaches public addresses only, within ``SINGLE_SIGN_ON_SECONDS`` for each request."""
        return outgoing.session(
            private=settings.WEBHOOK_ALLOW_PRIVATE, seconds=settings.SINGLE_SIGN_ON_SECONDS
        )

    # --- Logins -------------------------------------------------------------------------------
    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = sociallogin.user
        user.email, user.name = str(data.get("email") or ""), str(data.get("name") or "")
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Replace what allauth found by the account that may log in. Raises ``ImmediateHttpResponse``."""
        found = SingleSignOn.objects.select_related("member").get(key=sociallogin.account.provider)
        try:
            sociallogin.account = service.admit(provider=found, claims=sociallogin.claims)
        except Refusal as refusal:
            page = pages.failed(request, str(refusal), kind="refused")
            raise ImmediateHttpResponse(page) from None
        sociallogin.user = sociallogin.account.user
        service.record_test(found)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Show the portal's page instead of allauth's. Raises ``ImmediateHttpResponse``."""
        if error == AuthError.CANCELLED:
            messages.info(request, _("The login was cancelled."))
            raise ImmediateHttpResponse(redirect("account_login"))
        detail = type(exception).__name__
        if isinstance(exception, RequestException):
            page = pages.failed(
                request, pages.unreachable(), kind="unreachable", status=424, detail=str(exception)
            )
        elif exception is None and "state" not in (extra_context or {}):
            page = pages.failed(request, pages.expired(), kind="no_state")
        else:
            page = pages.failed(request, pages.unverified(), kind="invalid", detail=detail)
        raise ImmediateHttpResponse(page)


def app_of(row: SingleSignOn) -> SocialApp:
    """Return a provider as allauth's application, with the secret in plain text. It must not be saved."""
    app = SocialApp(
        provider=_PROVIDERS[SingleSignOn.Kind(row.kind)],
        provider_id=row.key,
        name=row.member.shown_name,
        client_id=row.client_id or row.key,
        secret=row.secret,
    )
    if row.kind == SingleSignOn.Kind.OIDC:
        app.settings = {"server_url": row.issuer.rstrip("/") + DISCOVERY, "issuer": row.issuer}
    else:
        app.settings = saml.settings_of(row)
    return app
