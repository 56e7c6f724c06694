"""The overdue page of the moderators, and deadlines on the pages of a referral."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from alliance.lib import clock, keyset
from cases.liaison.models import Agency, Escalation, Notice, Referral
from cases.services import escalations
from cases.services import referral as referrals
from cases.templatetags.deadlines import span
from cases.views.triage import overdue
from members.models import Membership, User
from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db

PAGE = "/triage/overdue/"


def text(response: Any) -> str:
    """Return the text of the page without tags, with single spaces."""
    page = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"[\s\xa0]+", " ", page)


def remind_url(escalation: Escalation) -> str:
    return reverse("triage:remind", args=[escalation.pk])


@pytest.fixture
def late(personas: Personas) -> Escalation:
    Agency.objects.filter(pk=personas.agency.pk).update(
        second_contact_name="Una Second", second_contact_email="una@harbour.example"
    )
    return factories.overdue_step(personas.agency, by=personas.filer, citing=personas.right)


@pytest.mark.parametrize("who", ["moderator", "admin"])
def test_row_shows_the_step_and_contacts(personas: Personas, late: Escalation, who: str) -> None:
    page = personas.client(who).get(PAGE)
    words = text(page)
    for said in (
        late.referral.reference,
        late.referral.case.reference,
        "Harbour Police",
        "Acknowledgement Overdue by 2 hours",
        "Una Second una@harbour.example",
        f"Oda Officer {personas.officer.email}",
    ):
        assert said in words, said
    # Steps that are not overdue are not shown.
    assert "Due in" not in words
    case = reverse("triage:case", args=[late.referral.case.reference])
    assert f'href="{case}#actions"' in page.content.decode()
    # Only moderators can send reminders.
    assert (remind_url(late) in page.content.decode()) == (who == "moderator")


def test_agency_without_officers_is_marked(personas: Personas) -> None:
    factories.overdue_step(factories.agency(name="Empty Office"))
    words = text(personas.client("moderator").get(PAGE))
    assert "No officers" in words
    assert "no email was sent" in words


def test_oldest_come_first_with_pagination(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overdue, "paginate", partial(keyset.paginate, size=2))
    made = [
        factories.overdue_step(personas.agency, late=timedelta(hours=hours)).referral.reference
        for hours in (3, 9, 1, 6, 5)
    ]
    seen: list[str] = []
    address: str | None = PAGE
    client = personas.client("moderator")
    while address:
        page = client.get(address)
        seen += [row.referral.reference for row in page.context["page"].rows]
        follow = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        address = PAGE + follow[1].replace("&amp;", "&") if follow else None
    assert seen == [made[i] for i in (1, 3, 4, 0, 2)]


def test_filters(personas: Personas, late: Escalation) -> None:
    read = factories.overdue_step(personas.other_agency, step="read")
    client = personas.client("moderator")

    def found(query: str) -> set[Any]:
        return set(client.get(f"{PAGE}?{query}").context["page"].rows)

    assert found("") == {late, read}
    assert found(f"agency={personas.agency.pk}") == {late}
    assert found("step=read") == {read}
    assert found(f"agency={personas.agency.pk}&step=read") == set()
    for nonsense in (
        "agency=0",
        "agency=x",
        "step=x",
        "cursor=x",
        "step=%00",
        "agency=9" + "9" * 30,
    ):
        assert client.get(f"{PAGE}?{nonsense}").status_code == 200
    words = text(client.get(f"{PAGE}?step=delivered"))
    assert "No matching referrals" in words


def test_empty_page_and_no_count(personas: Personas) -> None:
    client = personas.client("moderator")
    assert "No overdue steps" in text(client.get(PAGE))
    assert "overdue at agencies" not in text(client.get("/triage/"))


def test_triage_list_links_with_a_count(personas: Personas, late: Escalation) -> None:
    factories.overdue_step(personas.agency, step="read")
    for who in ("moderator", "admin"):
        page = personas.client(who).get("/triage/")
        assert "2 overdue at agencies" in text(page)
        assert f'href="{PAGE}"' in page.content.decode()


def test_constant_number_of_queries(
    personas: Personas,
    settings: Any,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    factories.overdue_step(personas.agency)
    client = personas.client("moderator")
    client.get(PAGE)
    with django_assert_max_num_queries(9) as few:
        client.get(PAGE)
    for n in range(4):
        agency = factories.agency(name=f"Office {n}")
        factories.officer(agency)
        factories.overdue_step(agency)
    with django_assert_num_queries(len(few)):
        assert len(client.get(PAGE).context["page"].rows) == 5


def test_reminder_is_sent_once_a_day(personas: Personas, late: Escalation) -> None:
    Notice.objects.all().delete()
    client = personas.client("moderator")
    back = f"agency={personas.agency.pk}&step=acknowledged&evil=1"
    response = client.post(remind_url(late), {"back": back}, follow=True)
    assert response.redirect_chain == [
        (f"{PAGE}?agency={personas.agency.pk}&step=acknowledged", 302)
    ]
    assert "Reminder to Harbour Police: 2 emails are being sent." in text(response)
    assert "Reminded today" in text(response)
    assert remind_url(late) not in response.content.decode()
    again = client.post(remind_url(late), follow=True)
    assert "was already reminded today" in text(again)
    assert Notice.objects.count() == 2
    case = client.get(reverse("triage:case", args=[late.referral.case.reference]))
    assert "Agency reminded of an overdue step Harbour Police" in text(case)
    assert "Moderators only" in text(case)


def test_refused_reminder_is_explained(personas: Personas, late: Escalation) -> None:
    referrals.answer(referral=late.referral, by=personas.officer, verb="acknowledge")
    client = personas.client("moderator")
    assert "This step is no longer overdue." in text(client.post(remind_url(late), follow=True))
    assert client.get(remind_url(late)).status_code == 302


def test_inactive_agency_is_not_reminded(personas: Personas, late: Escalation) -> None:
    """Its officers cannot open the desk."""
    personas.agency.is_active = False
    personas.agency.save()
    client = personas.client("moderator")
    page = client.get(PAGE)
    assert "not active" in text(page)
    assert remind_url(late) not in page.content.decode()
    assert "This agency is inactive." in text(client.post(remind_url(late), follow=True))
    assert not Notice.objects.filter(key__startswith="reminder:").exists()


def test_moderator_with_a_role_at_the_member_cannot_remind(
    personas: Personas, late: Escalation
) -> None:
    Membership.objects.create(user=personas.moderator, member=personas.member, role="viewer")
    client = personas.client("moderator")
    assert remind_url(late) not in client.get(PAGE).content.decode()
    page = client.post(remind_url(late), follow=True)
    assert "You have a role at Alder Works" in text(page)
    assert not Notice.objects.filter(key__startswith="reminder:").exists()


def test_overdue_delivery_links_to_the_channels(
    personas: Personas,
) -> None:
    late = factories.overdue_step(personas.agency, step="delivered")
    page = personas.client("moderator").get(PAGE)
    assert "Not delivered through any channel." in text(page)
    assert f"/triage/channels/?agency={personas.agency.pk}" in page.content.decode()
    page = personas.client("moderator").post(remind_url(late), follow=True)
    assert "Reminded today" in text(page)


# --- Deadlines on the pages of a referral ------------------------------------------------------


def test_case_page_shows_the_four_deadlines(personas: Personas, late: Escalation) -> None:
    referrals.record_read(referral=late.referral, by=personas.officer)
    url = reverse("triage:case", args=[late.referral.case.reference])
    words = text(personas.client("moderator").get(url))
    assert re.search(r"Delivered \d+ \w+ \d+, \d\d:\d\d \(on time\)", words)
    assert re.search(r"Read \d+ \w+ \d+, \d\d:\d\d \(on time\)", words)
    assert "Acknowledgement Overdue by 2 hours since" in words
    assert re.search(r"Acceptance Due in \d days by", words)


def test_queue_is_ordered_by_urgency(personas: Personas) -> None:
    def made(**due: float) -> Referral:
        referral = factories.referred_case(personas.agency)
        now = datetime.now(UTC)
        times = {field: now + timedelta(hours=hours) for field, hours in due.items()}
        Referral.objects.filter(pk=referral.pk).update(**times)
        return Referral.objects.get(pk=referral.pk)

    unread = made(read_by=1, acknowledge_by=20)
    read = made(read_by=-30, acknowledge_by=9)
    late = made(read_by=5, acknowledge_by=-1)
    referrals.record_read(referral=read, by=personas.officer)
    client = personas.client("officer")
    rows = client.get("/liaison/").context["page"].rows
    assert rows == [late, unread, read]
    for referral, verb in ((late, "accept"), (unread, "acknowledge"), (read, "acknowledge")):
        referrals.answer(referral=referral, by=personas.officer, verb=verb)
    Referral.objects.filter(pk=read.pk).update(accept_by=datetime.now(UTC) - timedelta(hours=1))
    Referral.objects.filter(pk=unread.pk).update(accept_by=None)
    rows = client.get("/liaison/?tab=in-hand").context["page"].rows
    # The others have no deadline: the latest referral comes first.
    assert rows == [read, late, unread]


def test_deadlines_are_in_the_readers_time_zone(personas: Personas) -> None:
    referral = factories.referred_case(personas.agency)
    due = datetime(2030, 6, 1, 20, 30, tzinfo=UTC)
    Referral.objects.filter(pk=referral.pk).update(acknowledge_by=due, accept_by=due)
    for zone, shown in (("UTC", "1 Jun 2030, 20:30"), ("Asia/Shanghai", "2 Jun 2030, 04:30")):
        User.objects.update(time_zone=zone)
        for who, path in (
            ("officer", reverse("liaison:referral", args=[referral.reference])),
            ("moderator", reverse("triage:case", args=[referral.case.reference])),
        ):
            person = User.objects.get(pk=getattr(personas, who).pk)
            assert f"by {shown}" in text(browser_of(person).get(path)), (zone, who)


def test_step_without_a_deadline_is_neither_overdue_nor_in_time(personas: Personas) -> None:
    """Older referrals have no deadlines for reading and accepting."""
    referral = factories.referred_case(personas.agency)
    Referral.objects.filter(pk=referral.pk).update(read_by=None, accept_by=None, deliver_by=None)
    escalations.sweep()
    assert not Escalation.objects.exists()
    page = text(
        personas.client("officer").get(reverse("liaison:referral", args=[referral.reference]))
    )
    assert "Acceptance not yet" in page


def test_durations_below_a_minute() -> None:
    now = clock.now()
    assert span(now, now + timedelta(seconds=59)) == "less than a minute"
    assert span(now, now + timedelta(seconds=61)).split() == ["1", "minute"]


def test_referral_has_one_row_with_all_overdue_steps(personas: Personas, late: Escalation) -> None:
    now = clock.now()
    Escalation.objects.create(referral=late.referral, step="accepted", due_at=now)
    Escalation.objects.create(
        referral=late.referral, step="read", due_at=late.due_at - timedelta(hours=1)
    )
    page = personas.client("moderator").get(PAGE)
    assert [row.step for row in page.context["page"].rows] == ["read"]
    words = text(page)
    assert words.count("Overdue by") == 3
    for name in ("Reading", "Acknowledgement", "Acceptance"):
        assert name in words
    narrowed = personas.client("moderator").get(PAGE, {"step": "accepted"})
    assert [row.step for row in narrowed.context["page"].rows] == ["accepted"]
