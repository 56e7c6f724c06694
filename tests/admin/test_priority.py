"""The priority of a case, in the admin and in the service."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alliance.lib.refusals import Conflict, NotAllowed
from cases.models import Case
from cases.services import triage
from cases.states import Priority
from members.models import Membership, User
from tests import factories
from tests.admin.conftest import address
from tests.forms import form_of
from tests.personas import browser_of

pytestmark = pytest.mark.django_db


def test_due_time_follows_the_priority(desk: Client, ada: User) -> None:
    case = factories.submitted_case()
    assert case.due_at is not None
    url = address(Case, "change", case.pk)
    data = form_of(desk.get(url), id="case_form")
    assert desk.post(url, data | {"priority": str(Priority.URGENT)}).status_code == 302
    stored = Case.objects.get(pk=case.pk)
    assert stored.priority == Priority.URGENT
    assert stored.due_at == case.due_at - timedelta(hours=20)
    event = case.events.latest("sequence")
    assert (event.kind, event.actor_id, event.sequence) == (
        "priority_changed",
        ada.pk,
        stored.version,
    )
    assert event.audience == ["moderator"]
    moderator = browser_of(factories.moderator())
    page = moderator.get(reverse("triage:case", args=[case.reference])).content.decode()
    assert "Normal → Urgent" in page


def test_unchanged_priority_records_no_event() -> None:
    case, moderator = factories.submitted_case(), factories.moderator()
    for _ in range(2):
        case = triage.set_priority(case=case, by=moderator, priority=Priority.LOW)
    assert [e.kind for e in case.events.all()].count("priority_changed") == 1


def test_restored_priority_restores_the_due_time() -> None:
    case, moderator = factories.submitted_case(), factories.moderator()
    for priority in (Priority.LOW, Priority.URGENT, Priority.NORMAL):
        moved = triage.set_priority(case=case, by=moderator, priority=priority)
    assert moved.due_at == case.due_at


def test_priority_change_is_refused_by_role_and_status() -> None:
    case = factories.submitted_case()
    own = factories.moderator()
    Membership.objects.create(user=own, member=case.member, role="viewer")
    for person in (case.created_by, own, factories.officer()):
        with pytest.raises(NotAllowed):
            triage.set_priority(case=case, by=person, priority=Priority.HIGH)
    for closed in (factories.draft_case(), factories.rejected_case()):
        with pytest.raises(Conflict):
            triage.set_priority(case=closed, by=factories.moderator(), priority=Priority.HIGH)


def test_admin_shows_the_reason_for_a_refusal(desk: Client, ada: User) -> None:
    case = factories.submitted_case()
    Membership.objects.create(user=ada, member=case.member, role="viewer")
    url = address(Case, "change", case.pk)
    data = form_of(desk.get(url), id="case_form")
    page = desk.post(url, data | {"priority": "4"}, follow=True).content.decode()
    assert "You have a role at" in page
    assert "changed successfully" not in page
    assert Case.objects.get(pk=case.pk).priority == Priority.NORMAL
    ended = factories.rejected_case()
    assert desk.post(address(Case, "change", ended.pk), {"priority": "4"}).status_code == 403
