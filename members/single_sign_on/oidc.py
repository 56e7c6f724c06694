"""OpenID Connect: allauth's provider with a nonce, checked signatures and strict reading of responses."""

from __future__ import annotations

import hmac
import secrets
from functools import cached_property
from typing import Any
from urllib.parse import quote

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException
from requests.auth import HTTPBasicAuth

from members.services.single_sign_on import Claims
from members.single_sign_on.saml import schemes

DISCOVERY = "/.well-known/openid-configuration"
SCOPES = ("openid", "email", "profile")
# Signatures with a public key only: anybody who knows the client secret could make an HMAC.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
CLOCK_SKEW_SECONDS = 60
MAX_SUBJECT = 191
MAX_CODE = 4096
# Claims that say that the address is verified. Microsoft Entra ID sends the second one.
_VERIFIED = ("email_verified", "xms_edov")
_TRUE = (True, "true", "True", "1", 1)


class Adapter(OpenIDConnectOAuth2Adapter):
    """Requests to the provider. Raises :class:`OAuth2Error` for a response that cannot be trusted."""

    nonce = ""

    def get_provider(self) -> Any:
        return self._provider

    @cached_property
    def _provider(self) -> Any:
        return super().get_provider()

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """The discovery document: the issuer is the configured one, and the endpoints are safe URLs."""
        expected = self._provider.app.settings["issuer"]
        config = _get(self._provider.server_url)
        if str(config.get("issuer")).rstrip("/") != expected.rstrip("/"):
            raise OAuth2Error("issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            _check_url(config.get(name), name)
        methods = config.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        config["token_endpoint_auth_methods_supported"] = methods if type(methods) is list else []
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return callback_url(app.provider_id)

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Exchange the code. Returns the token endpoint's response."""
        data = {
            "grant_type": "authorization_code",
            "code": request.GET.get("code", "")[:MAX_CODE],
            "redirect_uri": client.callback_url,
            "code_verifier": pkce_code_verifier or "",
        }
        auth = None
        if self.basic_auth:
            auth = HTTPBasicAuth(quote(app.client_id, safe=""), quote(app.secret, safe=""))
        else:
            data |= {"client_id": app.client_id, "client_secret": app.secret}
        with get_adapter().get_requests_session() as session:
            answer = _object(session.post(self.access_token_url, data=data, auth=auth))
        if not isinstance(answer.get("id_token"), str):
            raise OAuth2Error("id_token")
        if not str(answer.get("access_token", "")).isascii():  # it is sent in a header
            raise OAuth2Error("access_token")
        return answer

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        return SocialToken(token=str(data.get("access_token", "")))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        claims = self._claims(app, kwargs["response"]["id_token"])
        if "email" not in claims and (url := self.openid_config.get("userinfo_endpoint")):
            _check_url(url, "userinfo_endpoint")
            more = _get(url, token=token.token)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo")
            claims = more | claims
        return self._provider.sociallogin_from_response(request, claims)

    def _claims(self, app: Any, id_token: str) -> dict[str, Any]:
        """Return the claims of the ID token. Signature, issuer, audience, expiry and nonce are checked."""
        config = self.openid_config
        try:
            header = jwt.get_unverified_header(id_token)
            algorithm = header["alg"]
            if algorithm not in ALGORITHMS:
                raise OAuth2Error("alg")
            key = jwt.PyJWK(_pick(_get(config["jwks_uri"]), header.get("kid")), algorithm).key
            claims = jwt.decode(
                id_token,
                key,
                algorithms=[algorithm],
                audience=app.client_id,
                issuer=config["issuer"],
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (
            jwt.PyJWTError,
            KeyError,
            TypeError,
            ValueError,
            RecursionError,  # deeply nested lists
        ) as error:
            raise OAuth2Error(type(error).__name__) from None
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("azp")
        if not self.nonce or not hmac.compare_digest(
            _text(claims.get("nonce")).encode(), self.nonce.encode()
        ):
            raise OAuth2Error("nonce")
        subject = claims["sub"]
        if not 0 < len(_unchanged(subject)) <= MAX_SUBJECT:
            raise OAuth2Error("sub")
        return dict(claims)


class Provider(OpenIDConnectProvider):
    """Reads the claims of a person. Parameters of the request do not change the login."""

    package = "allauth.socialaccount.providers.openid_connect"
    oauth2_adapter_class = Adapter

    def begin(self, request: HttpRequest, *, email: str, next_url: str | None) -> HttpResponse:
        """Return the redirect to the provider, with state, nonce and PKCE.

        Raises :class:`OAuth2Error` and :class:`requests.RequestException`.
        """
        nonce = secrets.token_urlsafe(24)
        response: HttpResponse = self.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=next_url,
            scope=SCOPES,
            auth_params={"nonce": nonce, "login_hint": email},
            nonce=nonce,
        )
        return response

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        login = super().sociallogin_from_response(request, response)
        addresses = login.email_addresses
        login.claims = Claims(
            subject=login.account.uid,
            email=addresses[0].email if addresses else "",
            is_verified=bool(addresses) and addresses[0].verified,
            name=login.user.name,
        )
        return login

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep nothing: the portal needs no further personal data."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": _unchanged(data.get("email")), "name": _text(data.get("name"))}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        verified = any(data.get(name) in _TRUE for name in _VERIFIED)
        email = _unchanged(data.get("email"))
        return [EmailAddress(email=email, verified=verified, primary=True)] if email else []


class Callback(OAuth2CallbackView):
    """allauth's callback, which also gives the nonce of the login to the adapter."""

    adapter: Adapter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)
        except (
            RequestException,
            OAuth2Error,
        ) as error:  # of the discovery, which allauth does not catch
            response = render_authentication_error(
                request, self.adapter.get_provider(), exception=error
            )
        return response

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce") or ""
        return state, response


def callback_url(key: str) -> str:
    """Return the redirect URI of the provider with this key."""
    return f"{settings.SITE_URL}{reverse('openid_connect_callback', args=[key])}"


def _check_url(url: Any, name: str) -> None:
    if not _unchanged(url).startswith(schemes()):
        raise OAuth2Error(name)


def _get(url: str, *, token: str = "") -> dict[str, Any]:
    headers = {"accept": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    with get_adapter().get_requests_session() as session:
        return _object(session.get(url, headers=headers))


def _object(response: Any) -> dict[str, Any]:
    """Return the JSON object of a response.

    Raises ``RequestException`` for an error or a body that is not JSON, and :class:`OAuth2Error` for other JSON.
    """
    response.raise_for_status()
    try:
        found = response.json()
    except RequestException:
        raise
    except (ValueError, RecursionError) as error:  # a very long number, or deeply nested lists
        raise OAuth2Error(type(error).__name__) from None
    if not isinstance(found, dict):
        raise OAuth2Error("not_an_object")
    return found


def _pick(keys: dict[str, Any], kid: Any) -> dict[str, Any]:
    """Return the key with this id, or the only key if the token names none. Raises :class:`OAuth2Error`."""
    listed = keys.get("keys")
    usable = [key for key in listed if isinstance(key, dict)] if isinstance(listed, list) else []
    matching = [key for key in usable if kid is None or key.get("kid") == kid]
    if len(matching) != 1:
        raise OAuth2Error("kid")
    return matching[0]


def _text(value: Any) -> str:
    """Return a text without what cannot be stored: NUL, and halves of surrogate pairs, which JSON may have."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode(errors="ignore").decode()


def _unchanged(value: Any) -> str:
    """Return a text that identifies something, or ``""`` if it cannot be stored as it is."""
    return value if isinstance(value, str) and _text(value) == value else ""
