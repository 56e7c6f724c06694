"""Input is kept when the session expires while a form is being filled in."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from alliance.lib import form_recovery
from members.models import User
from tests.forms import end_session, form_owner
from tests.personas import Personas, browser_of

URL = "/cases/new/"


def expired_form(person: User) -> tuple[Client, str]:
    """Return a browser whose session expired on the open form, and the form's token."""
    browser = browser_of(person)
    token = form_owner(browser, URL)
    end_session(browser)
    return browser, token


def form(token: str, **fields: Any) -> dict[str, Any]:
    return {"form_owner": token, "explanation": "Forged seams."} | fields


def log_in(browser: Client, person: User) -> Any:
    data = {"login": person.email, "password": "password"}
    return browser.post(f"/accounts/login/?next={URL}", data | {"next": URL})


def kept(browser: Client) -> Any:
    return browser.session.get("unsaved_form")


def test_input_is_restored_after_login(personas: Personas) -> None:
    browser, token = expired_form(personas.filer)
    turned_away = browser.post(URL, form(token))
    assert turned_away.status_code == 302
    assert turned_away.headers["Location"] == f"/accounts/login/?next={URL}"
    assert log_in(browser, personas.filer).headers["Location"] == URL
    page = browser.get(URL).content.decode()
    assert "Forged seams." in page
    assert "Your session expired." in page
    assert kept(browser) is None
    assert "Forged seams." not in browser.get(URL).content.decode()


def test_input_is_not_shown_to_another_user(personas: Personas) -> None:
    browser, token = expired_form(personas.filer)
    browser.post(URL, form(token))
    assert kept(browser)
    log_in(browser, personas.owner)
    assert "Forged seams." not in browser.get(URL).content.decode()
    assert kept(browser) is None


@pytest.mark.parametrize("token", ["", "x", "MQ:1:2"])
def test_form_without_a_valid_token_is_not_kept(personas: Personas, token: str) -> None:
    browser, _token = expired_form(personas.filer)
    browser.post(URL, form(token))
    assert kept(browser) is None


def test_token_with_another_salt_or_content_is_refused(personas: Personas) -> None:
    browser, token = expired_form(personas.filer)
    known = signing.loads(token, salt="alliance.lib.form_recovery")
    for foreign in (
        signing.dumps(known, salt="another.purpose"),
        signing.dumps(personas.filer.pk, salt="alliance.lib.form_recovery"),
    ):
        browser.post(URL, form(foreign))
        assert kept(browser) is None


def test_token_of_another_browser_is_refused(personas: Personas) -> None:
    """Prevents replays by a script and use by another reader of the page."""
    _browser, token = expired_form(personas.filer)
    for other in (Client(), expired_form(personas.owner)[0]):
        other.post(URL, form(token))
        assert kept(other) is None


def test_kept_forms_are_limited_per_hour(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_recovery, "_LIMIT_PER_HOUR", 2)
    browser, token = expired_form(personas.filer)
    rows = []
    for _number in range(4):
        browser.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        browser.post(URL, form(token))
        rows.append(kept(browser) is not None)
    assert rows == [True, True, False, False]


def test_expired_token_is_refused(personas: Personas, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, token = expired_form(personas.filer)
    later = timezone.now().timestamp() + 25 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    browser.post(URL, form(token))
    assert kept(browser) is None


def test_passwords_and_large_input_are_not_kept(personas: Personas) -> None:
    browser, token = expired_form(personas.filer)
    browser.post(URL, form(token, password="hunter2", old_password="hunter1"))
    assert kept(browser)
    assert "hunter" not in str(kept(browser))
    for large in ({"explanation": "字" * 50_000}, {"x" * 140_000: "1"}):
        browser, token = expired_form(personas.filer)
        browser.post(URL, form(token, **large))
        assert kept(browser) is None


def test_input_of_a_logged_in_user_is_not_kept(personas: Personas) -> None:
    _closed, token = expired_form(personas.filer)
    browser = personas.client("filer")
    browser.post(URL, form(token))
    assert kept(browser) is None


def test_forged_post_is_not_kept(personas: Personas) -> None:
    """The CSRF check comes first, so a foreign site cannot fill in a form."""
    browser, token = expired_form(personas.filer)
    browser.handler.enforce_csrf_checks = True
    browser.post(URL, form(token))
    assert kept(browser) is None
