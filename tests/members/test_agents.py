"""What an agent may do, and when access ends; and the choice between several members."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from cases import tasks
from cases.models import OutgoingMail
from members.models import Authorisation, Membership, User
from members.services import authorisation_reminders
from members.tasks import remind_of_authorisations
from tests import factories
from tests.forms import form_data
from tests.personas import Personas, browser_of

DAY = timedelta(days=1)
DESK, LIST = reverse("desk:home"), reverse("desk:cases")


def day(offset: int) -> date:
    return clock.today() + offset * DAY


@pytest.fixture
def agent(personas: Personas) -> User:
    """An agent of both members."""
    return factories.agent(personas.member, personas.other_member, name="Ana Agent")


def at_member(personas: Personas, agent: User) -> Any:
    return Authorisation.objects.filter(agent=agent, member=personas.member)


def shown(client: Client, url: str) -> set[str]:
    return {case.reference for case in client.get(url).context["page"].rows}


# --- The end of access -------------------------------------------------------------------------


def test_role_without_an_authorisation_gives_no_access(personas: Personas, agent: User) -> None:
    case = factories.submitted_case(by=agent, citing=personas.right)
    client = browser_of(agent)
    page = case.get_absolute_url()
    assert client.get(page).status_code == 200
    Authorisation.objects.all().delete()
    assert client.get(page).status_code == 404
    assert client.get(DESK).status_code == 403
    assert client.get(reverse("desk:new")).status_code == 403
    assert client.get(reverse("rights:list", args=[personas.member.slug])).status_code == 404
    assert client.get(reverse("people:list", args=[personas.member.slug])).status_code == 404
    assert not Membership.objects.may_file().filter(user=agent).exists()


def test_end_between_two_requests_of_a_session(personas: Personas, agent: User) -> None:
    draft = factories.draft_case(by=agent, citing=personas.right)
    client = browser_of(agent)
    url = reverse("desk:complaint", args=[draft.reference])
    page = client.get(url)
    text = "The label is printed and not woven, and the price is a tenth."
    at_member(personas, agent).update(valid_until=day(30))
    with clock.at(clock.now() + 31 * DAY):
        response = client.post(url, form_data(page, "complaint-form", explanation=text))
    assert response.status_code == 404
    assert "Your authorisation to act for" in response.text
    assert "ended on" in response.text
    assert "Alder Works" in response.text
    assert "Birch" not in response.text.split("<main", 1)[1]
    assert text in response.text
    draft.refresh_from_db()
    assert draft.explanation != text


def test_error_pages_of_others_say_nothing(personas: Personas, agent: User) -> None:
    page = browser_of(agent).get("/desk/nowhere/")
    assert page.status_code == 404
    assert "authorisation" not in page.text
    assert "authorisation" not in Client().get("/nowhere/").text


def test_access_begins_and_ends_at_midnight_of_the_installation(
    personas: Personas, agent: User, settings: Any
) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    dates = {"valid_from": date(2027, 1, 10), "valid_until": date(2027, 1, 11)}
    at_member(personas, agent).update(**dates)
    roles = Membership.objects.filter(user=agent, member=personas.member)
    start = datetime(2027, 1, 9, 16, 0, tzinfo=UTC)  # 10 January, 00:00 in Shanghai
    second = timedelta(seconds=1)
    for moment, expected in (
        (start - second, False),
        (start, True),
        (start + 2 * DAY - second, True),
        (start + 2 * DAY, False),
    ):
        with clock.at(moment):
            assert roles.in_force().exists() is expected
            assert roles.may_file().exists() is expected


def test_gap_between_two_authorisations(personas: Personas, agent: User) -> None:
    at_member(personas, agent).update(valid_until=day(5))
    factories.authorisation(personas.member, agent, valid_from=day(10), valid_until=day(20))
    roles = Membership.objects.filter(user=agent, member=personas.member)
    expected = {0: True, 5: True, 6: False, 9: False, 10: True, 20: True, 21: False}
    for offset, has_access in expected.items():
        with clock.at(clock.now() + offset * DAY):
            assert roles.in_force().exists() is has_access, offset


def test_case_mail_queued_before_the_end_is_not_sent_after_it(
    personas: Personas, agent: User
) -> None:
    factories.information_requested_case(by=agent, citing=personas.right)
    assert OutgoingMail.objects.filter(user=agent).exists()
    at_member(personas, agent).update(valid_until=day(-1))
    tasks.send_mails()
    assert [message for message in mail.outbox if agent.email in message.to] == []


# --- Reminders ---------------------------------------------------------------------------------


def remind(after: int) -> list[tuple[str, str]]:
    """Run the reminders twice ``after`` some days; return the readers and texts of the new emails."""
    mail.outbox.clear()
    with clock.at(clock.now() + after * DAY):
        remind_of_authorisations()
        remind_of_authorisations()
        tasks.send_mails()
    return [(message.to[0], str(message.body)) for message in mail.outbox]


def test_reminders_30_and_7_days_before_the_end(personas: Personas, agent: User) -> None:
    at_member(personas, agent).update(valid_until=day(40))
    readers = {agent.email, personas.owner.email}
    assert remind(9) == []
    assert {reader for reader, _text in remind(10)} == readers
    assert remind(11) == []
    texts = dict(remind(33))
    assert set(texts) == readers
    assert "Your authorisation to act for Alder Works ends on" in texts[agent.email]
    assert "The authorisation of Ana Agent to act for Alder Works" in texts[personas.owner.email]
    assert remind(39) == remind(41) == []


def test_missed_days_send_the_last_reminder_only(personas: Personas, agent: User) -> None:
    at_member(personas, agent).update(valid_until=day(40))
    assert len(remind(36)) == 2
    assert remind(37) == []


def test_renewed_or_ended_authorisation_is_not_mentioned(personas: Personas, agent: User) -> None:
    at_member(personas, agent).update(valid_until=day(20))
    factories.authorisation(personas.member, agent, valid_from=day(21), valid_until=day(300))
    assert remind(1) == []
    Authorisation.objects.filter(valid_from=day(21)).update(valid_from=day(23))  # leaves a gap
    assert len(remind(1)) == 2
    at_member(personas, agent).update(ended_at=clock.now(), ended_by=personas.owner)
    assert remind(14) == []


def test_queued_reminder_is_not_sent_after_a_renewal(personas: Personas, agent: User) -> None:
    at_member(personas, agent).update(valid_until=day(20))
    assert authorisation_reminders.remind_next()
    factories.authorisation(personas.member, agent)
    tasks.send_mails()
    assert mail.outbox == []


def test_pages_say_when_the_authorisation_ends(personas: Personas, agent: User) -> None:
    at_member(personas, agent).update(valid_until=day(6))
    people = personas.client("owner").get(reverse("people:list", args=[personas.member.slug]))
    assert "ends in 6 days" in people.text
    page = browser_of(agent).get(DESK)
    assert "ends in 6 days" in page.text
    other = {"member": personas.other_member.slug}
    assert "ends in 6 days" not in browser_of(agent).get(DESK, other).text
    with clock.at(clock.now() + 6 * DAY):
        assert "ends today" in browser_of(agent).get(DESK).text


# --- Several members ---------------------------------------------------------------------------


@pytest.fixture
def cases(personas: Personas, agent: User) -> dict[str, str]:
    """The reference of a case at each member, by its slug."""
    other = factories.right(factories.brand(personas.other_member, name="BIRCH"))
    pairs = ((personas.member, personas.right), (personas.other_member, other))
    return {
        member.slug: factories.submitted_case(by=agent, citing=right).reference
        for member, right in pairs
    }


def test_list_over_all_members_and_of_one(
    personas: Personas, agent: User, cases: dict[str, str]
) -> None:
    client = browser_of(agent)
    assert shown(client, LIST) == set(cases.values())
    for slug, reference in cases.items():
        assert shown(client, f"{LIST}?member={slug}") == {reference}
        page = client.get(f"{LIST}?member={slug}")
        assert '<th scope="col">Member</th>' not in page.text
        assert f'<option value="{slug}" selected>' in page.text
    brands = client.get(f"{LIST}?member={personas.member.slug}").context["filter"].form["brand"]
    assert "BIRCH" not in str(brands)


def test_desk_of_one_member_keeps_it_in_its_links(
    personas: Personas, agent: User, cases: dict[str, str]
) -> None:
    client, slug = browser_of(agent), personas.member.slug
    everything = client.get(DESK)
    assert all(reference in everything.text for reference in cases.values())
    assert "All members" in everything.text
    page = client.get(DESK, {"member": slug})
    assert cases[slug] in page.text
    assert cases[personas.other_member.slug] not in page.text
    assert f"{LIST}?member={slug}&amp;status=submitted" in page.text


def test_choice_shows_nothing_more(personas: Personas, agent: User) -> None:
    foreign = factories.member(name="Foreign Works", slug="foreign-works")
    client = browser_of(agent)
    for slug in (foreign.slug, "nobody", "x" * 5000, "%00"):
        assert client.get(f"{LIST}?member={slug}").status_code == 404
        assert client.get(f"{DESK}?member={slug}").status_code == 404
    at_member(personas, agent).update(valid_until=day(-1))
    refused = client.get(DESK, {"member": personas.member.slug})
    assert refused.status_code == 404
    assert "ended on" in refused.text
    assert personas.member.slug not in client.get(LIST).text


def test_person_with_one_member_has_no_choice(personas: Personas) -> None:
    client = personas.client("filer")
    for url in (DESK, LIST):
        assert 'name="member"' not in client.get(url).text
        assert client.get(url, {"member": personas.member.slug}).status_code == 200
        assert client.get(url, {"member": personas.other_member.slug}).status_code == 404


def test_desk_takes_a_constant_number_of_queries(
    personas: Personas,
    agent: User,
    cases: dict[str, str],
    django_assert_max_num_queries: Any,
    settings: Any,
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    for _number in range(5):
        member = factories.member()
        Membership.objects.create(user=agent, member=member, role="filer", is_agent=True)
        factories.authorisation(member, agent, valid_until=day(3))
    client = browser_of(agent)
    client.get(DESK)
    with django_assert_max_num_queries(8):
        assert client.get(DESK).text.count("ends in 3 days") == 5
    with django_assert_max_num_queries(8):
        client.get(LIST)
