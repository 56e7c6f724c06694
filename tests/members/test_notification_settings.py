"""The notification settings on the profile page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from alliance.lib.refusals import Refusal
from cases.models import OutgoingMail
from cases.models.event import EventKind
from cases.models.mail import NOTIFIED
from members.forms.notifications import CONTENTS, GROUPS
from members.models import Frequency, MemberNotice, NotificationSetting, Topic, User
from members.models.notification import NEEDED
from members.services import profile
from tests import factories
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db
URL = "/accounts/profile/"


def save(client: Client, **changes: str) -> Any:
    """Change fields of the profile page and send its form."""
    return client.post(URL, form_data(client.get(URL), URL, **changes))


def chosen(user: User) -> dict[Topic, Frequency]:
    return NotificationSetting.objects.of(user)


def test_every_email_has_a_topic_and_every_topic_an_email() -> None:
    assert {*OutgoingMail.TOPICS.values(), *MemberNotice.TOPICS.values()} == set(Topic)
    assert [topic for _, topics in GROUPS for topic in topics] == list(Topic) == list(CONTENTS)
    assert set(NOTIFIED) <= set(EventKind.values)
    deadlines = {EventKind.INFORMATION_REQUESTED, EventKind.COUNTER_NOTICED}
    deadlines |= {EventKind.MEMBER_REMINDED}
    assert {kind for kind, topic in NOTIFIED.items() if topic in NEEDED} == deadlines


def test_emails_are_sent_at_once_until_a_person_chooses(personas: Personas) -> None:
    assert set(chosen(personas.filer).values()) == {Frequency.AT_ONCE}
    response = save(personas.client("filer"))
    assert response.status_code == 302
    assert not NotificationSetting.objects.exists(), "an unchanged form stores nothing"


def test_settings_are_saved_with_the_profile(personas: Personas) -> None:
    client = personas.client("filer")
    values = {"mail-decisions": "digest", "mail-progress": "off", "name": "Fay F."}
    assert save(client, **values).status_code == 302
    assert chosen(personas.filer) == dict.fromkeys(Topic, Frequency.AT_ONCE) | {
        Topic.DECISIONS: Frequency.DIGEST,
        Topic.PROGRESS: Frequency.OFF,
    }
    assert chosen(personas.owner)[Topic.PROGRESS] == Frequency.AT_ONCE
    page = client.get(URL)
    assert form_data(page, URL)["mail-decisions"] == "digest"
    assert save(client, **{"mail-progress": "at_once"}).status_code == 302
    assert chosen(personas.filer)[Topic.PROGRESS] == Frequency.AT_ONCE


@pytest.mark.parametrize("topic", sorted(NEEDED))
def test_emails_with_a_deadline_cannot_be_switched_off(personas: Personas, topic: str) -> None:
    client = personas.client("filer")
    response = save(client, **{f"mail-{topic}": "off", "name": "Another Name"})
    assert response.status_code == 422
    assert str(NEEDED[Topic(topic)]) in response.text
    assert form_data(response, URL)["name"] == "Another Name"
    assert not NotificationSetting.objects.exists()
    with pytest.raises(Refusal):
        profile.save(by=personas.filer, notifications={topic: "off"})
    with pytest.raises(IntegrityError), transaction.atomic():
        NotificationSetting.objects.create(user=personas.filer, topic=topic, frequency="off")
    assert save(client, **{f"mail-{topic}": "digest"}).status_code == 302


@pytest.mark.parametrize("value", ["hourly", "", "DIGEST", "off\0", "x" * 3000])
def test_a_frequency_that_is_none_is_an_error(personas: Personas, value: str) -> None:
    client = personas.client("filer")
    data = form_data(client.get(URL), URL) | {"mail-decisions": value, "name": "Kept"}
    response = client.post(URL, data)
    assert response.status_code == 422
    assert form_data(response, URL)["name"] == "Kept"
    assert not NotificationSetting.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"no-such-topic": "off"}, {"submitted": "off"}, {"decisions": "hourly"}, {"": ""}]
)
def test_a_topic_that_is_none_is_refused(personas: Personas, wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal):
        profile.save(by=personas.filer, notifications={"progress": "off"} | wrong)
    assert not NotificationSetting.objects.exists(), "nothing is saved"
    client = personas.client("filer")
    sent = form_data(client.get(URL), URL) | {f"mail-{name}": "off" for name in ("x", "submitted")}
    assert client.post(URL, sent).status_code == 302
    assert not NotificationSetting.objects.exists()


def test_a_person_without_a_role_can_choose(client: Client) -> None:
    person = factories.user()
    client.force_login(person)
    assert save(client, **{"mail-progress": "off"}).status_code == 302
    assert chosen(person)[Topic.PROGRESS] == Frequency.OFF


@pytest.mark.parametrize("who", ["moderator", "officer", "admin"])
def test_others_get_no_emails_about_cases_and_have_no_settings(
    personas: Personas, who: str
) -> None:
    client = personas.client(who)
    assert "mail-decisions" not in client.get(URL).text
    sent = form_data(client.get(URL), URL) | {"mail-decisions": "off"}
    assert client.post(URL, sent).status_code == 302
    assert not NotificationSetting.objects.exists()


def test_both_parts_of_the_form_show_their_errors(personas: Personas) -> None:
    client = personas.client("filer")
    response = save(client, **{"name": " ", "mail-reminders": "off"})
    assert response.text.count("field-invalid") == 2


def test_the_page_is_in_chinese(personas: Personas) -> None:
    User.objects.filter(pk=personas.filer.pk).update(language="zh-hans")
    page = personas.client("filer").get(reverse("profile")).text
    for text in ("每日摘要", "审核决定", "不能关闭"):
        assert text in page
