"""Links to an application: who can use which of them, how many are sent, and what a browser keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from alliance.lib import clock
from cases import tasks
from members.models import Application, ApplicationMail
from members.services import applications
from tests import factories
from tests.members.admission.test_application import EMAIL, last_link, opened, start
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_new_link_makes_earlier_ones_invalid() -> None:
    start(Client())
    earlier = last_link()
    browser = Client()
    assert browser.post(earlier).status_code == 302
    with clock.at(clock.now() + applications.RESEND_AFTER):
        start(Client())
        latest = last_link()
    assert Client().post(earlier).status_code == Client().get(earlier).status_code == 404
    assert Client().post(latest).status_code == 302
    assert browser.get("/join/application/").status_code == 200


def test_receipt_says_where_to_get_a_link() -> None:
    factories.application()
    tasks.send_mails()
    receipt = next(one for one in mail.outbox if "We received" in one.subject)
    assert "/join/link/" not in receipt.body
    assert "/join/\n" in receipt.body


def test_address_gets_five_links_a_day() -> None:
    now, nonces = clock.now(), []
    for number in range(7):
        with clock.at(now + number * applications.RESEND_AFTER):
            applications.start(email=EMAIL, language="en")
        nonces.append(Application.objects.get().nonce)
    assert ApplicationMail.objects.count() == applications.LINKS_A_DAY == 5
    assert len(set(nonces[:5])) == 5
    assert len(set(nonces[4:])) == 1  # the last link that was sent works
    with clock.at(now + timedelta(days=1, minutes=1)):
        applications.start(email=EMAIL, language="en")
    assert ApplicationMail.objects.count() == 6


def test_deleted_draft_is_not_offered() -> None:
    client = opened()
    assert "Continue the application" in client.get("/join/").text
    applications.withdraw(application=Application.objects.get())
    assert "Continue the application" not in client.get("/join/").text


def test_link_keeps_the_session_of_a_person_who_is_logged_in(personas: Personas) -> None:
    browser = Client()
    login = {"login": personas.filer.email, "password": "password"}
    assert browser.post("/accounts/login/", login).status_code == 302
    key = browser.session.session_key
    start(browser)
    link = last_link()
    assert browser.post(link).status_code == 302
    assert browser.get("/join/application/").status_code == 200
    assert browser.session.session_key == key
    assert UserSession.objects.get(user=personas.filer).session_key == key
    # A stranger's session gets another key with what the link opens.
    stranger = Client()
    stranger.post(link)
    before = stranger.session.session_key
    stranger.post(link)
    assert stranger.session.session_key != before
