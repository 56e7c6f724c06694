"""A running identity provider, the member that uses it, and a browser that goes there and back."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as portal
from django.test import Client

from members.models import Member, SingleSignOn
from tests import factories
from tests.factories.sso import single_sign_on
from tests.forms import form_data
from tests.identity_provider import CLIENT, SECRET, IdentityProvider, running

SSO = "/accounts/sso/"
DOMAIN = "velmondra.example"


@pytest.fixture(scope="session")
def _started() -> Iterator[IdentityProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def idp(_started: IdentityProvider, settings: Any) -> IdentityProvider:
    """The provider, well-behaved. It is on the loopback address, which only tests permit."""
    settings.WEBHOOK_ALLOW_PRIVATE = True
    settings.SINGLE_SIGN_ON_SECONDS = 3.0
    _started.reset()
    _started.logs_in(f"vera@{DOMAIN}", name="Vera Velm")
    return _started


@pytest.fixture
def member(db: None) -> Member:
    return factories.member(name="Velmondra", slug="velmondra")


@pytest.fixture
def row(idp: IdentityProvider, member: Member) -> SingleSignOn:
    """The member's provider in the portal, which creates accounts."""
    facts = {"issuer": idp.issuer, "client_id": CLIENT, "secret": SECRET, "creates_accounts": True}
    return single_sign_on(member, domains=(DOMAIN,), **facts)


class Browser:
    """A test client that follows the redirects to the provider with real requests."""

    def __init__(self) -> None:
        self.client = Client()

    def begin(self, email: str = f"vera@{DOMAIN}", **data: str) -> Any:
        """Enter the address in the login form, go on, and return the portal's redirect to the provider."""
        page = self.client.get("/accounts/login/")
        entered = form_data(page, "/accounts/login/", login=email) | data
        response = self.client.post(SSO, entered)
        if response.status_code != 302:
            return response
        assert (
            f'content="0;url={SSO}start/"' in self.client.get(response["Location"]).content.decode()
        )
        return self.client.get(f"{SSO}start/")

    def at_provider(self, response: Any) -> str:
        """Request the provider's page, and return the URL to which it sends the browser back."""
        assert response.status_code == 302, response.content.decode()
        parts = urlsplit(response["Location"])
        connection = http.client.HTTPConnection(parts.netloc, timeout=5)
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        back = answer.headers["Location"]
        connection.close()
        assert back.startswith(f"{portal.SITE_URL}{SSO}")
        return str(back.removeprefix(portal.SITE_URL))

    def log_in(self, email: str = f"vera@{DOMAIN}", **data: str) -> Any:
        """Log in from the form to the end, and return the last response."""
        return self.client.get(self.at_provider(self.begin(email, **data)))

    @property
    def is_logged_in(self) -> bool:
        return "_auth_user_id" in self.client.session


@pytest.fixture
def visitor() -> Browser:
    return Browser()


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("&#x27;", "'")
