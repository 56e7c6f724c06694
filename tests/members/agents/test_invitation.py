"""Agents are invited with a dated authorisation and its signed document."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from cases import tasks
from members.models import Authorisation, Document, Invitation, User
from members.services import invitations
from tests import factories
from tests.forms import form_data
from tests.members.agents.forms import (
    DAY,
    EMAIL,
    day,
    files,
    grant,
    post_invitation,
    role_of,
)
from tests.personas import Personas


def test_owner_invites_an_agent_who_gets_access_with_the_authorisation(personas: Personas) -> None:
    assert post_invitation(personas).status_code == 302
    listed = personas.client("owner").get(reverse("people:list", args=[personas.member.slug]))
    assert "letter.png" not in listed.text
    assert "Agent" in listed.text
    tasks.send_mails()
    (message,) = mail.outbox
    assert "You are invited as an agent. Your authorisation is valid from" in message.body
    found = re.search(r"http://localhost:8000(/accounts/invitation/\S+)", str(message.body))
    assert found
    client = Client()
    page = client.get(found[1])
    assert "Your authorisation is valid from" in page.text
    password = "a long enough phrase"
    sent = {"name": "Ana Agent", "password1": password, "password2": password}
    assert client.post(found[1], form_data(page, found[1], **sent)).status_code == 302
    role = role_of(User.objects.get(email=EMAIL))
    assert (role.is_agent, role.role, role.valid_until) == (True, "filer", None)
    authorisation = Authorisation.objects.get()
    assert authorisation.agent == role.user
    assert authorisation.recorded_by == personas.owner
    assert client.get(reverse("desk:home")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"valid_until": date(2020, 1, 1)}, "cannot end before it starts"),
        ({"valid_from": date(1900, 1, 1)}, "Check the year."),
        ({"valid_until": date(9999, 12, 31)}, "valid for at most 10 years"),
        ({"valid_from": date(2019, 1, 1), "valid_until": date(2020, 1, 1)}, "This date has passed"),
        ({"valid_until": ""}, "Enter the last day."),
        ({"valid_from": ""}, "Enter the first day."),
        ({"valid_until": "31.31.2030"}, "Enter a valid date."),
        ({"document": None}, "Choose the signed document."),
        ({"role": "owner"}, "An agent cannot be an owner"),
        ({"is_agent": None}, "Tick this box, or remove it."),
        (
            {"document": SimpleUploadedFile("letter.pdf", b"<script>alert(1)</script>")},
            "is not a PDF, PNG or JPEG file",
        ),
        (
            {"document": SimpleUploadedFile("letter.html", b"<script>alert(1)</script>")},
            "is not a PDF, PNG or JPEG file",
        ),
        ({"document": SimpleUploadedFile("letter.pdf", b"")}, "is empty"),
        # Problems of the file and of the dates are shown together.
        (
            {"valid_until": date(2020, 1, 1), "document": SimpleUploadedFile("x.pdf", b"MZ")},
            "is not a PDF, PNG or JPEG file",
        ),
    ],
)
def test_bad_input_is_refused_and_kept(
    personas: Personas, changes: dict[str, Any], problem: str
) -> None:
    with clock.at(clock.now().replace(year=2027, month=3, day=1)):
        response = post_invitation(personas, **changes)
    assert response.status_code == 422
    assert problem in response.text
    url = reverse("people:invite", args=[personas.member.slug])
    kept = form_data(response, url)
    assert kept["email"] == EMAIL
    for name in ("valid_from", "valid_until", "role"):
        if name in changes:
            assert kept[name] == str(changes[name])
    if changes.get("document", True):
        assert "Choose the document again" in response.text
    assert not Invitation.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.parametrize(("start", "end"), [(0, -1), (-4000, 100), (0, 4000)])
def test_the_service_refuses_the_same_dates(personas: Personas, start: int, end: int) -> None:
    with pytest.raises(Refusal):
        invitations.invite(
            member=personas.member,
            by=personas.owner,
            email=EMAIL,
            role="filer",
            grant=grant(start, end),
        )


def test_agent_with_a_role_is_not_invited(personas: Personas, agent: User) -> None:
    assert "This person already has access." in post_invitation(personas).text
    Authorisation.objects.update(valid_until=day(-1))
    assert "Renew it in the list above." in post_invitation(personas).text
    assert not Invitation.objects.exists()


def test_double_click_on_the_invitation_sends_one(personas: Personas) -> None:
    first = factories.png("letter.png", seed=7)
    assert post_invitation(personas, document=first).status_code == 302
    second = post_invitation(personas, document=factories.png("letter.png", seed=7))
    assert second.status_code == 422
    assert "a few minutes ago" in second.text
    assert Authorisation.objects.count() == Document.objects.count() == 1
    assert files() == 1
    tasks.send_mails()
    assert len(mail.outbox) == 1


def test_other_dates_replace_the_authorisation_of_an_open_invitation(personas: Personas) -> None:
    post_invitation(personas)
    old = Document.objects.get()
    assert post_invitation(personas, valid_until=day(50)).status_code == 302
    authorisation = Authorisation.objects.get()
    assert authorisation.valid_until == day(50)
    assert Invitation.objects.get().authorisation == authorisation
    assert not Document.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize("who", ["moderator", "officer", "admin"])
def test_staff_of_the_platform_cannot_be_agents(personas: Personas, who: str) -> None:
    user = getattr(personas, who)
    invitation = factories.invitation(
        personas.member, by=personas.owner, email=user.email, grant=grant()
    )
    with pytest.raises(Refusal, match="cannot have a role"):
        invitations.accept(invitation=invitation, by=user)


def test_invitation_whose_authorisation_has_ended(personas: Personas) -> None:
    invitation = factories.invitation(
        personas.member, by=personas.owner, email=personas.stranger.email, grant=grant(0, 3)
    )
    with clock.at(clock.now() + 4 * DAY):
        with pytest.raises(Refusal, match=f"Ask {personas.owner.name} for a new one"):
            invitations.accept(invitation=invitation, by=personas.stranger)
        with pytest.raises(Refusal, match="invite the agent again"):
            invitations.resend(invitation=invitation, by=personas.owner)


def test_accepting_twice_gives_one_role(personas: Personas) -> None:
    invitation = factories.invitation(
        personas.member, by=personas.owner, email=personas.stranger.email, grant=grant(10, 20)
    )
    role = invitations.accept(invitation=invitation, by=personas.stranger)
    assert invitations.accept(invitation=invitation, by=personas.stranger) == role
    assert Authorisation.objects.get().agent == personas.stranger


def test_authorisation_in_the_future_says_when_access_starts(personas: Personas) -> None:
    outsider = factories.user(email="outsider@lawfirm.example")
    invitation = factories.invitation(
        personas.member, by=personas.owner, email=outsider.email, grant=grant(10, 20)
    )
    client = Client()
    client.force_login(outsider)
    url = reverse("invitation", args=[invitation.key])
    response = client.post(url, form_data(client.get(url), url), follow=True)
    assert response.status_code == 200
    assert "You have access to Alder Works from" in response.text
    refused = client.get(reverse("desk:home"))
    assert refused.status_code == 403
    assert "starts on" in refused.text
    with clock.at(clock.now() + 10 * DAY):
        assert client.get(reverse("desk:home")).status_code == 200
