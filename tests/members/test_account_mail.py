"""Account e-mails: links use SITE_URL, and responses do not reveal whether an account exists."""

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
from members.mail import account as account_mail
from members.models import User
from tests import factories

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
SITE = "https://portal.example"
OTHER = "other-name.example"


class HangingBackend(EmailBackend):
    """A mail backend that blocks until released and then fails."""

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


def test_unknown_address_gets_no_mail_and_the_same_page() -> None:
    person = factories.user()
    shut = factories.user(is_active=False)
    known, unknown, inactive = (ask(m) for m in (person.email, "nobody@else.example", shut.email))
    assert known.status_code == unknown.status_code == inactive.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"] == inactive.headers["Location"]
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_response_does_not_wait_for_the_mail_server(settings: Any) -> None:
    """Otherwise the response time would reveal whether an address is known."""
    settings.EMAIL_BACKEND = "tests.members.test_account_mail.HangingBackend"
    person = factories.user()
    HangingBackend.go.clear()
    try:
        taken = {}
        for email in (person.email, "nobody@else.example"):
            began = time.monotonic()
            assert Client().post(RESET, {"email": email}).status_code == 302
            taken[email] = time.monotonic() - began
    finally:
        HangingBackend.go.set()
        account_mail.BACKGROUND.flush()
    assert max(taken.values()) < 5


@pytest.mark.parametrize("forced", [None, ""])
def test_links_do_not_depend_on_the_request(settings: Any, forced: str | None) -> None:
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


def test_confirmation_link_uses_site_url() -> None:
    person = factories.user()
    EmailAddress.objects.filter(user=person).update(verified=False)
    browser = Client(headers={"host": OTHER})
    browser.post("/accounts/login/", {"login": person.email, "password": "password"})
    (message,) = mail.outbox
    assert f"{SITE}/accounts/confirm-email/" in str(message.body)
    assert OTHER not in f"{message.subject}\n{message.body}"
    address = EmailAddress.objects.get(user=person)
    assert EmailConfirmationHMAC(address).key


def test_reset_link_works_while_logins_are_limited() -> None:
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


def test_failed_logins_from_another_address_do_not_lock_the_account() -> None:
    person = factories.user()
    for _ in range(6):
        assert not logs_in(person, "wrong", REMOTE_ADDR="192.0.2.1")
    assert not logs_in(person, REMOTE_ADDR="192.0.2.1")
    assert logs_in(person, REMOTE_ADDR="198.51.100.7")


def test_another_host_name_gives_no_further_attempts() -> None:
    person = factories.user()
    for _ in range(6):
        assert not logs_in(person, "wrong")
    assert not logs_in(person, HTTP_HOST=OTHER)


def test_failed_logins_from_many_addresses_are_limited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "login_failed_anywhere": "6/h/key"
    }
    person, other = factories.user(), factories.user()
    assert all(logs_in(person) for _ in range(8))  # successful logins do not count
    for n in range(6):
        assert not logs_in(person, "wrong", REMOTE_ADDR=f"192.0.2.{n}")
    assert not logs_in(person, REMOTE_ADDR="198.51.100.7")
    assert logs_in(other, REMOTE_ADDR="198.51.100.7")


def test_reset_link_does_not_replace_the_second_factor() -> None:
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
def test_change_history_stores_no_key(settings: Any, path: str, prefix: str) -> None:
    settings.FORCE_SCRIPT_NAME = None
    request = RequestFactory().post(path, SCRIPT_NAME=prefix)
    stored = HistoryMiddleware(lambda _: HttpResponse()).get_context(request)["url"]
    assert stored.startswith("/accounts/")
    assert "s3cret" not in stored


def test_change_history_stores_the_path_of_other_pages() -> None:
    request = RequestFactory().post("/cases/new/")
    assert HistoryMiddleware(lambda _: HttpResponse()).get_context(request)["url"] == "/cases/new/"
