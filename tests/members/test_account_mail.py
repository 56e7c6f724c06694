"""E-mails of accounts: links from SITE_URL, nothing for strangers, the same answer in the same time."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.totp.internal import auth as totp_auth
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import set_script_prefix

from alliance.middleware import HistoryMiddleware
from members import account_mail
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
SITE = "https://portal.example"
OTHER = "other-name.example"


class Stuck(EmailBackend):
    """A mail server that does not answer until it is let go, and then is away."""

    go = threading.Event()

    def send_messages(self, messages: Any) -> int:
        self.go.wait(10)
        raise OSError("away")


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["testserver", "portal.example", OTHER]


def ask(email: str, **headers: Any) -> Any:
    response = Client().post(RESET, {"email": email}, **headers)
    account_mail.BACKGROUND.flush()
    return response


def test_a_stranger_gets_nothing_and_the_page_says_the_same() -> None:
    person = factories.user()
    shut = factories.user(is_active=False)
    known, unknown, inactive = (ask(m) for m in (person.email, "nobody@else.example", shut.email))
    assert known.status_code == unknown.status_code == inactive.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"] == inactive.headers["Location"]
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_nobody_waits_for_the_mail_server(settings: Any) -> None:
    """Neither its time nor its failure tells a known address from an unknown one."""
    settings.EMAIL_BACKEND = "tests.members.test_account_mail.Stuck"
    person = factories.user()
    Stuck.go.clear()
    try:
        taken = {}
        for email in (person.email, "nobody@else.example"):
            began = time.monotonic()
            assert Client().post(RESET, {"email": email}).status_code == 302
            taken[email] = time.monotonic() - began
    finally:
        Stuck.go.set()
        account_mail.BACKGROUND.flush()
    assert max(taken.values()) < 5


@pytest.mark.parametrize("forced", [None, ""])
def test_no_link_comes_from_the_request(settings: Any, forced: str | None) -> None:
    settings.FORCE_SCRIPT_NAME = forced
    person = factories.user()
    try:
        ask(person.email, headers={"host": OTHER}, SCRIPT_NAME="" if forced is None else "/evil")
    finally:
        set_script_prefix("/")
    (message,) = mail.outbox
    text = f"{message.subject}\n{message.body}"
    assert f"{SITE}/accounts/password/reset/key/" in text
    assert "Alliance Portal" in text
    assert OTHER not in text
    assert "evil" not in text


def test_the_link_to_confirm_an_address_is_the_sites_too() -> None:
    person = factories.user()
    EmailAddress.objects.filter(user=person).update(verified=False)
    browser = Client(headers={"host": OTHER})
    browser.post("/accounts/login/", {"login": person.email, "password": "password"})
    (message,) = mail.outbox
    assert f"{SITE}/accounts/confirm-email/" in str(message.body)
    assert OTHER not in f"{message.subject}\n{message.body}"
    address = EmailAddress.objects.get(user=person)
    assert EmailConfirmationHMAC(address).key


def test_the_link_logs_the_owner_in_while_passwords_are_limited() -> None:
    person = factories.user()
    browser = Client()
    for _ in range(6):
        page = browser.post("/accounts/login/", {"login": person.email, "password": "wrong"})
    assert "Too many failed login attempts" in page.content.decode()
    ask(person.email)
    link = str(mail.outbox[0].body).split(SITE)[1].split()[0]
    page = browser.get(link, follow=True)
    secret = "three-quiet-herons"
    browser.post(page.request["PATH_INFO"], {"password1": secret, "password2": secret})
    assert browser.session["_auth_user_id"] == str(person.pk)


def logs_in(person: User, password: str = "password", **headers: str) -> bool:
    browser = Client(**headers)  # type: ignore[arg-type]
    browser.post("/accounts/login/", {"login": person.email, "password": password})
    return "_auth_user_id" in browser.session


def test_wrong_passwords_from_elsewhere_keep_nobody_out() -> None:
    person = factories.user()
    for _ in range(6):
        assert not logs_in(person, "wrong", REMOTE_ADDR="192.0.2.1")
    assert not logs_in(person, REMOTE_ADDR="192.0.2.1")
    assert logs_in(person, REMOTE_ADDR="198.51.100.7")


def test_a_host_name_gives_no_further_tries() -> None:
    person = factories.user()
    for _ in range(6):
        assert not logs_in(person, "wrong")
    assert not logs_in(person, HTTP_HOST=OTHER)


def test_guessing_from_many_addresses_is_limited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "login_failed_anywhere": "6/h/key"
    }
    person, other = factories.user(), factories.user()
    assert all(logs_in(person) for _ in range(8))  # who knows the password uses none up
    for n in range(6):
        assert not logs_in(person, "wrong", REMOTE_ADDR=f"192.0.2.{n}")
    assert not logs_in(person, REMOTE_ADDR="198.51.100.7")
    assert logs_in(other, REMOTE_ADDR="198.51.100.7")


def test_the_link_does_not_stand_in_for_the_second_factor() -> None:
    person = factories.user()
    totp_auth.TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    ask(person.email)
    link = str(mail.outbox[0].body).split(SITE)[1].split()[0]
    browser = Client()
    page = browser.get(link, follow=True)
    secret = "three-quiet-herons"
    answer = browser.post(page.request["PATH_INFO"], {"password1": secret, "password2": secret})
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("prefix", ["", "/a"])
@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/key/3-s3cret/", "/accounts/confirm-email/s3cret/"]
)
def test_the_change_history_holds_no_key(settings: Any, path: str, prefix: str) -> None:
    settings.FORCE_SCRIPT_NAME = None
    request = RequestFactory().post(path, SCRIPT_NAME=prefix)
    stored = HistoryMiddleware(lambda _: HttpResponse()).get_context(request)["url"]
    assert stored.startswith("/accounts/")
    assert "s3cret" not in stored


def test_the_change_history_has_the_path_of_other_pages() -> None:
    request = RequestFactory().post("/cases/new/")
    assert HistoryMiddleware(lambda _: HttpResponse()).get_context(request)["url"] == "/cases/new/"
