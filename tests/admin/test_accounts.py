"""Accounts in the admin: created without a password; the owner sets it."""

from __future__ import annotations

import re
from smtplib import SMTPException
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.test.utils import override_settings

from cases.liaison.models import Officer
from members.models import Membership, User
from tests import factories
from tests.admin.conftest import address
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

NEW = {
    "email": "Nora.New@Brand.Example",
    "name": "Nora New",
    "language": "",
    "time_zone": "Asia/Shanghai",
    "memberships-TOTAL_FORMS": "0",
    "memberships-INITIAL_FORMS": "0",
}


def make(desk: Client, **changes: Any) -> Any:
    return desk.post(address(User, "add"), NEW | changes, follow=True)


def test_new_account_gets_a_link_and_no_password(
    desk: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make(desk)
    nora = User.objects.get(email="nora.new@brand.example")
    assert not nora.has_usable_password()
    (message,) = mail.outbox
    assert message.to == ["nora.new@brand.example"]
    link = re.search(r"http://\S+/accounts/password/reset/key/\S+", str(message.body))
    assert link


def test_link_lets_the_owner_set_a_password_and_log_in(
    desk: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make(desk)
    found = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert found
    browser = Client()
    page = browser.get(found.group(1), follow=True)
    secret = "three-quiet-herons"
    form = {"password1": secret, "password2": secret}
    browser.post(page.request["PATH_INFO"], form)
    browser.post("/accounts/login/", {"login": NEW["email"], "password": secret})
    nora = User.objects.get(email="nora.new@brand.example")
    assert browser.session.get("_auth_user_id") == str(nora.pk)


def test_account_is_created_when_mail_fails(
    desk: Client, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise SMTPException("away")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    with django_capture_on_commit_callbacks(execute=True):
        assert make(desk).status_code == 200
    assert User.objects.filter(email="nora.new@brand.example").exists()


def test_email_addresses_are_unique_case_insensitively(desk: Client) -> None:
    factories.user(email="nora.new@brand.example")
    page = make(desk)
    assert page.status_code == 200
    assert User.objects.filter(email__iexact=NEW["email"]).count() == 1
    assert page.context["errors"]


@pytest.mark.parametrize(
    ("typed", "stored"), [("\u200b", None), ("Nora\u202e \u200bNew", "Nora New")]
)
def test_invisible_characters_in_names(desk: Client, typed: str, stored: str | None) -> None:
    make(desk, name=typed)
    names = User.objects.filter(email__iexact=NEW["email"]).values_list("name", flat=True)
    assert list(names) == ([stored] if stored else [])


def test_secondary_address_of_another_account_is_refused(desk: Client) -> None:
    """The address is only in allauth's table of e-mail addresses, not on an account."""
    other = factories.user(email="nora@private.example")
    EmailAddress.objects.create(user=other, email="nora.new@brand.example", verified=True)
    page = make(desk)
    assert page.status_code == 200
    assert "belongs to another account" in page.content.decode()
    assert not User.objects.filter(email="nora.new@brand.example").exists()


def test_changed_address_must_be_verified_again(desk: Client) -> None:
    person = factories.user(email="old@brand.example")
    data = NEW | {"email": "new@brand.example", "is_active": "on"}
    desk.post(address(User, "change", person.pk), data)
    kept = EmailAddress.objects.get(user=person)
    assert (kept.email, kept.primary, kept.verified) == ("new@brand.example", True, False)


def test_roles_and_memberships_are_edited_on_the_account(desk: Client) -> None:
    person, member = factories.user(email="nora.new@brand.example"), factories.member()
    data = NEW | {
        "is_active": "on",
        "is_moderator": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-user": person.pk,
        "memberships-0-member": member.pk,
        "memberships-0-role": "filer",
        "memberships-0-valid_from": "2026-01-01",
    }
    response = desk.post(address(User, "change", person.pk), data)
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.is_moderator
    assert Membership.objects.get(user=person).member == member


def test_only_superusers_grant_roles(desk: Client) -> None:
    clerk = factories.user(is_staff=True)
    data = NEW | {"email": clerk.email, "is_active": "on", "is_superuser": "on"}
    browser_of(clerk).post(address(User, "change", clerk.pk), data)
    clerk.refresh_from_db()
    assert clerk.name == "Nora New"
    assert not clerk.is_superuser
    assert clerk.is_staff


def test_accounts_are_closed_and_not_deleted(desk: Client) -> None:
    person = factories.user()
    assert desk.post(address(User, "delete", person.pk), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in desk.get(address(User, "changelist")).content.decode()


def test_ending_a_session_logs_the_browser_out(desk: Client) -> None:
    person, other = factories.moderator(), Client()
    other.post("/accounts/login/", {"login": person.email, "password": "password"})
    assert other.get("/start/").headers["Location"] == "/triage/"
    session = UserSession.objects.get(user=person)
    desk.post(address(UserSession, "delete", session.pk), {"post": "yes"})
    assert other.get("/start/").headers["Location"].startswith("/accounts/login/")


# --- Access ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/admin/", "/admin/cases/case/", "/admin/login/"])
def test_admin_redirects_to_the_portal_login(path: str) -> None:
    response = Client().get(path, follow=True)
    assert response.request["PATH_INFO"] == "/accounts/login/"
    assert path in unquote(response.request["QUERY_STRING"])


def test_admin_login_accepts_no_password(ada: User) -> None:
    browser = Client()
    browser.post("/admin/login/", {"username": ada.email, "password": "password"})
    assert "_auth_user_id" not in browser.session


def test_non_admins_are_refused() -> None:
    browser = browser_of(factories.moderator())
    response = browser.get("/admin/", follow=True)
    assert "/admin/" not in [url for url, _status in response.redirect_chain[-1:]]
    assert response.status_code in (200, 403)
    assert "Site administration" not in response.content.decode()


@override_settings(REQUIRE_SECOND_FACTOR=True)
def test_admins_need_a_second_factor(desk: Client) -> None:
    response = desk.get("/admin/")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/2fa/")


# --- Privileged accounts ------------------------------------------------------------------------


@pytest.fixture
def clerk(db: None) -> User:
    """An administrator who is not a superuser."""
    return factories.user(is_staff=True, email="clerk@portal.example")


@pytest.mark.parametrize("role", ["is_superuser", "is_staff", "is_moderator", "officer"])
def test_admin_cannot_take_over_a_privileged_account(clerk: User, role: str) -> None:
    flags = {} if role == "officer" else {role: True}
    chief, browser = factories.user(email="chief@portal.example", **flags), browser_of(clerk)
    if role == "officer":
        Officer.objects.create(user=chief, agency=factories.agency())
    proved = EmailAddress.objects.get(user=chief)
    factor = Authenticator.objects.create(user=chief, type="totp", data={"secret": "seed"})
    change = NEW | {"email": "mine@else.example", "is_active": "on"}
    added = {"user": chief.pk, "email": "mine@else.example", "verified": "on"}
    sent = [
        browser.post(address(User, "change", chief.pk), change),
        browser.post(address(EmailAddress, "add"), added),
        browser.post(address(EmailAddress, "change", proved.pk), added),
        browser.post(address(EmailAddress, "delete", proved.pk), {"post": "yes"}),
        browser.post(address(Authenticator, "delete", factor.pk), {"post": "yes"}),
    ]
    assert [response.status_code for response in sent] == [403] * 5
    chosen = {"action": "delete_selected", "_selected_action": factor.pk, "post": "yes"}
    browser.post(address(Authenticator, "changelist"), chosen)
    chief.refresh_from_db()
    assert chief.email == "chief@portal.example"
    assert list(EmailAddress.objects.filter(user=chief)) == [proved]
    assert Authenticator.objects.filter(user=chief).exists()


def test_admin_can_edit_ordinary_accounts(clerk: User) -> None:
    person = factories.user(email="old@brand.example")
    browser = browser_of(clerk)
    browser.post(address(User, "change", person.pk), NEW | {"is_active": "on"})
    person.refresh_from_db()
    assert person.email == "nora.new@brand.example"
