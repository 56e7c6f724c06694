"""Invitations: sent, accepted with and without an account, resent, withdrawn, expired."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from alliance.logs import scrub_text
from cases import tasks
from cases.background import retention
from members.models import Invitation, Member, MemberNotice, Membership, User
from members.services import invitations, people
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

EMAIL = "new.colleague@brand.example"
PASSWORD = "a long enough phrase"


def invite(personas: Personas, email: str = EMAIL, role: str = "filer") -> Invitation:
    return invitations.invite(member=personas.member, by=personas.owner, email=email, role=role)


def link_in(message: Any) -> str:
    """Return the path of the link in an invitation."""
    found = re.search(r"http://localhost:8000(/accounts/invitation/\S+)", message.body)
    assert found
    return found[1]


def sent_link(*, to: str = EMAIL) -> str:
    tasks.send_mails()
    return link_in([message for message in mail.outbox if message.to == [to]][-1])


def sign_up(client: Client, url: str, **changes: str) -> Any:
    sent = {"name": "Ada Ng", "password1": PASSWORD, "password2": PASSWORD} | changes
    return client.post(url, form_data(client.get(url), url, **sent))


def test_owner_invites_and_a_new_person_gets_an_account(personas: Personas) -> None:
    owner = personas.client("owner")
    page = owner.get(reverse("people:list", args=[personas.member.slug]))
    url = reverse("people:invite", args=[personas.member.slug])
    response = owner.post(url, form_data(page, url, email=EMAIL.upper(), role="viewer"))
    assert response.status_code == 302
    assert EMAIL in owner.get(response["Location"]).text
    client = Client()
    response = sign_up(client, sent_link())
    assert response["Location"] == reverse("start")
    user = User.objects.get(email=EMAIL)
    role = Membership.objects.get(user=user)
    assert (user.name, role.member, role.role) == ("Ada Ng", personas.member, "viewer")
    assert user.check_password(PASSWORD)
    assert client.get(reverse("desk:home")).status_code == 200
    tasks.send_mails()
    assert mail.outbox[-1].to == [personas.owner.email]
    assert "Ada Ng has accepted your invitation" in mail.outbox[-1].body


def test_opening_the_link_changes_nothing(personas: Personas) -> None:
    invite(personas)
    url = sent_link()
    for _time in range(2):
        assert Client().get(url).status_code == 200
    assert Invitation.objects.open().exists()
    assert not User.objects.filter(email=EMAIL).exists()


def test_person_with_an_account_logs_in_and_accepts(personas: Personas) -> None:
    invite(personas, email=personas.stranger.email)
    url = sent_link(to=personas.stranger.email)
    assert f"{reverse('account_login')}?next={url}" in Client().get(url).text.replace("%3A", ":")
    client = personas.client("stranger")
    assert "invites you to" in client.get(url).text
    assert client.post(url, form_data(client.get(url), url)).status_code == 302
    assert Membership.objects.filter(user=personas.stranger).count() == 2


def test_another_person_cannot_accept(personas: Personas) -> None:
    invitation = invite(personas)
    client = personas.client("stranger")
    page = client.get(sent_link())
    assert f"The invitation is for {EMAIL}" in page.text
    assert client.post(sent_link()).status_code == 422
    with pytest.raises(Refusal, match="another email address"):
        invitations.accept(invitation=invitation, by=personas.stranger)
    assert Membership.objects.filter(user=personas.stranger).count() == 1


@pytest.mark.parametrize("who", ["moderator", "officer", "admin"])
def test_staff_of_the_platform_cannot_accept(personas: Personas, who: str) -> None:
    user = getattr(personas, who)
    invitation = invite(personas, email=user.email)
    with pytest.raises(Refusal, match="cannot have a role"):
        invitations.accept(invitation=invitation, by=user)


def test_link_works_once(personas: Personas) -> None:
    invite(personas)
    url = sent_link()
    sign_up(Client(), url)
    page = Client().get(url)
    assert page.status_code == 410
    assert "This invitation has been used." in page.text
    assert Client().post(url, {"name": "X", "password1": PASSWORD}).status_code == 410
    assert Membership.objects.filter(user__email=EMAIL).count() == 1


def test_removed_person_cannot_come_back_with_the_link(personas: Personas) -> None:
    invitation = invite(personas, email=personas.stranger.email)
    role = invitations.accept(invitation=invitation, by=personas.stranger)
    assert invitations.accept(invitation=invitation, by=personas.stranger) == role
    people.remove(membership=role, by=personas.owner)
    with pytest.raises(Refusal, match="has been used"):
        invitations.accept(invitation=invitation, by=personas.stranger)
    assert not personas.member.memberships.filter(user=personas.stranger).exists()


def test_expired_invitation(personas: Personas) -> None:
    invite(personas)
    url = sent_link()
    Invitation.objects.update(expires_at=clock.now())
    page = Client().get(url)
    assert page.status_code == 410
    assert f"Ask {personas.owner.name} to resend it." in page.text


def test_resent_invitation_has_a_new_link_and_the_old_one_stops(personas: Personas) -> None:
    invite(personas)
    old = sent_link()
    Invitation.objects.update(expires_at=clock.now())
    owner = personas.client("owner")
    list_url = reverse("people:list", args=[personas.member.slug])
    url = reverse("people:resend", args=[personas.member.slug, Invitation.objects.get().pk])
    refused = owner.post(url, form_data(owner.get(list_url), url), follow=True)
    assert "sent a few minutes ago" in refused.text
    Invitation.objects.update(invited_at=clock.now() - invitations.RESEND_AFTER)
    owner.post(url, form_data(owner.get(list_url), url))
    new = sent_link()
    assert new != old
    assert Client().get(old).status_code == 404
    assert sign_up(Client(), new).status_code == 302


def test_withdrawn_invitation(personas: Personas) -> None:
    invitation = invite(personas)
    url = sent_link()
    owner = personas.client("owner")
    action = reverse("people:withdraw", args=[personas.member.slug, invitation.pk])
    page = owner.get(reverse("people:list", args=[personas.member.slug]))
    for _time in range(2):
        owner.post(action, form_data(page, action))
    assert Client().get(url).status_code == 410
    assert invite(personas).pk != invitation.pk  # the address can be invited again


def test_queued_email_is_not_sent_after_the_withdrawal(personas: Personas) -> None:
    invitations.withdraw(invitation=invite(personas), by=personas.owner)
    tasks.send_mails()
    assert mail.outbox == []


def test_person_with_access_is_not_invited(personas: Personas) -> None:
    with pytest.raises(Refusal, match="already has access"):
        invite(personas, email=personas.viewer.email.upper())


def test_same_address_twice_is_one_invitation(personas: Personas) -> None:
    first = invite(personas)
    with pytest.raises(Refusal, match="a few minutes ago"):
        invite(personas)
    assert invite(personas, role="owner").pk == first.pk
    assert Invitation.objects.get().role == "owner"


def test_number_of_open_invitations_is_limited(personas: Personas, settings: Any) -> None:
    settings.MAX_OPEN_INVITATIONS = 2
    for number in range(2):
        invite(personas, email=f"p{number}@brand.example")
    with pytest.raises(Refusal, match="Too many"):
        invite(personas)


def test_suspended_member_neither_invites_nor_admits(personas: Personas) -> None:
    invitation = invite(personas)
    Member.objects.filter(pk=personas.member.pk).update(
        status="suspended", suspended_on=clock.today()
    )
    with pytest.raises(Refusal, match="suspended"):
        invite(personas, email="other@brand.example")
    with pytest.raises(Refusal, match="not an active member"):
        invitations.accept_as_new_user(invitation=invitation, name="A", password=PASSWORD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "\u200b"},
        {"password2": "another phrase"},
        {"password1": "short"},
        {"password1": EMAIL},
    ],
    ids=["invisible name", "differs", "short", "like the address"],
)
def test_errors_keep_the_name(personas: Personas, wrong: dict[str, str]) -> None:
    invite(personas)
    client, url = Client(), sent_link()
    response = sign_up(client, url, **({"password2": wrong.get("password1", PASSWORD)} | wrong))
    assert response.status_code == 422
    assert form_data(response, url)["name"] == wrong.get("name", "Ada Ng")
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize(
    "key", ["x", "1.abc:def", "9" * 300, "1.0000.sig", "%00", "0.x.y", "-1.a.b", "²." + "0" * 32]
)
def test_malformed_links(db: None, key: str) -> None:
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/accounts/invitation/{key}/").status_code == 404


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b", "x" * 250 + "@a.example", "a@b.example\nBcc: c@d.example"]
)
def test_malformed_addresses_are_kept_with_an_error(personas: Personas, email: str) -> None:
    client = personas.client("owner")
    url = reverse("people:invite", args=[personas.member.slug])
    response = client.post(url, {"email": email, "role": "filer"})
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_email_in_the_queue_has_no_part_of_the_key(personas: Personas) -> None:
    nonce = invite(personas).nonce
    row = MemberNotice.objects.values().get()
    assert nonce[:6] not in str(row)


def test_key_is_not_logged(personas: Personas) -> None:
    path = reverse("invitation", args=[invite(personas).key])
    assert Invitation.objects.get().nonce not in scrub_text(f"GET {path} 200")


@pytest.mark.django_db(transaction=True)
def test_accepted_twice_at_the_same_moment() -> None:
    member = factories.member()
    owner = factories.owner(member)
    invitation = invitations.invite(member=member, by=owner, email=EMAIL, role="filer")
    results = run_concurrently(
        *2
        * [
            lambda: invitations.accept_as_new_user(
                invitation=invitation, name="A", password=PASSWORD
            )
        ]
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Membership.objects.filter(user__email=EMAIL).count() == 1


def test_old_notices_are_deleted(personas: Personas) -> None:
    invite(personas)
    tasks.send_mails()
    invite(personas, email="waiting@brand.example")
    MemberNotice.objects.update(created_at=clock.now() - timedelta(days=400))
    assert retention.delete_old_mails() == 1
    assert MemberNotice.objects.get().to == "waiting@brand.example"
