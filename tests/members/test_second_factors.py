"""A person's authenticator app, recovery codes and passkeys."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from members.models import User
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data

CODES = "/accounts/2fa/recovery-codes/"
LOGIN = "/accounts/login/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return factories.user(email="olu@brand.example")


def log_in(person: User) -> Client:
    """Log in, and enter the password again, as for every change of the second factors."""
    browser = Client()
    data = {"login": person.email, "password": "password"}
    assert browser.post(LOGIN, data).status_code == 302
    url = reverse("account_reauthenticate")
    assert (
        browser.post(url, form_data(browser.get(url), url, password="password")).status_code == 302
    )
    return browser


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def codes_in(page: Any) -> list[str]:
    found = re.search(r"(?s)<pre[^>]*recovery-codes[^>]*>(.*?)</pre>", page.text)
    return re.findall(r"\d{6,}", found[1]) if found else []


def set_up_app(browser: Client) -> Any:
    """Set up an authenticator app with the form; return the page with the recovery codes."""
    url = reverse("mfa_activate_totp")
    page = browser.get(url)
    secret = browser.session["mfa.totp.secret"]
    assert secret in page.text
    data = form_data(page, url, code=code_of(secret))
    return browser.post(url, data, follow=True)


def test_codes_are_shown_once_after_the_app_is_set_up(person: User) -> None:
    browser = log_in(person)
    page = set_up_app(browser)
    assert len(codes_in(page)) == 10
    assert "they are shown only this once" in page.text
    assert "no-store" in page["Cache-Control"]
    again = browser.get(CODES)
    assert codes_in(again) == []
    assert not set(codes_in(page)) & set(re.findall(r"\d{6,}", again.text))
    download = browser.get(reverse("mfa_download_recovery_codes"))
    assert download.status_code == 403
    assert f'href="{CODES}"' not in browser.get("/accounts/2fa/").text


def test_each_code_works_once(person: User) -> None:
    code = codes_in(set_up_app(log_in(person)))[0]
    for expected in ("/start/", None):
        browser = Client()
        data = {"login": person.email, "password": "password"}
        browser.post(LOGIN, data)
        response = browser.post(reverse("mfa_authenticate"), {"code": code})
        assert response.headers.get("Location") == expected
        assert ("_auth_user_id" in browser.session) == (expected is not None)


def test_new_codes_replace_the_old_ones_and_are_shown_once(person: User) -> None:
    browser = log_in(person)
    old = codes_in(set_up_app(browser))
    url = reverse("mfa_generate_recovery_codes")
    page = browser.post(url, form_data(browser.get(url), url), follow=True)
    new = codes_in(page)
    assert len(new) == 10
    assert not set(old) & set(new)
    assert codes_in(browser.get(CODES)) == []
    assert not RecoveryCodes.activate(person).validate_code(old[0])


def test_codes_need_reauthentication(person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    browser = Client()
    browser.force_login(person)  # without a recent password
    for name in ("mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        response = browser.get(reverse(name))
        assert response.headers["Location"].startswith("/accounts/reauthenticate/"), name
    response = browser.get(reverse("mfa_download_recovery_codes"))
    assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    row = Authenticator.objects.get(type="recovery_codes")
    assert "viewed_at" not in row.data, "the codes have not been shown"


def test_head_does_not_use_up_the_only_view(person: User) -> None:
    browser = log_in(person)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    assert browser.head(CODES).status_code == 405
    assert len(codes_in(browser.get(CODES))) == 10


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_the_same_moment_show_the_codes_once(person: User) -> None:
    browsers = [log_in(person), log_in(person)]
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    pages = run_concurrently(*(lambda b=b: b.get(CODES) for b in browsers))
    assert sorted(len(codes_in(page)) for page in pages) == [0, 10]


def test_app_can_be_removed(person: User) -> None:
    browser = log_in(person)
    set_up_app(browser)
    url = reverse("mfa_deactivate_totp")
    assert browser.post(url, form_data(browser.get(url), url)).status_code == 302
    assert not Authenticator.objects.filter(user=person).exists(), "codes go with the last factor"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_reachable_from_the_account_pages(person: User, language: str) -> None:
    User.objects.filter(pk=person.pk).update(language=language)
    browser = log_in(person)
    profile = browser.get("/accounts/profile/").text
    assert reverse("mfa_index") in profile
    assert reverse("usersessions_list") in profile
    index = browser.get(reverse("mfa_index")).text
    assert reverse("mfa_activate_totp") in index
    assert reverse("mfa_add_webauthn") in index
    set_up_app(browser)
    index = browser.get(reverse("mfa_index")).text
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes"):
        assert reverse(name) in index, name
    Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Key of Olu", "credential": {}}
    )
    index = browser.get(reverse("mfa_index")).text
    assert reverse("mfa_list_webauthn") in index
    assert "Key of Olu" in browser.get(reverse("mfa_list_webauthn")).text
