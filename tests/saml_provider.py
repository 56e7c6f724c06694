"""A SAML identity provider: its metadata, and the responses that it signs with a key made by the test."""

from __future__ import annotations

import base64
import uuid
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY = "https://saml.velmondra.example/idp"
LOGIN = "https://saml.velmondra.example/login"


class SamlProvider:
    """A provider with a key and a certificate of its own."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "saml.velmondra.example")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )
        self.key = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        signed = made.sign(key, hashes.SHA256())
        self.certificate = signed.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def metadata(self) -> str:
        bare = "".join(self.certificate.splitlines()[1:-1])
        return f"""<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
      <ds:X509Data><ds:X509Certificate>{bare}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{LOGIN}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>"""

    def respond(self, asked: str, *, to: str, audience: str, email: str, **changes: Any) -> str:
        """Return a signed response to the request ``asked``, in base64.

        ``changes``: ``issuer``, ``confirms`` (the request that the assertion names; ``""`` for none), ``minutes`` of
        validity, ``sign`` (whether to sign), ``alter`` (a change of the signed text) and ``audiences``.
        """
        now = datetime.now(UTC)
        moment = "%Y-%m-%dT%H:%M:%SZ"
        issuer = f"<saml:Issuer>{changes.get('issuer', ENTITY)}</saml:Issuer>"
        confirms = changes.get("confirms", asked)
        answers = f'InResponseTo="{confirms}"' if confirms else ""
        until = (now + timedelta(minutes=changes.get("minutes", 5))).strftime(moment)
        restriction = (
            f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
            if changes.get("audiences", True)
            else ""
        )
        names = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
        assertion = f"""<saml:Assertion {names} ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{now.strftime(moment)}">
{issuer}<saml:Subject><saml:NameID Format="{changes.get("format", Constants.NAMEID_PERSISTENT)}">subject-of-{email}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
 NotOnOrAfter="{until}" Recipient="{to}" {answers}/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{(now - timedelta(minutes=9)).strftime(moment)}" NotOnOrAfter="{until}">{restriction}</saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now.strftime(moment)}"><saml:AuthnContext><saml:AuthnContextClassRef>
urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="urn:oid:0.9.2342.19200300.100.1.3">
<saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute><saml:Attribute Name="displayName">
<saml:AttributeValue>Sol Saml</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
        if changes.get("sign", True):
            assertion = OneLogin_Saml2_Utils.add_sign(
                assertion,
                self.key,
                self.certificate,
                sign_algorithm=Constants.RSA_SHA256,
                digest_algorithm=Constants.SHA256,
            ).decode()
            assertion = assertion.replace('<?xml version="1.0"?>', "")
        if alter := changes.get("alter"):
            assertion = assertion.replace(*alter)
        in_response = f'InResponseTo="{asked}"' if asked else ""
        response = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" {names} ID="_{uuid.uuid4().hex}"
 Version="2.0" IssueInstant="{now.strftime(moment)}" Destination="{to}" {in_response}>{issuer}<samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""
        return base64.b64encode(response.encode()).decode()


def request_of(location: str) -> dict[str, str]:
    """Return what the portal asks for with a redirect to the provider: number, ACS URL and issuer."""
    assert location.startswith(LOGIN)
    packed = parse_qs(urlsplit(location).query)["SAMLRequest"][0]
    found = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    issuer = found.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
    assert issuer is not None
    return {
        "asked": str(found.get("ID")),
        "to": str(found.get("AssertionConsumerServiceURL")),
        "audience": str(issuer.text),
    }
