"""Owners change who has access to their member."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib.refusals import NotAllowed, Refusal
from cases import tasks
from members.models import Membership, User
from members.services import people
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas


def role_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def url_of(name: str, personas: Personas, user: User) -> str:
    return reverse(f"people:{name}", args=[personas.member.slug, role_of(user).pk])


def post(client: Client, personas: Personas, name: str, user: User, **changes: str) -> Any:
    """Send the form of the list for a person."""
    url = url_of(name, personas, user)
    page = client.get(reverse("people:list", args=[personas.member.slug]))
    return client.post(url, form_data(page, url, **changes))


def test_owner_changes_a_role_and_the_person_is_notified(personas: Personas) -> None:
    client = personas.client("owner")
    assert post(client, personas, "role", personas.viewer, role="filer").status_code == 302
    assert role_of(personas.viewer).role == "filer"
    assert personas.client("viewer").get(reverse("desk:new")).status_code == 200
    tasks.send_mails()
    (message,) = mail.outbox
    assert message.to == [personas.viewer.email]
    assert "Your role is now “Filer”" in message.body


def test_removed_person_loses_access_at_once(personas: Personas) -> None:
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    filer = personas.client("filer")
    page = reverse("desk:case", args=[case.reference])
    assert filer.get(page).status_code == 200
    client = personas.client("owner")
    assert post(client, personas, "remove", personas.filer).status_code == 302
    assert filer.get(page).status_code == 404
    assert personas.client("owner").get(page).status_code == 200  # the case stays
    tasks.send_mails()
    assert [message.to for message in mail.outbox if "ended your access" in message.body] == [
        [personas.filer.email]
    ]


@pytest.mark.parametrize("action", ["role", "remove"])
def test_last_owner_stays(personas: Personas, action: str) -> None:
    client = personas.client("owner")
    changes = {"role": "viewer"} if action == "role" else {}
    page = post(client, personas, action, personas.owner, **changes)
    assert page.status_code == 422
    assert "A member needs an owner." in page.text
    assert role_of(personas.owner).role == "owner"


def test_owner_can_leave_if_there_is_another(personas: Personas) -> None:
    factories.owner(personas.member)
    response = post(personas.client("owner"), personas, "remove", personas.owner)
    assert response["Location"] == reverse("start")
    assert not Membership.objects.filter(user=personas.owner).exists()


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other() -> None:
    member = factories.member()
    first, second = factories.owner(member), factories.owner(member)
    results = run_concurrently(
        lambda: people.remove(membership=role_of(second), by=first),
        lambda: people.remove(membership=role_of(first), by=second),
    )
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Membership.objects.filter(member=member, role="owner").count() == 1


@pytest.mark.parametrize("who", ["filer", "viewer"])
def test_colleagues_see_the_list_without_actions(personas: Personas, who: str) -> None:
    client = personas.client(who)
    page = client.get(reverse("people:list", args=[personas.member.slug]))
    assert personas.owner.name in page.text
    assert "Send invitation" not in page.text
    assert url_of("remove", personas, personas.viewer) not in page.text
    for name in ("role", "remove"):
        response = client.post(url_of(name, personas, personas.viewer), {"role": "owner"})
        assert response.status_code == 403
    with pytest.raises(NotAllowed):
        people.remove(membership=role_of(personas.viewer), by=getattr(personas, who))


def test_people_of_another_member_cannot_be_reached(personas: Personas) -> None:
    foreign = factories.filer(personas.other_member)
    url = reverse("people:remove", args=[personas.member.slug, role_of(foreign).pk])
    assert personas.client("owner").post(url).status_code == 404
    assert Membership.objects.filter(user=foreign).exists()


def test_person_with_several_members_chooses(personas: Personas) -> None:
    client = personas.client("filer")
    assert client.get(reverse("people:home")).status_code == 302
    Membership.objects.create(user=personas.filer, member=personas.other_member, role="viewer")
    page = client.get(reverse("people:home"))
    for member in (personas.member, personas.other_member):
        assert reverse("people:list", args=[member.slug]) in page.text


def test_list_takes_a_constant_number_of_queries(
    personas: Personas, django_assert_max_num_queries: Any
) -> None:
    for _number in range(60):
        factories.viewer(personas.member)
    client = personas.client("owner")
    client.get(reverse("people:list", args=[personas.member.slug]))
    with django_assert_max_num_queries(10):  # two of them load session and user
        page = client.get(reverse("people:list", args=[personas.member.slug]))
    assert page.text.count("Change role") == 50
    assert "Next" in page.text


def test_same_change_twice_notifies_once(personas: Personas) -> None:
    for _time in range(2):
        people.change_role(membership=role_of(personas.viewer), by=personas.owner, role="filer")
    tasks.send_mails()
    assert len(mail.outbox) == 1
