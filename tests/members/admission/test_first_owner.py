"""The first owner of an admitted member: who can be invited, again and at another address."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Conflict, Refusal
from cases import tasks
from members import roles
from members.models import Application, Invitation, Member
from members.services import invitations, status
from tests import factories
from tests.forms import form_data
from tests.members.admission.test_review import page_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db
LONG_AGO = {"invited_at": "2020-01-01T00:00Z"}


def accept(invitation: Invitation) -> None:
    invitations.accept_as_new_user(invitation=invitation, name="Bea Ng", password="a phrase 9")


def test_only_the_first_owner_is_called_so(personas: Personas) -> None:
    member = factories.admitted_member(by=personas.moderator)
    first = member.invitations.get()
    colleague = {"member": member, "invited_by": personas.moderator, "email": "bo@brand.example"}
    later = Invitation.objects.create(role="filer", **colleague)
    client, page = personas.client("moderator"), page_of(member.application)
    assert f"The first owner, {first.email}," in client.get(page).text
    later.delete()
    accept(first)
    owner = roles.owners_today(member).get()
    invitations.invite(member=member, by=owner, email="second@brand.example", role="owner")
    text = client.get(page).text
    assert "The first owner" not in text
    assert "second@brand.example" not in text


@pytest.mark.parametrize(
    "fields", [{"is_moderator": True}, {"is_staff": True}, {"is_active": False}]
)
def test_address_that_could_not_accept_is_not_admitted(
    personas: Personas, fields: dict[str, Any]
) -> None:
    one = factories.application()
    factories.user(email=one.email, **fields)
    factories.tick_all(one, by=personas.moderator)
    client, before = personas.client("moderator"), Member.objects.count()
    page, admit = client.get(page_of(one)), reverse("triage:application_admit", args=[one.pk])
    response = client.post(admit, {"seen": form_data(page, "ask")["seen"]})
    assert response.status_code == 422
    assert f"{one.email} " in response.text
    assert "ask for one from another address" in response.text
    assert Member.objects.count() == before
    assert Application.objects.get(pk=one.pk).status == "submitted"


def test_first_owner_at_another_address(personas: Personas) -> None:
    member = factories.admitted_member(by=personas.moderator)
    client, page = personas.client("second_moderator"), page_of(member.application)
    url = reverse("triage:application_resend", args=[member.application.pk])
    data = form_data(client.get(page), "resend")
    for wrong, text in (
        ("nonsense", "Enter a valid email address."),
        (personas.admin.email, "cannot be an owner"),
    ):
        response = client.post(url, data | {"email": wrong})
        assert response.status_code == 422
        assert text in response.text
        assert f'value="{wrong}"' in response.text
    assert client.post(url, data | {"email": "Bo@Rowan.example"}).status_code == 302
    earlier, latest = member.invitations.order_by("pk")
    assert earlier.withdrawn_at is not None
    assert (latest.email, latest.role) == ("bo@rowan.example", "owner")
    shown = client.get(page).text
    assert "An invitation was sent to bo@rowan.example." in shown
    assert "The first owner, bo@rowan.example," in shown
    tasks.send_mails()
    assert [latest.email] in [message.to for message in mail.outbox]
    accept(latest)
    assert roles.owners_today(member).get().email == latest.email


def test_reason_why_it_is_not_resent(personas: Personas) -> None:
    member = factories.admitted_member(by=personas.moderator)

    def resend() -> None:
        invitations.resend_first_owner(member=member, by=personas.moderator, language="en")

    member.invitations.update(**LONG_AGO)
    by: dict[str, Any] = {"member": member, "by": personas.moderator, "reason": "Article 7."}
    status.change(kind="suspended", **by)
    with pytest.raises(Refusal, match="not an active member"):
        resend()
    status.change(kind="reinstated", **by)
    member.invitations.update(withdrawn_at=clock.now())
    with pytest.raises(Conflict, match="withdrawn"):
        resend()
    member.invitations.update(withdrawn_at=None)
    accept(member.invitations.get())
    with pytest.raises(Conflict, match="accepted"):
        resend()
