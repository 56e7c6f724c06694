"""Officers are notified of a new referral by e-mail, and by the live list of referrals."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from cases import tasks
from cases.liaison.models import Notice, Officer, Referral
from cases.models import OutgoingMail
from cases.services import referral as referrals
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db
QUEUE = reverse("liaison:queue")


def sent() -> list[Any]:
    OutgoingMail.objects.all().delete()
    tasks.send_mails()
    return mail.outbox


def made(personas: Personas) -> Referral:
    return factories.referred_case(personas.agency, moderator=personas.moderator)


def test_each_active_officer_gets_an_e_mail(personas: Personas) -> None:
    referral = made(personas)
    (message,) = sent()
    assert message.to == [personas.officer.email]
    assert referral.reference in message.subject
    assert f"/liaison/{referral.reference}/" in message.body
    seller = referral.case.seller
    assert seller is not None
    assert seller.name not in message.body + message.subject
    assert str(referral.case.brand) not in message.body


def test_no_e_mail_for_inactive_officers_or_a_withdrawn_referral(personas: Personas) -> None:
    referral = made(personas)
    referrals.withdraw(referral=referral, by=personas.moderator, note="Filed twice.")
    assert sent() == []
    Officer.objects.update(is_active=False)
    Notice.objects.all().delete()
    made(personas)
    assert not Notice.objects.exists()


def test_referring_twice_sends_one_e_mail(personas: Personas) -> None:
    referral = made(personas)
    referrals.refer(case=referral.case, by=personas.moderator, agency=personas.agency)
    assert Notice.objects.count() == 1


def test_the_list_answers_a_poll_with_its_parts(personas: Personas) -> None:
    client = personas.client("officer")
    page = client.get(QUEUE).content.decode()
    assert 'hx-trigger="every 15s, live"' in page
    assert 'src="/static/js/live' in page
    referral = made(personas)
    part = client.get(QUEUE, headers={"HX-Request": "true", "HX-Target": "queue-live"})
    words = part.content.decode()
    assert "<html" not in words
    assert 'id="queue-rows" hx-swap-oob="innerHTML"' in words
    assert 'id="queue-tabs" hx-swap-oob="innerHTML"' in words
    assert referral.reference in words


def test_accepted_referrals_show_the_next_due_step(personas: Personas) -> None:
    referral = made(personas)
    client = personas.client("officer")
    client.get(reverse("liaison:referral", args=[referral.reference]))
    referrals.answer(referral=referral, by=personas.officer, verb="acknowledge")
    page = client.get(QUEUE, {"tab": "in-hand"}).content.decode()
    assert page.count('<li class="deadline ') == 1
    assert "Due in" in page
    referrals.answer(referral=referral, by=personas.officer, verb="accept", file_number="A-1")
    page = client.get(QUEUE, {"tab": "in-hand"}).content.decode()
    assert page.count('<li class="deadline ') == 1
    assert "Accepted" in page
