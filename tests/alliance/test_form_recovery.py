"""A session that ran out while somebody was typing: they log in again and find what they typed."""

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


def opened(person: User) -> tuple[Client, str]:
    """Return a browser in which ``person`` opened the form before the session ended, and the form's note."""
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


def test_what_was_typed_is_in_the_form_after_logging_in_again(personas: Personas) -> None:
    browser, token = opened(personas.filer)
    turned_away = browser.post(URL, form(token))
    assert turned_away.status_code == 302
    assert turned_away.headers["Location"] == f"/accounts/login/?next={URL}"
    assert log_in(browser, personas.filer).headers["Location"] == URL
    page = browser.get(URL).content.decode()
    assert "Forged seams." in page
    assert "Your session expired." in page
    assert kept(browser) is None
    assert "Forged seams." not in browser.get(URL).content.decode()


def test_somebody_else_at_the_same_computer_is_shown_nothing(personas: Personas) -> None:
    browser, token = opened(personas.filer)
    browser.post(URL, form(token))
    assert kept(browser)
    log_in(browser, personas.owner)
    assert "Forged seams." not in browser.get(URL).content.decode()
    assert kept(browser) is None


@pytest.mark.parametrize("token", ["", "x", "MQ:1:2"])
def test_a_form_that_is_nobodys_is_not_kept(personas: Personas, token: str) -> None:
    browser, _token = opened(personas.filer)
    browser.post(URL, form(token))
    assert kept(browser) is None


def test_a_token_from_elsewhere_is_not_taken(personas: Personas) -> None:
    browser, token = opened(personas.filer)
    known = signing.loads(token, salt="alliance.lib.form_recovery")
    for foreign in (
        signing.dumps(known, salt="another.purpose"),
        signing.dumps(personas.filer.pk, salt="alliance.lib.form_recovery"),
    ):
        browser.post(URL, form(foreign))
        assert kept(browser) is None


def test_the_note_of_another_browser_is_not_taken(personas: Personas) -> None:
    """Neither by a machine that sends the same form again and again, nor by somebody who read the page."""
    _browser, token = opened(personas.filer)
    for other in (Client(), opened(personas.owner)[0]):
        other.post(URL, form(token))
        assert kept(other) is None


def test_a_person_is_kept_a_few_forms_an_hour(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_recovery, "_LIMIT_PER_HOUR", 2)
    browser, token = opened(personas.filer)
    rows = []
    for _number in range(4):
        browser.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        browser.post(URL, form(token))
        rows.append(kept(browser) is not None)
    assert rows == [True, True, False, False]


def test_a_form_of_the_day_before_yesterday_is_not_kept(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, token = opened(personas.filer)
    later = timezone.now().timestamp() + 25 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    browser.post(URL, form(token))
    assert kept(browser) is None


def test_neither_passwords_nor_masses_are_kept(personas: Personas) -> None:
    browser, token = opened(personas.filer)
    browser.post(URL, form(token, password="hunter2", old_password="hunter1"))
    assert kept(browser)
    assert "hunter" not in str(kept(browser))
    for large in ({"explanation": "字" * 50_000}, {"x" * 140_000: "1"}):
        browser, token = opened(personas.filer)
        browser.post(URL, form(token, **large))
        assert kept(browser) is None


def test_somebody_who_is_logged_in_leaves_nothing_behind(personas: Personas) -> None:
    _closed, token = opened(personas.filer)
    browser = personas.client("filer")
    browser.post(URL, form(token))
    assert kept(browser) is None


def test_a_forged_post_keeps_nothing(personas: Personas) -> None:
    """The CSRF check comes first: a foreign page cannot put words into anybody's form."""
    browser, token = opened(personas.filer)
    browser.handler.enforce_csrf_checks = True
    browser.post(URL, form(token))
    assert kept(browser) is None
