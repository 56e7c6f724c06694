"""Security headers on every response: nothing foreign, inline or embedded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from alliance.urls import urlpatterns as real
from tests import factories
from tests.personas import Personas

# One of each kind: public, form, list, admin, error, redirect, plain text, health.
PAGES = [
    ("anonymous", "/", 200),
    ("anonymous", "/members/", 200),
    ("anonymous", "/impact/", 200),
    ("anonymous", "/impact.csv", 200),
    ("anonymous", "/accounts/login/", 200),
    ("anonymous", "/accounts/password/reset/", 200),
    ("anonymous", "/desk/", 302),
    ("anonymous", "/no/such/page/", 404),
    ("anonymous", "/healthz", 200),
    ("filer", "/desk/", 200),
    ("filer", "/cases/new/", 200),
    ("filer", "/triage/", 403),
    ("filer", "/no/such/page/", 404),
    ("filer", "/accounts/2fa/", 200),
    ("moderator", "/triage/", 200),
    ("officer", "/liaison/", 200),
    ("admin", "/admin/", 200),
    ("admin", "/admin/cases/case/", 200),
    ("admin", "/admin/members/member/add/", 200),
    ("admin", "/admin/no/such/page/", 404),
]

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def policy(response: Any) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split(";")
    return {name: value for name, _space, value in (p.strip().partition(" ") for p in parts)}


def check(response: Any) -> None:
    assert policy(response) == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response.headers["Permissions-Policy"]


# Markup that the policy forbids and the browser would block.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>"
    r"|<style|\sstyle=|\son[a-z]+=\"|href=\"javascript:|\shx-on",
    re.IGNORECASE,
)
FOREIGN = re.compile(r"<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)=\"(?:https?:)?//")


@pytest.mark.parametrize(("who", "url", "status"), PAGES)
def test_every_kind_of_page_has_the_headers(
    personas: Personas, who: str, url: str, status: int
) -> None:
    response = personas.client(who).get(url)
    assert response.status_code == status
    check(response)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        page = response.content.decode()
        assert not INLINE.findall(page)
        assert not FOREIGN.findall(page)


def test_private_pages_are_not_cached(personas: Personas) -> None:
    """Shared caches must not store them, and "back" after logging out must not show them."""
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    browser = personas.client("filer")
    response = browser.get(f"/cases/{case.reference}/")
    assert response.status_code == 200
    assert {"private", "no-cache"} <= set(response.headers["Cache-Control"].split(", "))
    assert "Clear-Site-Data" not in response.headers
    assert browser.post("/accounts/logout/").headers["Clear-Site-Data"] == '"cache"'


def test_csrf_failure_page_has_the_headers(personas: Personas) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(personas.filer)
    response = browser.post("/cases/new/", {"explanation": "x"})
    assert response.status_code == 403
    check(response)
    assert "<h1>" in response.content.decode()


def broken(request: Any) -> HttpResponse:
    raise RuntimeError("password=hunter2")


urlpatterns = [path("broken/", broken), *real]


@pytest.mark.urls("tests.alliance.test_headers")
def test_server_error_has_the_headers_and_no_details(personas: Personas) -> None:
    browser = personas.client("filer")
    browser.raise_request_exception = False
    response = browser.get("/broken/")
    assert response.status_code == 500
    check(response)
    page = response.content.decode()
    assert "hunter2" not in page
    assert "Traceback" not in page
    assert not INLINE.findall(page)


def test_cookies_have_security_attributes(personas: Personas) -> None:
    browser, person = Client(), personas.filer
    browser.get("/accounts/login/")
    browser.post("/accounts/login/", {"login": person.email, "password": "password"})
    browser.post("/i18n/setlang/", {"language": "zh-hans"})
    for name in ("portal_session", "portal_csrf", "portal_language"):
        assert browser.cookies[name]["samesite"] == "Lax", name
    assert browser.cookies["portal_session"]["httponly"]
    assert browser.cookies["portal_csrf"]["httponly"]


def test_unknown_host_is_refused(db: None) -> None:
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_redirects_stay_on_the_site(personas: Personas, target: str) -> None:
    browser = personas.client("filer")
    switched = browser.post("/i18n/setlang/", {"language": "en", "next": target})
    assert "evil" not in switched.headers["Location"]
    assert "javascript" not in switched.headers["Location"]


def test_static_files_have_no_cors_header(settings: Any) -> None:
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    answer = Client().get("/static/css/desk.css")
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
