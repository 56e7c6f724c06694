"""The account adapter of allauth."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alliance.lib import language, time_zones
from members.mail import account as account_mail
from members.services import single_sign_on
from members.single_sign_on import pages as single_sign_on_pages

_APP = "allauth.account"
# The rate limit of wrong passwords per account from all clients: see ACCOUNT_RATE_LIMITS.
_ANYWHERE = "login_failed_anywhere"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are created by invitation; there is no sign-up.

    Links and host names in emails are built from ``SITE_URL``, because clients control the ``Host`` header and the
    path of a request.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many failed login attempts. Log in with a passkey, request a link to set a new password,"
            " or try again in a few minutes."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Log ``user`` in, and activate the language of the account for the rest of the request.

        The browser's time zone becomes the user's until the user chooses one.
        """
        if not user.time_zone and (zone := time_zones.of_browser(request)):
            user.time_zone = zone
            user.save(update_fields=["time_zone"])
        super().login(request, user)
        language.activate_for(request, user.language)

    def pre_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse | None:
        """Refuse people who must use single sign-on and log in otherwise, also by passkey or by a password link."""
        refused: HttpResponse | None = super().pre_login(request, user, **options)
        if refused:
            return refused
        if (options.get("signal_kwargs") or {}).get("sociallogin"):
            return None
        provider = single_sign_on.required_for(user)
        return None if provider is None else single_sign_on_pages.required(request, provider)

    # --- Email --------------------------------------------------------------------------------
    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        ).replace("UID-KEY", quote(key))
        return f"{settings.SITE_URL}{path}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return f"{settings.SITE_URL}{path}"

    def send_account_already_exists_mail(self, email: str) -> None:
        url = settings.SITE_URL + reverse("account_reset_password")
        context = {"password_reset_url": url, "signup_url": settings.SITE_URL}
        self.send_mail("account/email/account_already_exists", email, context)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> Any:
        site = {"name": gettext("Alliance Portal"), "domain": urlsplit(settings.SITE_URL).netloc}
        return super().render_mail(
            template_prefix, email, context | {"current_site": site}, headers
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the email now, or in the background within :func:`members.mail.account.in_background`."""
        context = {"request": current.request, "email": email} | context
        account_mail.send(self.render_mail(template_prefix, email, context))

    # --- Limits -------------------------------------------------------------------------------
    # Wrong passwords are counted per client address and account, so that an attacker does not lock out the owner. A
    # higher limit applies to the account alone, against attempts from many addresses. Passkeys and emailed links are
    # not counted.
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        self._anywhere = ratelimit.consume(
            request, app=_APP, action=_ANYWHERE, key=_login_of(credentials)
        )
        if not self._anywhere:
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{ratelimit.get_ip(request)} {_login_of(credentials)}"

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if self._anywhere:
            self._anywhere.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, app=_APP, action=_ANYWHERE, key=_login_of(credentials))


def _login_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "").lower()
