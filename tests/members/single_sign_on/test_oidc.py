"""Single sign-on by OpenID Connect, against a provider on this machine, with real requests."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.test import Client

from alliance.lib import clock
from cases import tasks
from members.models import LoginDomain, Member, Membership, SingleSignOn, User
from members.services import single_sign_on
from members.services.single_sign_on import Claims
from tests import factories
from tests.concurrency import run_concurrently
from tests.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.members.single_sign_on.conftest import DOMAIN, SSO, Browser, text_of

pytestmark = pytest.mark.django_db


def person(member: Member, name: str = "vera", role: str = "filer") -> User:
    return factories.staff(member, role, email=f"{name}@{DOMAIN}")


# --- Who gets in -------------------------------------------------------------------------------


def test_unknown_person_becomes_a_viewer_of_the_member(row: SingleSignOn, visitor: Browser) -> None:
    begun = visitor.begin(next="/people/")
    asked = parse_qs(urlsplit(begun["Location"]).query)
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["login_hint"] == [f"vera@{DOMAIN}"]
    back = visitor.at_provider(begun)
    assert visitor.client.get(back)["Location"] == "/people/"
    user = User.objects.get(email=f"vera@{DOMAIN}")
    assert (user.name, user.has_usable_password()) == ("Vera Velm", False)
    role = user.memberships.get()
    assert (role.member, role.role) == (row.member, "viewer")
    assert EmailAddress.objects.get(user=user).verified
    login = SocialAccount.objects.get(user=user)
    assert (login.provider, login.uid, login.extra_data) == (row.key, f"sub-{user.email}", {})
    assert not SocialToken.objects.exists()
    assert visitor.client.get("/desk/").status_code == 200
    assert UserSession.objects.filter(user=user).count() == 1
    row.refresh_from_db()
    assert row.tested_at is not None
    # The response counts once.
    assert visitor.client.post("/accounts/logout/").status_code == 302
    again = visitor.client.get(back)
    assert (again.status_code, visitor.is_logged_in) == (403, False)
    assert "not started in this browser" in text_of(again)
    assert visitor.log_in()["Location"] == "/start/"
    assert User.objects.filter(email=user.email).count() == 1


def test_without_the_rule_an_owner_must_invite(row: SingleSignOn, visitor: Browser) -> None:
    SingleSignOn.objects.update(creates_accounts=False)
    page = visitor.log_in()
    assert page.status_code == 403
    assert f"Ask an owner of Velmondra to invite vera@{DOMAIN}" in text_of(page)
    assert not User.objects.filter(email=f"vera@{DOMAIN}").exists()
    owner = factories.owner(row.member)
    factories.invitation(row.member, by=owner, email=f"vera@{DOMAIN}", role="filer")
    assert visitor.log_in().status_code == 302
    assert Membership.objects.get(user__email=f"vera@{DOMAIN}").role == "filer"


def test_known_person_is_connected_once_and_told(
    row: SingleSignOn, member: Member, visitor: Browser, idp: IdentityProvider
) -> None:
    vera = person(member)
    assert visitor.log_in().status_code == 302
    assert SocialAccount.objects.get().user == vera
    tasks.send_mails()
    (message,) = mail.outbox
    assert "A new way to log in was connected" in message.subject
    assert message.to == [vera.email]
    assert Browser().log_in().status_code == 302
    tasks.send_mails()
    assert len(mail.outbox) == 1
    # The provider may rename its people; the subject stays. Another person with the address does not get the account.
    idp.logs_in(f"vera.new@{DOMAIN}", sub=f"sub-{vera.email}")
    renamed = Browser()
    renamed.log_in()
    assert renamed.client.session["_auth_user_id"] == str(vera.pk)
    # A person whom an owner has removed does not come back by logging in.
    vera.memberships.all().delete()
    Browser().log_in()
    assert not vera.memberships.exists()


def test_unverified_address_of_the_portal_is_not_connected(
    row: SingleSignOn, member: Member, visitor: Browser
) -> None:
    vera = person(member)
    EmailAddress.objects.filter(user=vera).update(verified=False)
    page = visitor.log_in()
    assert "has not verified" in text_of(page)
    assert not visitor.is_logged_in
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email": "eve@elsewhere.example"}, "does not belong to the email domains of Velmondra"),
        ({"email": f"eve@{DOMAIN}.evil.example"}, "does not belong to the email domains"),
        ({"email_verified": False}, "has not verified"),
        ({"email_verified": "false"}, "has not verified"),
        ({"email_verified": None}, "has not verified"),
        ({"email": ["a@b"]}, "did not send your email address"),
        ({"email": ""}, "did not send your email address"),
    ],
)
def test_claims_that_are_not_enough(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, claims: dict[str, Any], words: str
) -> None:
    factories.staff(factories.member(), email="eve@elsewhere.example")
    idp.person |= claims
    page = visitor.log_in()
    assert (page.status_code, visitor.is_logged_in) == (403, False)
    assert words in text_of(page)
    assert not SocialAccount.objects.exists()


def test_microsofts_claim_of_a_verified_domain_counts(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider
) -> None:
    del idp.person["email_verified"]
    idp.person |= {"xms_edov": "1", "name": "\u202eVera\x00"}
    assert visitor.log_in().status_code == 302
    assert User.objects.get(email=f"vera@{DOMAIN}").name == "Vera"


def test_a_provider_cannot_log_in_staff_or_another_domains_account(
    row: SingleSignOn, member: Member, idp: IdentityProvider
) -> None:
    for facts in ({"is_moderator": True}, {"is_staff": True}, {"is_superuser": True}):
        SocialAccount.objects.all().delete()
        User.objects.filter(email=f"mo@{DOMAIN}").delete()
        factories.user(email=f"mo@{DOMAIN}", **facts)
        idp.logs_in(f"mo@{DOMAIN}")
        assert "log in with their password" in text_of(Browser().log_in())
    officer = factories.officer(factories.agency(), email=f"oda@{DOMAIN}")
    idp.logs_in(officer.email)
    assert "log in with their password" in text_of(Browser().log_in())
    # Another member's person, with a second address of this domain.
    other = factories.filer(factories.member(), email="sam@birch.example")
    EmailAddress.objects.create(user=other, email=f"sam@{DOMAIN}", verified=True)
    idp.logs_in(f"sam@{DOMAIN}")
    assert "Your account has the email address sam@birch.example" in text_of(Browser().log_in())
    # A person who became a moderator after the first login.
    vera = person(member)
    idp.logs_in(vera.email)
    assert Browser().log_in().status_code == 302
    User.objects.filter(pk=vera.pk).update(is_moderator=True)
    assert "log in with their password" in text_of(Browser().log_in())
    User.objects.filter(pk=vera.pk).update(is_moderator=False, is_active=False)
    assert Browser().log_in()["Location"] == "/accounts/inactive/"


def test_suspended_and_former_members(
    row: SingleSignOn, member: Member, idp: IdentityProvider
) -> None:
    """People of a suspended member log in as with a password; nobody joins. A former member has no single sign-on."""
    vera = person(member)
    begun = Browser()
    response = begun.at_provider(begun.begin())
    Member.objects.update(status="suspended", suspended_on=clock.today())
    assert begun.client.get(response).status_code == 302
    idp.logs_in(f"new@{DOMAIN}")
    page = Browser().log_in()
    assert "Velmondra is not an active member at the moment." in text_of(page)
    assert not User.objects.filter(email=f"new@{DOMAIN}").exists()
    begun = Browser()
    response = begun.at_provider(begun.begin())
    Member.objects.update(status="left", left_on=clock.today())
    assert "Single sign-on of Velmondra is switched off." in text_of(begun.client.get(response))
    page = Browser().begin(vera.email)
    assert page.status_code == 422
    assert "No single sign-on is set up for this email domain" in text_of(page)
    assert vera.email in text_of(page)


# --- Responses that cannot be trusted ----------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "x"], "azp": "x"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1_000_000_000},
        {"sub": 7},
        {"sub": ""},
    ],
    ids=str,
)
def test_wrong_token_is_refused(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, wrong: dict[str, Any]
) -> None:
    idp.wrong = wrong
    page = visitor.log_in()
    assert (page.status_code, visitor.is_logged_in) == (403, False)
    assert "could not be verified" in text_of(page)


def test_forged_signatures_are_refused(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider
) -> None:
    idp.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert "could not be verified" in text_of(visitor.log_in())
    for key, algorithm in ((SECRET * 2, "HS256"), (None, "none")):
        idp.signing_key, idp.algorithm = key, algorithm
        assert "could not be verified" in text_of(visitor.log_in())
    assert not visitor.is_logged_in


def test_state_belongs_to_the_browser_and_the_provider(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider
) -> None:
    back = visitor.at_provider(visitor.begin())
    for url in (back, f"{SSO}{row.key}/callback/?code=x&state=guess", f"{SSO}{row.key}/callback/"):
        page = Client().get(url)
        assert page.status_code == 403
        assert "not started in this browser" in text_of(page)
    other = factories.member(name="Birch")
    theirs = SingleSignOn.objects.create(
        member=other, issuer=idp.issuer, client_id=CLIENT, is_active=True
    )
    page = visitor.client.get(back.replace(row.key, theirs.key))
    assert (page.status_code, visitor.is_logged_in) == (403, False)
    assert visitor.client.get(f"{SSO}0000/callback/").status_code == 404


def test_a_link_of_another_site_starts_no_login(row: SingleSignOn, idp: IdentityProvider) -> None:
    for path in ("start/", "continue/"):
        assert Client().get(SSO + path)["Location"] == SSO
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SSO, {"login": f"vera@{DOMAIN}"}).status_code == 403
    assert idp.paths == []


def test_cancelled_at_the_provider(row: SingleSignOn, visitor: Browser) -> None:
    state = parse_qs(urlsplit(visitor.begin()["Location"]).query)["state"][0]
    url = f"{SSO}{row.key}/callback/?error=access_denied&state={state}"
    assert visitor.client.get(url)["Location"] == "/accounts/login/"
    assert "The login was cancelled." in text_of(visitor.client.get("/accounts/login/"))


# --- Providers that misbehave ------------------------------------------------------------------


def test_disabled_provider(row: SingleSignOn, visitor: Browser) -> None:
    back = visitor.at_provider(visitor.begin())
    SingleSignOn.objects.update(is_active=False)
    page = visitor.client.get(back)
    assert "Single sign-on of Velmondra is switched off." in text_of(page)
    assert visitor.client.get(f"{SSO}start/")["Location"] == SSO
    assert visitor.begin().status_code == 422
    assert not visitor.is_logged_in


def test_hanging_provider_gives_a_clear_page(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, settings: Any
) -> None:
    settings.SINGLE_SIGN_ON_SECONDS = 0.3
    back = visitor.at_provider(visitor.begin())
    idp.hang = threading.Event()
    try:
        for url in (back, f"{SSO}start/"):
            started = time.monotonic()
            page = visitor.client.get(url)
            assert page.status_code == 424
            assert "cannot be reached at the moment" in text_of(page)
            assert time.monotonic() - started < 2
    finally:
        idp.hang.set()


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_redirects_are_not_followed(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, path: str
) -> None:
    """A provider could redirect to an address within the portal's network."""
    idp.redirects[path] = f"{idp.issuer}/internal"
    response = visitor.begin()
    if response.status_code == 302:
        response = visitor.client.get(visitor.at_provider(response))
    assert response.status_code == 424
    assert "/internal" not in idp.paths


@pytest.mark.parametrize(
    "endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri", "issuer"]
)
def test_private_endpoints_are_not_requested(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, settings: Any, endpoint: str
) -> None:
    idp.discovery = {endpoint: "http://169.254.169.254/latest/meta-data/"}
    if endpoint == "authorization_endpoint":  # the browser goes there, not the portal
        idp.discovery = {endpoint: "javascript:alert(1)"}
    response = visitor.begin()
    if response.status_code == 302:
        # The sockets of tests refuse other addresses than this machine's.
        settings.WEBHOOK_ALLOW_PRIVATE = False
        response = visitor.client.get(visitor.at_provider(response))
    assert response.status_code in (403, 424)
    assert not visitor.is_logged_in


def test_private_provider_is_not_requested_at_all(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    for issuer in (idp.issuer, idp.issuer.replace("http://", "https://"), "https://[::1]:1"):
        SingleSignOn.objects.update(issuer=issuer)
        assert "cannot be reached" in text_of(visitor.begin())
    assert idp.paths == []


@pytest.mark.parametrize(
    "raw",
    [b"[]", b"null", b"{", b"<html>", b"\xff\xfe", b'{"issuer": 7}', b'"' + b"x" * 70_000 + b'"'],
    ids=lambda raw: str(raw[:12]),
)
def test_malformed_responses(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider, raw: bytes
) -> None:
    back = visitor.at_provider(visitor.begin())
    idp.raw = raw
    assert "cannot be reached" in text_of(visitor.client.get(f"{SSO}start/"))
    assert visitor.client.get(back).status_code in (403, 424)


# --- Domains that require it -------------------------------------------------------------------


def test_required_domain_refuses_passwords_except_for_owners(
    row: SingleSignOn, member: Member
) -> None:
    SingleSignOn.objects.update(is_required=True)
    vera, olu = person(member), person(member, "olu", "owner")
    mo = factories.moderator(email=f"mo@{DOMAIN}")
    for user, allowed in ((vera, False), (olu, True), (mo, True)):
        client = Client()
        page = client.post("/accounts/login/", {"login": user.email, "password": "password"})
        assert ("_auth_user_id" in client.session) is allowed, user
        if not allowed:
            assert page.status_code == 403
            assert "Your organisation, Velmondra, requires single sign-on." in text_of(page)
            assert f'href="{SSO}"' in text_of(page)
    page = Client().post("/accounts/login/", {"login": vera.email, "password": "wrong"})
    assert "requires single sign-on" not in text_of(page)
    for user in (vera, olu, mo):
        page = Client().post("/accounts/password/reset/", {"email": user.email})
        assert page.status_code == 200
        assert "requires single sign-on" in text_of(page)
    assert mail.outbox == []
    invitation = factories.invitation(member, by=olu, email=f"ada@{DOMAIN}")
    page = Client().get(f"/accounts/invitation/{invitation.key}/")
    assert "requires single sign-on" in text_of(page)
    assert 'name="password1"' not in text_of(page)
    SingleSignOn.objects.update(is_active=False)
    page = Client().post("/accounts/login/", {"login": vera.email, "password": "password"})
    assert page.status_code == 302


def test_second_factor_of_the_portal_is_asked_for_as_well(
    row: SingleSignOn, member: Member, visitor: Browser
) -> None:
    TOTP.activate(person(member), generate_totp_secret())
    assert visitor.log_in()["Location"] == "/accounts/2fa/authenticate/"
    assert not visitor.is_logged_in


def test_domains_of_a_provider_are_unique(row: SingleSignOn) -> None:
    assert LoginDomain.objects.get().name == DOMAIN
    assert SingleSignOn.objects.for_address(f"X@{DOMAIN.upper()}.") == row
    assert SingleSignOn.objects.for_address("x@sub." + DOMAIN) is None
    assert SingleSignOn.objects.for_address("nonsense") is None


@pytest.mark.django_db(transaction=True)
def test_two_first_logins_at_the_same_moment_make_one_account(row: SingleSignOn) -> None:
    claims = Claims(subject="s", email=f"vera@{DOMAIN}", is_verified=True, name="Vera")
    calls = [partial(single_sign_on.admit, provider=row, claims=claims)] * 3
    logins = run_concurrently(*calls)
    assert {login.pk for login in logins} == {SocialAccount.objects.get().pk}
    assert Membership.objects.get().user == User.objects.get()
