"""Moderators, officers and administrators need two-factor authentication."""

from __future__ import annotations

from typing import Any

import allauth.urls
import pytest
from allauth.mfa.models import Authenticator
from django.urls import get_resolver, reverse, set_script_prefix

from alliance import middleware, pages
from tests.personas import Personas

HOME = {
    "moderator": "/triage/",
    "second_moderator": "/triage/operations/",
    "officer": "/liaison/",
    "other_officer": "/liaison/",
    "admin": "/admin/",
}


@pytest.fixture(autouse=True)
def _require_second_factor(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.mark.parametrize("who", HOME)
def test_accounts_without_two_factor_are_redirected_to_its_setup(
    personas: Personas, who: str
) -> None:
    browser = personas.client(who)
    for url in (HOME[who], "/", "/members/", "/start/", "/impact.csv"):
        response = browser.get(url)
        assert (response.status_code, response.headers.get("Location")) == (302, "/accounts/2fa/")
    assert browser.post(HOME[who], {}).status_code == 302


@pytest.mark.parametrize("who", HOME)
def test_setup_logout_and_language_stay_available(personas: Personas, who: str) -> None:
    browser = personas.client(who)
    page = browser.get("/accounts/2fa/")
    assert page.status_code == 200
    assert browser.get("/accounts/logout/").status_code == 200
    assert browser.post("/i18n/setlang/", {"language": "zh-hans"}).status_code == 302
    assert browser.get("/healthz").status_code == 200


def test_setup_page_explains_the_requirement(personas: Personas) -> None:
    page = personas.client("moderator").get("/triage/", follow=True).content.decode()
    assert "Your role requires two-factor authentication" in page


@pytest.mark.parametrize("who", HOME)
@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_accounts_with_two_factor_have_access(personas: Personas, who: str, kind: str) -> None:
    Authenticator.objects.create(user=getattr(personas, who), type=kind, data={})
    assert personas.client(who).get(HOME[who]).status_code == 200


def test_recovery_codes_alone_are_not_enough(personas: Personas) -> None:
    Authenticator.objects.create(
        user=personas.moderator, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"}
    )
    assert personas.client("moderator").get("/triage/").headers["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize("who", ["viewer", "filer", "owner", "stranger"])
def test_brand_staff_need_no_two_factor(personas: Personas, who: str) -> None:
    assert personas.client(who).get("/desk/").status_code == 200


def test_requirement_applies_once_a_role_is_granted(personas: Personas) -> None:
    browser = personas.client("filer")
    assert browser.get("/desk/").status_code == 200
    personas.filer.is_moderator = True
    personas.filer.save()
    assert browser.get("/desk/").headers["Location"] == "/accounts/2fa/"


def test_demo_without_two_factor_shows_a_banner_on_every_page(
    personas: Personas, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    for who, url in (("anonymous", "/"), ("moderator", "/triage/"), ("admin", "/admin/")):
        page = personas.client(who).get(url)
        assert page.status_code == 200
        assert "demo-banner" in page.content.decode(), url


@pytest.mark.parametrize("forced", [None, ""])
@pytest.mark.parametrize("prefix", ["/accounts", "/accounts/2fa", "/healthz", "/i18n/"])
def test_script_name_does_not_bypass_the_requirement(
    personas: Personas, settings: Any, prefix: str, forced: str | None
) -> None:
    """A WSGI server may take SCRIPT_NAME from a header; Django prefixes every path with it."""
    settings.FORCE_SCRIPT_NAME = forced
    browser = personas.client("moderator")
    try:
        for url in ("/triage/", "/members/", "/start/"):
            response = browser.get(url, SCRIPT_NAME=prefix)
            assert response.status_code == 302
            assert response.headers["Location"].endswith("/accounts/2fa/")
    finally:
        set_script_prefix("/")


def test_unnormalised_paths_do_not_bypass_the_requirement(personas: Personas) -> None:
    browser = personas.client("moderator")
    for url in ("/accounts/../triage/", "/accounts//triage/", "//accounts/triage/"):
        assert browser.get(url).status_code in (302, 404)


def test_exempt_urls_are_account_pages_and_public_texts() -> None:
    """Fails if the list of exempt URL names has a portal page or a name that does not exist."""
    names = set(get_resolver(allauth.urls).reverse_dict) | {"set_language", "healthz", "readyz"}
    names |= {f"pages:{name}" for name in pages.NAMES}
    assert names >= middleware.OPEN_WITHOUT_SECOND_FACTOR
    assert reverse("mfa_index") == "/accounts/2fa/"
