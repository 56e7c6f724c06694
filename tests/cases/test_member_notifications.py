"""Notices about rights, people and access follow the settings of their readers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db.models.functions import Now
from django.test import Client

from alliance.lib import clock
from cases.mail import queue
from cases.queries.notifications import Bell
from members.models import Digest, IPRight, MemberNotice, User
from members.models.notification import NEEDED
from members.services import invitations
from tests import factories
from tests.cases.notice_causes import (
    CAUSES,
    change_role,
    latest,
    send,
    send_back,
    subjects_sent_by_three_workers,
)
from tests.concurrency import run_concurrently
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
LIST, PROFILE = "/notifications/", "/accounts/profile/"
Kind = MemberNotice.Kind


@pytest.fixture(params=CAUSES, ids=[cause[0] for cause in CAUSES])
def cause(request: pytest.FixtureRequest) -> Any:
    return request.param


def choose(user: User, **topics: str) -> Any:
    """Change settings on the profile page and send its form."""
    client = Client()
    client.force_login(user)
    changes = {f"mail-{topic}": frequency for topic, frequency in topics.items()}
    return client.post(PROFILE, form_data(client.get(PROFILE), PROFILE, **changes))


def choose_for_all(personas: Personas, topic: str, frequency: str) -> None:
    for person in (personas.filer, personas.owner):
        assert choose(person, **{topic: frequency}).status_code == 302


def test_every_notice_to_a_person_has_a_topic_and_a_text(personas: Personas) -> None:
    assert set(MemberNotice.TOPICS) == set(Kind) - {Kind.INVITED}
    assert set(MemberNotice.ABOUT_THE_PERSON) <= set(MemberNotice.TOPICS)


# --- Settings ------------------------------------------------------------------------------------


def test_at_once(personas: Personas, cause: Any) -> None:
    _topic, happen, label, *_rest = cause
    reader = happen(personas)
    (message,) = [one for one in send() if one.to == [reader.email]]
    assert message.subject == f"[Alliance Portal] {label}: Alder Works"
    assert "Change which emails you receive:\nhttp" in message.body
    assert PROFILE in message.body
    assert latest(reader).sent_at is not None


def test_in_a_digest(personas: Personas, cause: Any) -> None:
    topic, happen, label, detail, path = cause
    choose_for_all(personas, topic, "digest")
    reader = happen(personas)
    assert send() == []
    morning = Digest.objects.get(user=reader).due_at
    (message,) = [one for one in send(morning) if one.to == [reader.email]]
    assert message.subject == "[Alliance Portal] Daily digest: 1 update"
    assert f"Alder Works\n  - {label}" in message.body
    assert detail in message.body
    assert path in message.body
    assert latest(reader).sent_at is not None
    assert send(morning + timedelta(days=1)) == []


def test_off_unless_it_is_needed(personas: Personas, cause: Any) -> None:
    topic, happen, *_rest = cause
    if topic in NEEDED:
        response = choose(personas.owner, **{topic: "off"})
        assert response.status_code == 422
        assert "so these emails cannot be switched off." in response.text
        return
    choose_for_all(personas, topic, "off")
    reader = happen(personas)
    assert send() == []
    found = latest(reader)
    assert (found.sent_at, found.last_error) == (None, "switched off by the recipient")
    assert Bell(reader).count == 1


def test_the_profile_groups_the_topics_and_says_what_cannot_be_off(personas: Personas) -> None:
    client = personas.client("owner")
    text = client.get(PROFILE).text
    places = [text.index(f">{heading}</h3>") for heading in ("Cases", "Rights and deadlines")]
    places += [text.index(">People and access</h3>"), text.index('name="mail-access"')]
    assert places == sorted(places)
    assert text.count("There is a deadline, so these emails cannot be switched off.") == 3
    assert text.count("They protect your account, so these emails cannot be switched off.") == 1
    User.objects.filter(pk=personas.owner.pk).update(language="zh-hans")
    assert "访问权限与账号安全" in client.get(PROFILE).text


def test_settings_that_change_while_a_digest_waits(personas: Personas) -> None:
    choose(personas.filer, rights="digest", access="digest")
    send_back(personas)
    MemberNotice.objects.exclude(user=personas.filer).delete()
    change_role(personas)
    assert send() == []
    choose(personas.filer, rights="off", access="at_once")
    assert [one.subject for one in send()] == [
        "[Alliance Portal] Your role has changed: Alder Works"
    ]
    returned = MemberNotice.objects.get(kind=Kind.RIGHT_RETURNED)
    assert returned.last_error == "switched off by the recipient"
    assert send(Digest.objects.get().due_at) == []


def test_an_invitation_is_sent_at_once_and_is_no_notification(personas: Personas) -> None:
    person = factories.user(email="known@alder.example")
    choose(person, people="off", access="digest")
    invitations.invite(member=personas.member, by=personas.owner, email=person.email, role="viewer")
    (message,) = send()
    assert message.to == [person.email]
    assert "Change which emails" not in message.body
    assert Bell(person).count == 0


# --- Digests -------------------------------------------------------------------------------------


def test_one_digest_has_cases_and_notices_and_leaves_out_what_is_outdated(
    personas: Personas, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(personas.filer, progress="digest", rights="digest")
    case = factories.submitted_case(by=personas.filer, citing=personas.right)
    send_back(personas)
    send_back(personas)
    changed = IPRight.objects.latest("pk")
    send()
    IPRight.objects.filter(pk=changed.pk).update(returned_at=clock.now() + timedelta(minutes=1))
    morning = Digest.objects.get().due_at

    def refuse(self: Any, **_: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        assert send(morning) == []
    assert Digest.objects.get().attempts == 1
    Digest.objects.update(next_attempt_at=Now())
    (message,) = send(morning)
    assert message.subject == "[Alliance Portal] Daily digest: 2 updates"
    assert case.reference in message.body
    assert message.body.count("- A right was returned") == 1
    skipped, sent = MemberNotice.objects.filter(user=personas.filer).order_by("-pk")
    assert skipped.last_error == "changed since"
    assert sent.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_one_digest(personas: Personas) -> None:
    choose(personas.filer, progress="digest", rights="digest")
    factories.submitted_case(by=personas.filer, citing=personas.right)
    send_back(personas)
    MemberNotice.objects.exclude(user=personas.filer).delete()
    run_concurrently(*3 * [lambda: queue.send_due(seconds=5)])
    subjects = subjects_sent_by_three_workers(Digest.objects.get().due_at)
    assert subjects == ["[Alliance Portal] Daily digest: 2 updates"]
