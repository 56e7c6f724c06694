"""Single sign-on by OpenID Connect, against a provider on this machine, with real requests."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from alliance.lib import clock
from cases import tasks
from members.models import LoginDomain, Member, Membership, SingleSignOn, User
from members.services import single_sign_on
from members.services.single_sign_on import Claims
from tests import factories
from tests.concurrency import run_concurrently
from tests.identity_provider import IdentityProvider
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
    # The provider may rename its people; the subject stays. An open invitation of the new address is somebody else's.
    factories.invitation(
        member, by=factories.owner(member), email=f"vera.new@{DOMAIN}", role="viewer"
    )
    idp.logs_in(f"vera.new@{DOMAIN}", sub=f"sub-{vera.email}")
    renamed = Browser()
    renamed.log_in()
    assert renamed.client.session["_auth_user_id"] == str(vera.pk)
    assert not vera.memberships.exclude(role="filer").exists()
    # A person whom an owner has removed does not come back by logging in.
    vera.memberships.all().delete()
    Browser().log_in()
    assert not vera.memberships.exists()


def test_a_new_person_with_a_former_persons_address_does_not_get_the_account(
    row: SingleSignOn, member: Member, visitor: Browser, idp: IdentityProvider
) -> None:
    vera = person(member)
    assert Browser().log_in().status_code == 302
    idp.logs_in(vera.email, sub="another-vera")
    page = visitor.log_in()
    assert (page.status_code, visitor.is_logged_in) == (403, False)
    assert "is connected with another person at your identity provider" in text_of(page)
    assert SocialAccount.objects.get().uid == f"sub-{vera.email}"
    # An admin hands the account over.
    SocialAccount.objects.all().delete()
    assert visitor.log_in().status_code == 302
    assert SocialAccount.objects.get().uid == "another-vera"


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


def test_person_without_a_password_finds_no_dead_end(
    row: SingleSignOn, visitor: Browser, idp: IdentityProvider
) -> None:
    """Names that the provider sends are cut, and the account pages work without a password."""
    local = "v" * 200
    idp.logs_in(f"{local}@{DOMAIN}", sub="s", name="\u200b" * 9)
    assert visitor.log_in().status_code == 302
    assert User.objects.get().name == "v" * 150
    for path in ("profile/", "2fa/", "2fa/totp/activate/", "email/", "sessions/", "password/set/"):
        assert visitor.client.get(f"/accounts/{path}").status_code == 200, path
    found = visitor.client.get("/accounts/password/change/")
    assert found["Location"] == "/accounts/password/set/"


def test_starts_and_posted_responses_are_limited(row: SingleSignOn, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"single_sign_on": "2/m/ip"}
    statuses = [Client().post(SSO, {"login": f"a@{DOMAIN}"}).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]
    # Each start asks the provider, and each response the database.
    for name, url in (("start", f"{SSO}start/"), ("response", f"{SSO}{row.key}/callback/")):
        limits = settings.ACCOUNT_RATE_LIMITS | {f"single_sign_on_{name}": "2/m/ip"}
        settings.ACCOUNT_RATE_LIMITS = limits
        assert [Client().get(url).status_code == 429 for _ in range(3)] == [False, False, True], url


@pytest.mark.django_db(transaction=True)
def test_two_first_logins_at_the_same_moment_make_one_account(row: SingleSignOn) -> None:
    claims = Claims(subject="s", email=f"vera@{DOMAIN}", is_verified=True, name="Vera")
    calls = [partial(single_sign_on.admit, provider=row, claims=claims)] * 3
    logins = run_concurrently(*calls)
    assert {login.pk for login in logins} == {SocialAccount.objects.get().pk}
    assert Membership.objects.get().user == User.objects.get()
