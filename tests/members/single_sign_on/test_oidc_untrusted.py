"""Responses of an OpenID Connect provider that cannot be trusted, and providers that misbehave."""

from __future__ import annotations

import base64
import threading
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from members.models import SingleSignOn, User
from tests import factories
from tests.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.members.single_sign_on.conftest import DOMAIN, SSO, Browser, text_of

pytestmark = pytest.mark.django_db


# --- Responses that cannot be trusted ----------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "x"], "azp": "x"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1_000_000_000},
        {"sub": 7},
        {"sub": ""},
        {"sub": "half\ud800"},
        {"sub": "nul\0"},
        {"nonce": "half\ud800"},
        {"exp": float("inf")},
    ],
    ids=ascii,
)
def test_wrong_token_is_refused(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, wrong: dict[str, Any]
) -> None:
    idp.wrong = wrong
    page = visitor.log_in()
    assert (page.status_code, visitor.is_logged_in) == (403, False)
    assert "could not be verified" in text_of(page)


def test_texts_that_cannot_be_stored(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider
) -> None:
    """JSON may have halves of surrogate pairs. A name is cleaned; an address is not made another one."""
    idp.logs_in(f"vera\ud800@{DOMAIN}", sub="s")
    assert "did not send your email address" in text_of(visitor.log_in())
    idp.logs_in(f"vera@{DOMAIN}", name="Vera\udfff Velm")
    assert visitor.log_in().status_code == 302
    assert User.objects.get(email=f"vera@{DOMAIN}").name == "Vera Velm"


def test_tokens_that_cannot_be_read(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider
) -> None:
    nested = b"[" * 20_000
    header = base64.urlsafe_b64encode(nested).decode().rstrip("=")
    signed = jwt.PyJWS().encode(nested, idp.key, "RS256", headers={"kid": "one"})
    for answer in (
        {"id_token": f"{header}.e30.e30"},
        {"id_token": signed},
        {"id_token": "half\ud800"},
        {"access_token": "half\ud800"},
    ):
        idp.answer = answer
        page = visitor.log_in()
        assert (page.status_code, visitor.is_logged_in) == (403, False)
        assert "could not be verified" in text_of(page)


@pytest.mark.parametrize(
    "endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"]
)
def test_endpoints_that_are_no_urls(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, endpoint: str
) -> None:
    del idp.person["email"]  # so that the user information is asked for
    idp.discovery = {endpoint: f"{idp.issuer}/half\ud800"}
    response = visitor.begin()
    assert response.status_code == (302 if endpoint == "userinfo_endpoint" else 424)
    if response.status_code == 302:
        assert "could not be verified" in text_of(visitor.client.get(visitor.at_provider(response)))


def test_forged_signatures_are_refused(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider
) -> None:
    idp.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert "could not be verified" in text_of(visitor.log_in())
    for key, algorithm in ((SECRET * 2, "HS256"), (None, "none")):
        idp.signing_key, idp.algorithm = key, algorithm
        assert "could not be verified" in text_of(visitor.log_in())
    assert not visitor.is_logged_in


def test_state_belongs_to_the_browser_and_the_provider(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider
) -> None:
    back = visitor.at_provider(visitor.begin())
    for url in (back, f"{SSO}{row.key}/callback/?code=x&state=guess", f"{SSO}{row.key}/callback/"):
        page = Client().get(url)
        assert page.status_code == 403
        assert "not started in this browser" in text_of(page)
    other = factories.member(name="Birch")
    theirs = SingleSignOn.objects.create(
        member=other, issuer=idp.issuer, client_id=CLIENT, is_active=True
    )
    page = visitor.client.get(back.replace(row.key, theirs.key))
    assert (page.status_code, visitor.is_logged_in) == (403, False)
    assert visitor.client.get(f"{SSO}0000/callback/").status_code == 404


def test_a_link_of_another_site_starts_no_login(row: SingleSignOn, idp: IdentityProvider) -> None:
    for path in ("start/", "continue/"):
        assert Client().get(SSO + path)["Location"] == SSO
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SSO, {"login": f"vera@{DOMAIN}"}).status_code == 403
    assert idp.paths == []


def test_cancelled_at_the_provider(row: SingleSignOn, visitor: Browser) -> None:
    state = parse_qs(urlsplit(visitor.begin()["Location"]).query)["state"][0]
    url = f"{SSO}{row.key}/callback/?error=access_denied&state={state}"
    assert visitor.client.get(url)["Location"] == "/accounts/login/"
    assert "The login was cancelled." in text_of(visitor.client.get("/accounts/login/"))


# --- Providers that misbehave ------------------------------------------------------------------


def test_disabled_provider(row: SingleSignOn, visitor: Browser) -> None:
    back = visitor.at_provider(visitor.begin())
    SingleSignOn.objects.update(is_active=False)
    page = visitor.client.get(back)
    assert "Single sign-on of Velmondra is switched off." in text_of(page)
    assert visitor.client.get(f"{SSO}start/")["Location"] == SSO
    assert visitor.begin().status_code == 422
    assert not visitor.is_logged_in


def test_hanging_provider_gives_a_clear_page(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, settings: Any
) -> None:
    settings.SINGLE_SIGN_ON_SECONDS = 0.3
    back = visitor.at_provider(visitor.begin())
    idp.hang = threading.Event()
    try:
        for url in (back, f"{SSO}start/"):
            started = time.monotonic()
            page = visitor.client.get(url)
            assert page.status_code == 424
            assert "cannot be reached at the moment" in text_of(page)
            assert time.monotonic() - started < 2
    finally:
        idp.hang.set()


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_redirects_are_not_followed(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, path: str
) -> None:
    """A provider could redirect to an address within the portal's network."""
    idp.redirects[path] = f"{idp.issuer}/internal"
    response = visitor.begin()
    if response.status_code == 302:
        response = visitor.client.get(visitor.at_provider(response))
    assert response.status_code == 424
    assert "/internal" not in idp.paths


@pytest.mark.parametrize(
    "endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri", "issuer"]
)
def test_private_endpoints_are_not_requested(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, settings: Any, endpoint: str
) -> None:
    idp.discovery = {endpoint: "http://169.254.169.254/latest/meta-data/"}
    if endpoint == "authorization_endpoint":  # the browser goes there, not the portal
        idp.discovery = {endpoint: "javascript:alert(1)"}
    response = visitor.begin()
    assert (response.status_code == 302) is (endpoint in ("token_endpoint", "jwks_uri"))
    if response.status_code == 302:
        # The sockets of tests refuse other addresses than this machine's.
        settings.WEBHOOK_ALLOW_PRIVATE = False
        response = visitor.client.get(visitor.at_provider(response))
    assert response.status_code in (403, 424)
    assert not visitor.is_logged_in


def test_private_provider_is_not_requested_at_all(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    for issuer in (idp.issuer, idp.issuer.replace("http://", "https://"), "https://[::1]:1"):
        SingleSignOn.objects.update(issuer=issuer)
        assert "cannot be reached" in text_of(visitor.begin())
    assert idp.paths == []


@pytest.mark.parametrize(
    "raw",
    [
        b"[]",
        b"null",
        b"{",
        b"<html>",
        b"\xff\xfe",
        b'{"issuer": 7}',
        b'"' + b"x" * 70_000 + b'"',
        b"[" * 60_000,
        b"7" * 60_000,
    ],
    ids=lambda raw: str(raw[:12]),
)
def test_malformed_responses(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, raw: bytes
) -> None:
    back = visitor.at_provider(visitor.begin())
    idp.raw = raw
    assert "cannot be reached" in text_of(visitor.client.get(f"{SSO}start/"))
    assert visitor.client.get(back).status_code in (403, 424)
