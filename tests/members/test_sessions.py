"""Sessions: expired ones are deleted, anonymous ones expire within an hour, and people end their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from alliance.lib import clock
from alliance.lib.refusals import NotAllowed
from members import sessions, tasks
from members.services import sessions as service
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SESSIONS = "/accounts/sessions/"


def log_in(personas: Personas) -> Client:
    browser = Client()
    data = {"login": personas.filer.email, "password": "password"}
    assert browser.post("/accounts/login/", data).status_code == 302
    return browser


def expire(browser: Client) -> None:
    """Set the session's expiry some hours into the past."""
    rows = Session.objects.filter(session_key=browser.session.session_key)
    assert rows.update(expire_date=clock.now() - 2 * HOUR) == 1
    UserSession.objects.update(created_at=clock.now() - 14 * HOUR)


def test_expired_sessions_and_their_records_are_deleted(personas: Personas) -> None:
    ended, lives = log_in(personas), log_in(personas)
    keys = [browser.session.session_key for browser in (ended, lives)]
    expire(ended)
    assert sessions.delete_expired() == 2
    assert list(Session.objects.values_list("pk", flat=True)) == [keys[1]]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [keys[1]]
    assert lives.get("/desk/").status_code == 200
    assert sessions.delete_expired() == 0


def test_new_record_without_a_session_is_kept(personas: Personas) -> None:
    UserSession.objects.create(user=personas.filer, session_key="x" * 32, ip="127.0.0.1")
    assert sessions.delete_expired() == 0


def test_sessions_are_deleted_in_batches(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "BATCH_SIZE", 2)
    past = clock.now() - HOUR
    Session.objects.bulk_create(
        Session(session_key=f"{number:032}", session_data="", expire_date=past)
        for number in range(5)
    )
    assert sessions.delete_expired() == 2
    tasks.delete_expired_sessions()
    assert not Session.objects.exists()


def test_anonymous_sessions_expire_within_an_hour(personas: Personas) -> None:
    """Every passkey challenge creates a session."""
    stranger = Client()
    assert stranger.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    row = Session.objects.get()
    assert row.expire_date <= clock.now() + HOUR


def test_sessions_of_logged_in_users_last_a_day(personas: Personas, settings: Any) -> None:
    browser = Client()
    browser.get("/accounts/2fa/webauthn/login/")
    data = {"login": personas.filer.email, "password": "password"}
    browser.post("/accounts/login/", data)
    row = Session.objects.get(session_key=browser.session.session_key)
    full = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    assert row.expire_date > clock.now() + full - HOUR


def test_deletion_is_scheduled(settings: Any) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["sessions"]["task"] == tasks.delete_expired_sessions.name


# --- Ending sessions -----------------------------------------------------------------------------


def test_a_single_session_is_ended(personas: Personas) -> None:
    here, there, third = log_in(personas), log_in(personas), log_in(personas)
    page = here.get(SESSIONS)
    assert page.text.count("This browser") == 1
    url = reverse("session_end", args=[row_of(there).pk])
    data = form_data(page, url)
    for _double_click in range(2):
        response = here.post(url, data)
        assert (response.status_code, response.headers["Location"]) == (302, SESSIONS)
    assert "The session was ended." in here.get(SESSIONS).text
    assert there.get("/desk/").status_code == 302, "out with the next request"
    assert here.get("/desk/").status_code == third.get("/desk/").status_code == 200


def test_all_other_sessions_are_ended(personas: Personas) -> None:
    here, there, third = log_in(personas), log_in(personas), log_in(personas)
    data = form_data(here.get(SESSIONS), SESSIONS)
    assert here.post(SESSIONS, data).status_code == 302
    assert there.get("/desk/").status_code == third.get("/desk/").status_code == 302
    page = here.get(SESSIONS)
    assert "Log out of all other sessions" not in page.text


def test_the_current_session_is_not_ended_by_mistake(personas: Personas) -> None:
    here = log_in(personas)
    own = row_of(here)
    page = here.get(SESSIONS)
    assert reverse("session_end", args=[own.pk]) not in page.text
    response = here.post(reverse("session_end", args=[own.pk]), follow=True)
    assert "This is the session you are using. Log out to end it." in response.text
    assert here.get("/desk/").status_code == 200


def test_sessions_of_others_cannot_be_ended(personas: Personas) -> None:
    theirs = log_in(personas)
    stranger = personas.client("owner")
    assert stranger.post(reverse("session_end", args=[row_of(theirs).pk])).status_code == 404
    assert theirs.get("/desk/").status_code == 200
    with pytest.raises(NotAllowed):
        service.end(session=row_of(theirs), by=personas.owner, current_key="")


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)
