"""Reminders of overdue steps, sent by moderators."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases import visibility
from cases.liaison.models import Agency, Notice
from cases.models import CaseEvent
from cases.services import escalations
from cases.services import referral as referrals
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_a_reminder_goes_to_the_second_contact_and_the_officers_once_a_day(
    personas: Personas,
) -> None:
    Agency.objects.filter(pk=personas.agency.pk).update(second_contact_email="una@h.example")
    factories.officer(personas.agency, name="Otto Gone").officer.delete()
    escalation = factories.overdue_step(personas.agency)
    Notice.objects.all().delete()
    assert escalations.remind(escalation=escalation, by=personas.moderator) == 2
    assert escalations.remind(escalation=escalation, by=personas.second_moderator) == 0
    assert {n.to for n in Notice.objects.all()} == {"una@h.example", personas.officer.email}
    assert escalations.reminded_today([escalation]) == {escalation.pk}
    tomorrow = clock.now() + timedelta(days=1)
    with clock.at(tomorrow):
        assert escalations.remind(escalation=escalation, by=personas.moderator) == 2
    events = CaseEvent.objects.filter(kind="agency_reminded")
    assert [event.audience for event in events] == [["moderator"]] * 2
    for person in (personas.officer, personas.filer):
        assert not visibility.events(person).filter(kind="agency_reminded").exists()
    assert escalation.referral.updates.count() == 1


def test_invalid_reminders_are_refused(personas: Personas) -> None:
    late = factories.overdue_step(personas.agency)
    for person in (personas.officer, personas.filer, personas.admin):
        with pytest.raises(NotAllowed):
            escalations.remind(escalation=late, by=person)
    without_contact = factories.overdue_step(factories.agency(name="Empty Office"))
    with pytest.raises(Refusal, match="Empty Office"):
        escalations.remind(escalation=without_contact, by=personas.moderator)
    referrals.answer(referral=late.referral, by=personas.officer, verb="acknowledge")
    with pytest.raises(Conflict):
        escalations.remind(escalation=late, by=personas.moderator)
    assert not Notice.objects.filter(kind="overdue").exists()
