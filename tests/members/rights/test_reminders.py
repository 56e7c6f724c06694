"""Owners are reminded 90, 30 and 7 days before a right expires, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from cases import tasks as case_tasks
from members import tasks
from members.models import IPRight, MemberNotice
from members.services import right_reminders
from tests import factories
from tests.concurrency import run_concurrently
from tests.members.rights.conftest import change
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def sent() -> list[tuple[str, int]]:
    """Return recipient and days of the reminders queued so far."""
    rows = MemberNotice.objects.filter(kind="rights_expire").order_by("pk")
    return [(notice.to, notice.data["days"]) for notice in rows]


def expiring(personas: Personas, days: int, **facts: object) -> IPRight:
    return factories.right(personas.brand, expires_on=clock.today() + timedelta(days=days), **facts)


def test_three_reminders_once_each(personas: Personas) -> None:
    right = expiring(personas, 91)
    tasks.remind_of_rights()
    assert sent() == []
    now = clock.now()
    for passed, expected in ((1, 90), (2, 90), (61, 30), (84, 7), (91, 7)):
        with clock.at(now + timedelta(days=passed)):
            for _run in range(2):  # beat may run twice
                tasks.remind_of_rights()
        assert sent()[-1] == (personas.owner.email, expected)
    assert [days for _to, days in sent()] == [90, 30, 7]
    with clock.at(now + timedelta(days=92)):
        tasks.remind_of_rights()
    assert len(sent()) == 3
    right.refresh_from_db()
    assert right.has_expired is False  # by today's clock


def test_missed_days_give_one_reminder(personas: Personas) -> None:
    expiring(personas, 5)
    tasks.remind_of_rights()
    assert sent() == [(personas.owner.email, 7)]


def test_one_email_for_all_rights(personas: Personas) -> None:
    for number in range(25):
        expiring(personas, 80, number=f"R-{number}")
    expiring(personas, 3, title="Soon")
    tasks.remind_of_rights()
    assert sorted(days for _to, days in sent()) == [7, 90]
    case_tasks.send_mails()
    texts = sorted((str(message.body) for message in mail.outbox), key=len)
    assert "1 right of Alder Works expires within 7 days." in texts[0]
    assert "Soon" in texts[0]
    assert "25 rights of Alder Works expire within 90 days." in texts[1]
    assert "and 5 more" in texts[1]
    assert texts[1].count("expires on") == 20
    assert f"/rights/{personas.member.slug}/?state=expiring" in texts[1]


def test_renewed_right_is_reminded_again(personas: Personas) -> None:
    right = factories.registered_right(
        personas.member, by=personas.owner, expires_on=clock.today() + timedelta(days=5)
    )
    tasks.remind_of_rights()
    later = clock.today() + timedelta(days=60)
    assert change(personas, right, expires_on=later.isoformat()).status_code == 302
    tasks.remind_of_rights()
    assert [days for _to, days in sent()] == [7, 90]


def test_only_owners_of_members_that_use_the_portal(personas: Personas) -> None:
    expiring(personas, 5)
    left = factories.member(status="left", left_on=clock.today())
    factories.owner(left)
    factories.right(factories.brand(left), expires_on=clock.today() + timedelta(days=5))
    retired = factories.brand(personas.member, is_active=False)
    factories.right(retired, expires_on=clock.today() + timedelta(days=20))
    disabled = factories.owner(personas.member, is_active=False)
    tasks.remind_of_rights()
    assert sent() == [(personas.owner.email, 7)]
    assert disabled.email not in {to for to, _days in sent()}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment() -> None:
    member = factories.member()
    factories.owner(member)
    factories.right(factories.brand(member), expires_on=clock.today() + timedelta(days=5))
    run_concurrently(right_reminders.remind_next, right_reminders.remind_next)
    assert MemberNotice.objects.count() == 1


def test_dashboard_lists_the_first_of_them(personas: Personas) -> None:
    for days in (8, 3, 20, 40, 60, 70, 91):
        expiring(personas, days, title=f"In {days} days")
    expiring(personas, -1, title="Gone")
    factories.right(
        factories.brand(personas.other_member), title="Foreign", expires_on=clock.today()
    )
    page = personas.client("viewer").get(reverse("desk:home")).text
    assert "Rights that expire soon" in page
    box = page.partition('aria-labelledby="expiring"')[2].partition("</section>")[0]
    places = [box.index(f"In {days} days") for days in (3, 8, 20, 40, 60)]
    assert places == sorted(places)
    for title in ("In 70 days", "In 91 days", "Gone", "Foreign"):
        assert title not in box
    assert "Show all" in box
    assert f"/rights/{personas.member.slug}/?state=expiring" in box


def test_dashboard_without_such_rights_has_no_box(personas: Personas) -> None:
    client: Client = personas.client("viewer")
    assert "Rights that expire soon" not in client.get(reverse("desk:home")).text
