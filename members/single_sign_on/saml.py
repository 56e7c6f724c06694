"""SAML 2.0: signed assertions in response to a request of this browser. IdP-initiated login is off."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from members.models import SingleSignOn
from members.services.single_sign_on import Claims

log = structlog.get_logger(__name__)

# A response with a few certificates has about 10 kB, in base64.
MAX_RESPONSE = 200_000
MAX_SUBJECT = 191
_NAMES = (
    "http://schemas.microsoft.com/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "displayName",
    "name",
)
_MAILS = (
    *SAMLProvider.default_attribute_mapping["email"],
    "email",
    "mail",
    "emailAddress",
)


class Untrusted(Exception):
    """The response cannot be trusted. The text is for the log."""


class Provider(SAMLProvider):
    """Starts logins, and reads responses to them."""

    package = "allauth.socialaccount.providers.saml"

    def begin(self, request: HttpRequest, *, email: str, next_url: str | None) -> HttpResponse:
        """Return the redirect to the provider, and keep the number of the request in the session."""
        asked = OneLogin_Saml2_Auth(_request_data(self.app.provider_id), self.app.settings)
        url = asked.login(return_to="")
        self.stash_redirect_state(
            request, AuthProcess.LOGIN, next_url, state_id=asked.get_last_request_id()
        )
        return HttpResponseRedirect(url)

    def complete(self, request: HttpRequest, encoded: str) -> Any:
        """Return the login of a response. Raises :class:`Untrusted`, and ``PermissionDenied`` without a request."""
        try:
            options = OneLogin_Saml2_Settings(self.app.settings)
            response = OneLogin_Saml2_Response(options, encoded)
            asked = response.get_in_response_to()
        except Exception as error:  # noqa: BLE001  (the library raises many kinds for malformed XML)
            raise Untrusted(f"{type(error).__name__}: {error}") from None
        if not asked:
            raise PermissionDenied
        state = self.unstash_redirect_state(request, asked)
        try:
            data = _request_data(self.app.provider_id)
            response.is_valid(data, request_id=asked, raise_exceptions=True)
            self._check_assertion(response, options, asked)
            login = self.sociallogin_from_response(request, response)
        except Exception as error:  # noqa: BLE001  (the library raises many kinds)
            raise Untrusted(f"{type(error).__name__}: {error}") from None
        login.state = state
        return login

    def _check_assertion(self, response: Any, options: Any, asked: str) -> None:
        """Check what the library leaves optional: the audience, and the request that the signed assertion answers."""
        if options.get_sp_data()["entityId"] not in response.get_audiences():
            raise Untrusted("audience")
        confirmed = response._query_assertion(
            "/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"
        )
        if not confirmed or any(node.get("InResponseTo") != asked for node in confirmed):
            raise Untrusted("InResponseTo")
        if not confirmed or not all(node.get("NotOnOrAfter") for node in confirmed):
            raise Untrusted("NotOnOrAfter")

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        login = super().sociallogin_from_response(request, response)
        login.claims = Claims(
            subject=login.account.uid,
            email=login.user.email,
            is_verified=True,
            name=login.user.name,
        )
        return login

    def extract_uid(self, data: Any) -> str:
        """Return the name of the subject. Raises :class:`Untrusted` for one that changes with each login."""
        if data.get_nameid_format() == Constants.NAMEID_TRANSIENT:
            raise Untrusted("transient NameID")
        subject = data.get_nameid()
        if not subject or len(subject) > MAX_SUBJECT:
            raise Untrusted("NameID")
        return str(subject)

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """Keep nothing: the portal needs no further personal data."""
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """Return name and address. The provider is trusted for the addresses of its own domains."""
        attributes = data.get_attributes()
        email = _first(attributes, _MAILS)
        if not email and "@" in str(data.get_nameid()):
            email = str(data.get_nameid())
        return {"email": email, "name": _first(attributes, _NAMES), "email_verified": True}


def parse_metadata(xml: str) -> dict[str, Any]:
    """Return the facts of a provider's metadata. Raises :class:`ValidationError`.

    Documents with a document type or entities are refused by the parser.
    """
    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(
            xml.strip().encode(), required_sso_binding=Constants.BINDING_HTTP_REDIRECT
        ).get("idp", {})
    except Exception as error:  # noqa: BLE001  (the library raises many kinds for malformed XML)
        log.info("metadata_refused", error=type(error).__name__)
        raise ValidationError(_("This is not the metadata of a SAML identity provider.")) from None
    url = found.get("singleSignOnService", {}).get("url", "")
    if not found.get("entityId") or not (found.get("x509cert") or found.get("x509certMulti")):
        raise ValidationError(_("The metadata has no entity ID or no certificate for signatures."))
    if not url.startswith(schemes()):
        raise ValidationError(_("The metadata has no https URL for logins by HTTP-Redirect."))
    found.pop("singleLogoutService", None)
    return dict(found)


def schemes() -> tuple[str, ...]:
    """Return how the URLs of providers may begin."""
    return ("https://", "http://") if settings.WEBHOOK_ALLOW_PRIVATE else ("https://",)


def settings_of(row: SingleSignOn) -> dict[str, Any]:
    """Return the settings of python3-saml for a provider with valid metadata."""
    return {**service_provider(row.key), "idp": parse_metadata(row.metadata)}


def identity_of(row: SingleSignOn) -> tuple[str, ...]:
    """Return what makes a provider the same one. Subjects of one identity mean nothing in another.

    Some OpenID Connect providers give each client other subjects. A SAML provider with invalid metadata has no entity
    ID.
    """
    if row.kind == SingleSignOn.Kind.OIDC:
        return (row.kind, row.issuer.rstrip("/"), row.client_id)
    try:
        return (row.kind, str(parse_metadata(row.metadata)["entityId"]))
    except ValidationError:
        return (row.kind, "")


def service_provider(key: str) -> dict[str, Any]:
    """Return what the portal says about itself to the provider with this key."""
    return {
        "strict": True,
        "sp": {
            "entityId": entity_id(key),
            "assertionConsumerService": {
                "url": acs_url(key),
                "binding": Constants.BINDING_HTTP_POST,
            },
            "NameIDFormat": Constants.NAMEID_UNSPECIFIED,
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "allowRepeatAttributeName": True,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "allowSingleLabelDomains": True,
        },
    }


def sp_metadata(key: str) -> bytes:
    """Return the portal's own metadata for the provider with this key, as XML."""
    options = OneLogin_Saml2_Settings(service_provider(key), sp_validation_only=True)
    metadata: Any = options.get_sp_metadata()
    return metadata.encode() if isinstance(metadata, str) else bytes(metadata)


def entity_id(key: str) -> str:
    """Return the entity ID of the portal, which is the URL of its metadata."""
    return f"{settings.SITE_URL}{reverse('saml_metadata', args=[key])}"


def acs_url(key: str) -> str:
    """Return the URL to which the provider posts responses."""
    return f"{settings.SITE_URL}{reverse('saml_acs', args=[key])}"


def _request_data(key: str) -> dict[str, Any]:
    """Return the current URL for python3-saml: the public one, not that of the request's headers."""
    parts = urlsplit(acs_url(key))
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": {},
    }


def _first(attributes: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        if values := attributes.get(name):
            return str(values[0] or "").replace("\0", "").strip()
    return ""
