"""Single sign-on by SAML: responses signed by a key made here, and everything that is not one."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client
from lxml import etree

from members.models import Member, SingleSignOn, User
from tests.factories.sso import single_sign_on
from tests.members.single_sign_on.conftest import SSO, text_of
from tests.saml_provider import ENTITY, SamlProvider, request_of

pytestmark = pytest.mark.django_db
EMAIL = "sol@saml.example"
REFUSED = "could not be verified"
UNSOLICITED = "not started in this browser"


@pytest.fixture(scope="module")
def provider() -> SamlProvider:
    return SamlProvider()


@pytest.fixture
def row(member: Member, provider: SamlProvider) -> SingleSignOn:
    facts = {"kind": "saml", "metadata": provider.metadata, "creates_accounts": True}
    return single_sign_on(member, domains=("saml.example",), **facts)


def begin(client: Client) -> dict[str, Any]:
    """Start a login, and return what the portal asked the provider for."""
    assert client.post(SSO, {"login": EMAIL, "next": "/people/"}).status_code == 302
    return request_of(client.get(f"{SSO}start/")["Location"]) | {"email": EMAIL}


def post(client: Client, row: SingleSignOn, response: str) -> Any:
    """Post a response as the provider's page does: first without the session, then redirected with it."""
    page = Client(enforce_csrf_checks=True).post(
        f"{SSO}{row.key}/acs/", {"SAMLResponse": response, "RelayState": "https://evil.example/"}
    )
    return client.get(page["Location"]) if page.status_code == 302 else page


def test_signed_response_logs_in_once(row: SingleSignOn, provider: SamlProvider) -> None:
    client = Client()
    asked = begin(client)
    assert asked["to"] == f"{portal.SITE_URL}{SSO}{row.key}/acs/"
    response = provider.respond(**asked)
    assert post(client, row, response)["Location"] == "/people/"
    user = User.objects.get(email=EMAIL)
    assert (user.name, user.memberships.get().role) == ("Sol Saml", "viewer")
    assert client.get("/desk/").status_code == 200
    # The same response again: the request has been answered.
    client.post("/accounts/logout/")
    assert UNSOLICITED in text_of(post(client, row, response))
    assert "_auth_user_id" not in client.session


def test_unsolicited_response_is_refused(row: SingleSignOn, provider: SamlProvider) -> None:
    """IdP-initiated login is off: the browser may not have asked for it."""
    client = Client()
    asked = begin(client)
    page = post(client, row, provider.respond(**asked | {"asked": ""}, confirms=""))
    assert (page.status_code, UNSOLICITED in text_of(page)) == (403, True)
    # Signed for another browser's request, or for none, and wrapped in a response to this one.
    for confirms in ("", "ONELOGIN_another"):
        asked = begin(client)
        page = post(client, row, provider.respond(**asked, confirms=confirms))
        assert REFUSED in text_of(page)
    other = Client()
    assert UNSOLICITED in text_of(post(other, row, provider.respond(**begin(client))))
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"alter": (EMAIL, "eve@saml.example")},
        {"sign": False},
        {"issuer": "https://other.example/idp"},
        {"minutes": -6},
        {"audience": "https://another.example/"},
        {"audiences": False},
        {"to": "https://another.example/acs/"},
        {"format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"},
    ],
    ids=str,
)
def test_response_that_cannot_be_trusted(
    row: SingleSignOn, provider: SamlProvider, wrong: dict[str, Any]
) -> None:
    client = Client()
    page = post(client, row, provider.respond(**begin(client) | wrong))
    assert (page.status_code, REFUSED in text_of(page)) == (403, True)
    assert "_auth_user_id" not in client.session


def test_response_of_another_key_or_domain(row: SingleSignOn, provider: SamlProvider) -> None:
    client = Client()
    page = post(client, row, SamlProvider().respond(**begin(client)))
    assert REFUSED in text_of(page)
    page = post(client, row, provider.respond(**begin(client) | {"email": "eve@birch.example"}))
    assert "does not belong to the email domains" in text_of(page)


BOMB = """<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">&b;</samlp:Response>"""
FILE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'


@pytest.mark.parametrize(
    "response",
    [
        base64.b64encode(BOMB.encode()).decode(),
        base64.b64encode(FILE.encode()).decode(),
        base64.b64encode(b"<not-closed>").decode(),
        base64.b64encode(b"<r/>").decode(),
        base64.b64encode(b"\xff\x00").decode(),
        "%%%",
        "",
        "x" * 200_001,
    ],
    ids=lambda response: response[:12],
)
def test_hostile_xml_gives_a_clear_page(row: SingleSignOn, response: str) -> None:
    client = Client()
    begin(client)
    page = post(client, row, response)
    assert page.status_code == 403
    assert REFUSED in text_of(page) or UNSOLICITED in text_of(page)


def test_metadata_of_the_portal(row: SingleSignOn) -> None:
    url = f"{SSO}{row.key}/metadata/"
    SingleSignOn.objects.update(is_active=False)  # the other side needs it first
    response = Client().get(url)
    assert response["Content-Type"].startswith("text/xml")
    found = etree.fromstring(response.content)
    assert found.get("entityID") == f"{portal.SITE_URL}{url}"
    assert f"{portal.SITE_URL}{SSO}{row.key}/acs/" in response.content.decode()
    assert 'WantAssertionsSigned="true"' in response.content.decode()
    assert Client().get(f"{SSO}0000/metadata/").status_code == 404
    assert Client().post(f"{SSO}0000/acs/").status_code == 404
    assert Client().get(f"{SSO}{row.key}/callback/").status_code == 404
    assert Client().get(f"{SSO}{row.key}/acs/guess/").status_code == 403
    assert ENTITY not in response.content.decode()
