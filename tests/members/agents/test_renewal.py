"""Authorisations of agents: renewed, ended, and who reads their documents."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from cases import tasks
from members import standing
from members.models import Authorisation, Document, Membership, User
from members.services import authorisations, documents, people
from members.services.authorisations import AuthorisationChanged
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.members.agents.forms import (
    DAY,
    EMAIL,
    day,
    files,
    grant,
    page_url,
    post_renewal,
    role_of,
)
from tests.personas import Personas

# --- Renewal and end ---------------------------------------------------------------------------


def test_owner_renews_and_the_old_document_stays_readable(personas: Personas, agent: User) -> None:
    role, owner = role_of(agent), personas.client("owner")
    old = Authorisation.objects.get()
    assert form_data(owner.get(page_url(role)), page_url(role))["valid_from"] == str(day(366))
    response = post_renewal(owner, role, valid_until=str(day(700)))
    assert response.status_code == 302
    page = owner.get(response["Location"])
    assert "renewed.png" in page.text
    assert "authorisation.png" in page.text
    assert old.document
    assert owner.get(reverse("document", args=[old.document.pk])).status_code == 200
    tasks.send_mails()
    assert "has renewed your authorisation" in mail.outbox[-1].body
    assert mail.outbox[-1].to == [EMAIL]
    with clock.at(clock.now() + 500 * DAY):
        assert Membership.objects.in_force().filter(user=agent).exists()


def test_double_click_on_the_renewal_records_one(personas: Personas, agent: User) -> None:
    role, owner = role_of(agent), personas.client("owner")
    page = owner.get(page_url(role))
    for _time in range(2):
        again = factories.png("renewed.png", seed=5)
        sent = post_renewal(owner, role, page, valid_until=str(day(700)), document=again)
        assert sent.status_code == 302
    assert Authorisation.objects.count() == 2
    tasks.send_mails()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"valid_from": "2030-01-02", "valid_until": "2030-01-01"}, "cannot end before it starts"),
        ({"valid_until": ""}, "This field is required."),
        ({"valid_until": "9999-12-31"}, "at most 10 years"),
        ({"document": None}, "This field is required."),
    ],
)
def test_bad_renewal_is_refused_and_kept(
    personas: Personas, agent: User, changes: dict[str, Any], problem: str
) -> None:
    role, owner = role_of(agent), personas.client("owner")
    sent = {"valid_until": str(day(700))} | changes
    response = post_renewal(owner, role, **sent)
    assert response.status_code == 422
    assert problem in response.text
    assert form_data(response, page_url(role))["valid_until"] == sent["valid_until"]
    assert Authorisation.objects.count() == 1


def test_second_owner_sees_what_the_first_recorded(personas: Personas, agent: User) -> None:
    role, owner = role_of(agent), personas.client("owner")
    page = owner.get(page_url(role))
    second = factories.owner(personas.member, name="Olga Other")
    seen = standing.of(role).version
    authorisations.renew(membership=role, by=second, grant=grant(0, 500), seen=seen)
    response = post_renewal(owner, role, page, valid_until=str(day(700)))
    assert response.status_code == 409
    assert "Olga Other has recorded an authorisation until" in response.text
    assert form_data(response, page_url(role))["valid_until"] == str(day(700))
    assert Authorisation.objects.count() == 2
    # Sending the shown form again records it too.
    assert post_renewal(owner, role, response, valid_until=str(day(700))).status_code == 302
    assert Authorisation.objects.count() == 3


def test_end_is_refused_after_a_renewal(personas: Personas, agent: User) -> None:
    role, owner = role_of(agent), personas.client("owner")
    page = owner.get(page_url(role))
    authorisations.renew(
        membership=role, by=personas.owner, grant=grant(), seen=standing.of(role).version
    )
    url = reverse("people:end", args=[personas.member.slug, role.pk])
    sent = form_data(page, url) | {"seen": standing_of_page(page)}
    response = owner.post(url, sent)
    assert response.status_code == 409
    assert "has recorded an authorisation" in response.text
    assert Membership.objects.in_force().filter(user=agent).exists()


def standing_of_page(page: Any) -> str:
    found = re.search(r'name="seen"\s+value="([\d-]+)"', page.text)
    assert found
    return found[1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["renew", "end"])
def test_two_owners_at_the_same_moment(second: str) -> None:
    member = factories.member()
    owners = factories.owner(member), factories.owner(member)
    role = role_of(factories.agent(member))
    seen = standing.of(role).version

    def renew(by: User) -> Any:
        return authorisations.renew(membership=role, by=by, grant=grant(0, 700), seen=seen)

    def end() -> Any:
        authorisations.end(membership=role, by=owners[1], seen=seen)
        return "ended"

    results = run_concurrently(
        lambda: renew(owners[0]), end if second == "end" else lambda: renew(owners[1])
    )
    assert sum(isinstance(result, AuthorisationChanged) for result in results) == 1
    done = next(result for result in results if not isinstance(result, AuthorisationChanged))
    ended = Authorisation.objects.exclude(ended_at=None)
    if done == "ended":
        assert (Authorisation.objects.count(), ended.count()) == (1, 1)
    else:
        assert Authorisation.objects.latest("pk") == done
        assert (Authorisation.objects.count(), ended.count()) == (2, 0)
    assert files() == Document.objects.count() == Authorisation.objects.count()


def test_end_at_once(personas: Personas, agent: User) -> None:
    role, owner = role_of(agent), personas.client("owner")
    url = reverse("people:end", args=[personas.member.slug, role.pk])
    page = owner.get(page_url(role))
    sent = form_data(page, url) | {"seen": standing_of_page(page)}
    for _time in range(2):
        assert owner.post(url, sent).status_code == 302
    assert not Membership.objects.in_force().filter(user=agent).exists()
    authorisation = Authorisation.objects.get()
    assert authorisation.ended_by == personas.owner
    listed = owner.get(reverse("people:list", args=[personas.member.slug]))
    assert "No access since" in listed.text
    tasks.send_mails()
    assert len(mail.outbox) == 1
    assert "has ended your access" in mail.outbox[0].body
    # The agent can be authorised again.
    renewed = post_renewal(owner, role, valid_from=str(day(0)), valid_until=str(day(9)))
    assert renewed.status_code == 302
    assert Membership.objects.in_force().filter(user=agent).exists()


def test_history_stays_when_the_agent_is_removed(personas: Personas, agent: User) -> None:
    people.remove(membership=role_of(agent), by=personas.owner)
    authorisation = Authorisation.objects.get()
    assert authorisation.ended_by == personas.owner
    assert authorisation.agent == agent
    # A new role does not bring back an authorisation that was ended.
    Membership.objects.create(user=agent, member=personas.member, role="filer", is_agent=True)
    assert not Membership.objects.in_force().filter(user=agent).exists()


def test_agent_does_not_become_an_owner(personas: Personas, agent: User) -> None:
    role, owner = role_of(agent), personas.client("owner")
    page = owner.get(reverse("people:list", args=[personas.member.slug]))
    url = reverse("people:role", args=[personas.member.slug, role.pk])
    response = owner.post(url, form_data(page, url, role="owner"))
    assert response.status_code == 422
    assert "An agent cannot be an owner" in response.text
    # So an agent never is the owner that a member needs.
    response = owner.post(
        reverse("people:remove", args=[personas.member.slug, role_of(personas.owner).pk])
    )
    assert "A member needs an owner." in response.text


def test_renewal_of_a_removed_agent(personas: Personas, agent: User) -> None:
    role, seen = role_of(agent), standing.of(role_of(agent)).version
    people.remove(membership=role, by=personas.owner)
    with pytest.raises(Refusal, match="no longer has access"):
        authorisations.renew(membership=role, by=personas.owner, grant=grant(), seen=seen)


def test_suspended_member_does_not_authorise(personas: Personas, agent: User) -> None:
    type(personas.member).objects.update(status="suspended", suspended_on=clock.today())
    role = role_of(agent)
    with pytest.raises(Refusal, match="suspended"):
        authorisations.renew(
            membership=role, by=personas.owner, grant=grant(), seen=standing.of(role).version
        )


# --- Who sees the documents --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("owner", 200),
        ("admin", 200),
        ("filer", 404),
        ("viewer", 404),
        ("stranger", 404),
        ("moderator", 404),
        ("officer", 404),
    ],
)
def test_who_can_download_the_document(
    personas: Personas, agent: User, who: str, expected: int
) -> None:
    document = Document.objects.get()
    url = reverse("document", args=[document.pk])
    assert personas.client(who).get(url).status_code == expected


def test_agents_read_their_own_authorisation_while_it_is_in_force(
    personas: Personas, agent: User
) -> None:
    other = factories.agent(personas.member)
    client = Client()
    client.force_login(agent)
    page = client.get(page_url(role_of(agent)))
    assert page.status_code == 200
    assert "Record" not in page.text.split("<main", 1)[1].split("Recorded")[0]
    own = agent.authorisations.get().document
    assert own
    assert client.get(reverse("document", args=[own.pk])).status_code == 200
    assert client.get(page_url(role_of(other))).status_code == 403
    with clock.at(clock.now() + 400 * DAY):
        assert client.get(page_url(role_of(agent))).status_code == 404
        assert client.get(reverse("document", args=[own.pk])).status_code == 404


def test_documents_of_authorisations_are_not_left_over(personas: Personas, agent: User) -> None:
    document = Document.objects.get()
    with clock.at(clock.now() + 9 * DAY):
        documents.delete_leftovers()
    assert Document.objects.filter(pk=document.pk).exists()


def test_page_takes_a_constant_number_of_queries(
    personas: Personas, agent: User, django_assert_max_num_queries: Any
) -> None:
    for _number in range(5):
        factories.authorisation(personas.member, agent, recorded_by=personas.owner)
    client = personas.client("owner")
    client.get(page_url(role_of(agent)))
    with django_assert_max_num_queries(8):
        client.get(page_url(role_of(agent)))


def test_people_page_takes_one_more_query_for_agents(
    personas: Personas, agent: User, django_assert_max_num_queries: Any
) -> None:
    for _number in range(5):
        factories.agent(personas.member)
    client = personas.client("owner")
    url = reverse("people:list", args=[personas.member.slug])
    client.get(url)
    with django_assert_max_num_queries(8):
        client.get(url)
