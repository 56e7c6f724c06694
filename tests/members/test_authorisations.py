"""Agents: invited, renewed and ended by owners, each with a dated authorisation and its signed document."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import Refusal
from cases import tasks
from members import standing
from members.models import Authorisation, Document, Invitation, Membership, User
from members.models.document import document_storage
from members.services import authorisations, documents, invitations, people
from members.services.authorisations import AuthorisationChanged, Grant
from tests import factories
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

EMAIL = "ana@lawfirm.example"
DAY = timedelta(days=1)


def day(offset: int) -> date:
    return clock.today() + offset * DAY


def grant(start: int = 0, end: int = 100, **document: Any) -> Grant:
    return Grant(day(start), day(end), factories.png("letter.png", **document))


def role_of(user: User) -> Membership:
    return Membership.objects.select_related("user", "member").get(user=user)


@pytest.fixture
def agent(personas: Personas) -> User:
    return factories.agent(personas.member, name="Ana Agent", email=EMAIL)


def page_url(role: Membership) -> str:
    return reverse("people:authorisation", args=[role.member.slug, role.pk])


def post_invitation(personas: Personas, **changes: Any) -> Any:
    """Send the invite form for an agent."""
    client = personas.client("owner")
    page = client.get(reverse("people:list", args=[personas.member.slug]))
    url = reverse("people:invite", args=[personas.member.slug])
    sent = {"email": EMAIL, "is_agent": "on", "valid_from": day(0), "valid_until": day(100)}
    document = changes.pop("document", factories.png("letter.png"))
    data = form_data(page, url) | sent | changes
    assert {"email", "role", "valid_from", "valid_until"} <= set(data)
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(url, data | ({"document": document} if document else {}))


def post_renewal(client: Client, role: Membership, page: Any = None, **changes: Any) -> Any:
    """Send the form of the agent's page. ``page`` is the one that was opened before, if any."""
    url = page_url(role)
    document = changes.pop("document", factories.png("renewed.png"))
    data = form_data(page or client.get(url), url, **changes)
    return client.post(url, data | ({"document": document} if document else {}))


# --- Invitation --------------------------------------------------------------------------------


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


def files() -> int:
    storage = document_storage()
    folders = storage.listdir("documents")[0] if storage.exists("documents") else []
    kept = {str(pk) for pk in Document.objects.values_list("pk", flat=True)}
    names = [name for folder in folders for name in storage.listdir(f"documents/{folder}")[1]]
    return len([name for name in names if name in kept])


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
    with django_assert_max_num_queries(11):
        client.get(url)
