"""A session that ran out while somebody was typing: they log in again and find what they typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alliance import typed
from members.models import User
from tests.personas import Personas

URL = "/cases/new/"


def form(of: User, **fields: Any) -> dict[str, Any]:
    return {"typed_by": typed.owner_token(of), "explanation": "Forged seams."} | fields


def log_in(browser: Client, person: User) -> Any:
    data = {"login": person.email, "password": "password"}
    return browser.post(f"/accounts/login/?next={URL}", data | {"next": URL})


def kept(browser: Client) -> Any:
    return browser.session.get("typed")


def test_what_was_typed_is_in_the_form_after_logging_in_again(personas: Personas) -> None:
    browser = Client()
    turned_away = browser.post(URL, form(personas.filer))
    assert turned_away.status_code == 302
    assert turned_away.headers["Location"] == f"/accounts/login/?next={URL}"
    assert log_in(browser, personas.filer).headers["Location"] == URL
    page = browser.get(URL).content.decode()
    assert "Forged seams." in page
    assert "Your session had ended." in page
    assert kept(browser) is None
    assert "Forged seams." not in browser.get(URL).content.decode()


def test_somebody_else_at_the_same_computer_is_shown_nothing(personas: Personas) -> None:
    browser = Client()
    browser.post(URL, form(personas.filer))
    log_in(browser, personas.owner)
    assert "Forged seams." not in browser.get(URL).content.decode()
    assert kept(browser) is None


@pytest.mark.parametrize("token", ["", "x", "MQ:1:2"])
def test_a_form_that_is_nobodys_is_not_kept(personas: Personas, token: str) -> None:
    browser = Client()
    browser.post(URL, form(personas.filer, typed_by=token))
    assert kept(browser) is None


def test_a_token_from_elsewhere_is_not_taken(personas: Personas) -> None:
    from django.core import signing

    browser = Client()
    foreign = signing.dumps(personas.filer.pk, salt="another.purpose")
    browser.post(URL, form(personas.filer, typed_by=foreign))
    assert kept(browser) is None


def test_a_form_of_the_day_before_yesterday_is_not_kept(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = typed.owner_token(personas.filer)
    later = timezone.now().timestamp() + 25 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    browser = Client()
    browser.post(URL, form(personas.filer, typed_by=token))
    assert kept(browser) is None


def test_neither_passwords_nor_masses_are_kept(personas: Personas) -> None:
    browser = Client()
    browser.post(URL, form(personas.filer, password="hunter2", old_password="hunter1"))
    assert "hunter" not in str(kept(browser))
    browser = Client()
    browser.post(URL, form(personas.filer, explanation="x" * 300_000))
    assert kept(browser) is None


def test_somebody_who_is_logged_in_leaves_nothing_behind(personas: Personas) -> None:
    browser = personas.client("filer")
    browser.post(URL, form(personas.filer))
    assert kept(browser) is None


def test_a_forged_post_keeps_nothing(personas: Personas) -> None:
    """The CSRF check comes first: a foreign page cannot put words into anybody's form."""
    browser = Client(enforce_csrf_checks=True)
    browser.post(URL, form(personas.filer))
    assert kept(browser) is None
