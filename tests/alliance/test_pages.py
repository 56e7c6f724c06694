"""The public pages about the portal, who they say runs it, and security.txt."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from alliance import pages

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "zh-hans")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", pages.NAMES)
def test_each_page_is_linked_in_the_footer_and_has_a_text(
    client: Client, name: str, language: str
) -> None:
    client.cookies["portal_language"] = language
    assert f'href="/{name}/"' in client.get("/").content.decode()
    body = client.get(f"/{name}/").content.decode()
    text = re.sub(r"<[^>]+>", " ", body.partition("<main")[2].partition("</main>")[0])
    assert len(text.split()) > 100 if language == "en" else len(text) > 200
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    latin = len(re.findall(r"[A-Za-z]", text))
    assert (chinese == 0) if language == "en" else chinese > latin


def test_the_operator_and_the_address_come_from_the_settings(client: Client, settings: Any) -> None:
    settings.CONTACT_EMAIL = "hello@alliance.test"
    settings.OPERATOR_NAME = "Alliance <Association>"
    settings.OPERATOR_ADDRESS = "1 Long Road\nShanghai"
    contact = client.get("/contact/").content.decode()
    assert '<a href="mailto:hello@alliance.test">hello@alliance.test</a>' in contact
    assert "Alliance &lt;Association&gt;" in contact
    assert "1 Long Road\nShanghai" in contact
    assert (
        "Alliance &lt;Association&gt; runs this portal" in client.get("/privacy/").content.decode()
    )


def test_an_installation_without_an_address_says_so(client: Client, settings: Any) -> None:
    settings.CONTACT_EMAIL = ""
    body = client.get("/contact/").content.decode()
    assert "has not published an email address" in body
    assert "mailto:" not in body


def test_the_privacy_notice_states_the_periods_of_the_settings(
    client: Client, settings: Any
) -> None:
    settings.KEEP_MAILS_DAYS = 123
    settings.EVIDENCE_KEEP_DISCARDED_DAYS = 1
    body = client.get("/privacy/").content.decode()
    assert "Emails that the portal sent: 123 days." in body
    assert "Files of a discarded draft: 1 day." in body
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert f"<code>{name}</code>" in body
    assert f"<code>{settings.LANGUAGE_COOKIE_NAME}</code>" in body


def test_security_txt_follows_the_standard(client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://portal.example"
    settings.CONTACT_EMAIL = "hello@alliance.test"
    response = client.get("/.well-known/security.txt", headers={"host": "localhost"})
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert [value for name, value in fields if name == "Contact"] == [
        "mailto:hello@alliance.test",
        "https://portal.example/contact/",
    ]
    once = dict(fields)
    assert once["Canonical"] == "https://portal.example/.well-known/security.txt"
    expires = datetime.fromisoformat(once["Expires"])
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)


def test_security_txt_names_the_contact_page_where_there_is_no_address(
    client: Client, settings: Any
) -> None:
    settings.CONTACT_EMAIL = ""
    assert b"Contact: http" in client.get("/.well-known/security.txt").content


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/inactive/",
        "/accounts/confirm-email/",
        "/accounts/signup/",
        "/no/such/page/",
    ],
)
def test_a_page_that_says_contact_us_links_to_the_contact_page(
    client: Client, address: str
) -> None:
    main = client.get(address).content.decode().partition("<main")[2].partition("</main>")[0]
    assert 'href="/contact/"' in main
