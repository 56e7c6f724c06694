"""Domains that require single sign-on: other addresses, invitations of others, and accounts without a password."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from members.models import Member, SingleSignOn, User
from members.services import single_sign_on
from tests import factories
from tests.forms import form_data
from tests.members.single_sign_on.conftest import DOMAIN, Browser, text_of
from tests.personas import browser_of

pytestmark = pytest.mark.django_db
PRIVATE = "vera@private.example"
EMAIL = "/accounts/email/"
MUST = "requires single sign-on"


@pytest.fixture
def required(row: SingleSignOn) -> SingleSignOn:
    SingleSignOn.objects.update(is_required=True)
    row.refresh_from_db()
    return row


def vera_of(member: Member, email: str = f"vera@{DOMAIN}", role: str = "filer") -> User:
    return factories.staff(member, role, email=email)


def add(user: User, email: str, **facts: Any) -> None:
    EmailAddress.objects.create(user=user, email=email, **{"verified": True, **facts})


def refused(user: User) -> bool:
    client = Client()
    page = client.post("/accounts/login/", {"login": user.email, "password": "password"})
    assert ("_auth_user_id" in client.session) is (MUST not in text_of(page))
    return MUST in text_of(page)


def test_another_primary_address_does_not_lift_the_requirement(
    required: SingleSignOn, member: Member
) -> None:
    vera = vera_of(member, PRIVATE)
    assert not refused(vera)
    add(vera, f"vera@{DOMAIN}", verified=False)  # anybody can enter it
    assert not refused(vera)
    EmailAddress.objects.filter(email=f"vera@{DOMAIN}").update(verified=True)
    assert refused(vera)
    # Not even after the address is gone, if the person has logged in by the provider.
    EmailAddress.objects.filter(email=f"vera@{DOMAIN}").delete()
    SocialAccount.objects.create(user=vera, provider=required.key, uid="v")
    assert refused(vera)
    vera.memberships.update(role="owner")
    assert not refused(vera)
    vera.memberships.update(role="filer")
    User.objects.filter(pk=vera.pk).update(is_moderator=True)
    assert single_sign_on.required_for(User.objects.get(pk=vera.pk)) is None
    User.objects.filter(pk=vera.pk).update(is_moderator=False)
    # A provider that is not required, or not in use, binds nobody.
    for facts in ({"is_required": False}, {"is_active": False}):
        SingleSignOn.objects.update(**{"is_required": True, "is_active": True, **facts})
        assert single_sign_on.required_for(User.objects.get(pk=vera.pk)) is None


def test_admins_change_of_the_address_releases_the_person(
    required: SingleSignOn, member: Member
) -> None:
    vera = vera_of(member)
    SocialAccount.objects.create(user=vera, provider=required.key, uid="v")
    page = f"/admin/members/user/{vera.pk}/change/"
    desk = browser_of(factories.admin())
    for email, kept in ((f"vera.new@{DOMAIN}", True), (PRIVATE, False)):
        data = form_data(desk.get(page), "user_form", email=email)
        assert desk.post(page, data).status_code == 302
        assert SocialAccount.objects.exists() is kept
    vera.refresh_from_db()
    assert single_sign_on.required_for(vera) is None


def test_only_addresses_of_the_domain_are_added_and_chosen(
    required: SingleSignOn, member: Member, visitor: Browser
) -> None:
    """The account has no password, so allauth asks for none."""
    assert visitor.log_in().status_code == 302
    browser, vera = visitor.client, User.objects.get(email=f"vera@{DOMAIN}")
    page = browser.post(EMAIL, {"email": PRIVATE, "action_add": ""})
    assert "Only addresses of its email domains can be used." in text_of(page)
    assert f'value="{PRIVATE}"' in text_of(page)
    assert not EmailAddress.objects.filter(email=PRIVATE).exists()
    add(vera, PRIVATE)
    add(vera, f"second@{DOMAIN}")
    page = browser.post(EMAIL, {"email": PRIVATE, "action_primary": ""}, follow=True)
    assert "Only addresses of its email domains can be used." in text_of(page)
    vera.refresh_from_db()
    assert vera.email == f"vera@{DOMAIN}"
    page = browser.post(EMAIL, {"email": f"second@{DOMAIN}", "action_primary": ""}, follow=True)
    vera.refresh_from_db()
    assert vera.email == f"second@{DOMAIN}"
    # The last address of the domain stays, whichever is the primary one.
    browser.post(EMAIL, {"email": f"vera@{DOMAIN}", "action_remove": ""})
    assert not EmailAddress.objects.filter(email=f"vera@{DOMAIN}").exists()
    EmailAddress.objects.update(primary=False)
    EmailAddress.objects.filter(email=PRIVATE).update(primary=True)
    page = browser.post(EMAIL, {"email": f"second@{DOMAIN}", "action_remove": ""}, follow=True)
    assert MUST in text_of(page)
    assert EmailAddress.objects.filter(email=f"second@{DOMAIN}").exists()


def test_without_the_requirement_addresses_are_free(row: SingleSignOn, visitor: Browser) -> None:
    assert visitor.log_in().status_code == 302
    data = {"email": PRIVATE, "action_add": ""}
    assert visitor.client.post(EMAIL, data).status_code == 302
    assert EmailAddress.objects.filter(email=PRIVATE).exists()


def test_owners_of_another_member_are_not_exempt(required: SingleSignOn, member: Member) -> None:
    other = factories.member(name="Birch")
    for at, bound in ((other, True), (member, False)):
        email = f"ada-{at.pk}@{DOMAIN}"
        found = factories.invitation(at, by=factories.owner(at), email=email, role="owner")
        page = text_of(Client().get(f"/accounts/invitation/{found.key}/"))
        assert ((MUST in page), ('name="password1"' in page)) == (bound, not bound), at
