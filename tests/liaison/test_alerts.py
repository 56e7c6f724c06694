"""Alert e-mails: one to each operator when a channel is behind or unreachable, and one when it has recovered."""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.lib import clock
from cases.liaison import tasks
from cases.liaison.delivery import lease, numbering
from cases.liaison.delivery.push import recording
from cases.liaison.delivery.push.outcome import Job, Outcome, Verdict
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, Delivery, Notice, Referral
from cases.liaison.monitoring import alerts, status
from cases.mail import notices
from cases.services.channels import operating, resending
from cases.tasks import send_mails
from members.models import User
from tests import factories
from tests.liaison.updates import change, stream_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada() -> User:
    return factories.admin(email="ada@portal.example")


@pytest.fixture
def bo() -> User:
    return factories.admin(email="bo@portal.example", language="zh-hans")


@pytest.fixture
def referral(ada: User) -> Referral:
    """A case referred an hour ago. Nothing has been sent yet."""
    with clock.at(timezone.now() - timedelta(hours=1)):
        return factories.referred_case()


@pytest.fixture
def channel(referral: Referral) -> Channel:
    return stream_of(referral)


def later(minutes: float) -> None:
    """Run the check as if ``minutes`` had passed."""
    original = status.statuses

    def statuses() -> list[status.ChannelStatus]:
        ahead = timedelta(minutes=minutes)
        return [dataclasses.replace(found, at=found.at + ahead) for found in original()]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(status, "statuses", statuses)
        alerts.check()


def sent_notices() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("kind", "to"))


def since(channel: Channel) -> datetime | None:
    channel.refresh_from_db()
    return channel.behind_since


def test_no_alert_for_a_normal_channel(ada: User) -> None:
    factories.channel()
    with CaptureQueriesContext(connection) as few:
        alerts.check()
    for _ in range(5):
        factories.channel()
    with CaptureQueriesContext(connection) as many:
        alerts.check()
    assert (len(few), len(many), sent_notices()) == (2, 2, [])


def test_each_admin_gets_one_alert_and_one_recovery(channel: Channel, ada: User, bo: User) -> None:
    factories.admin(is_active=False)
    factories.moderator()
    alerts.check()
    assert since(channel)
    assert sent_notices() == []
    later(2)
    expected = [("behind", "ada@portal.example"), ("behind", "bo@portal.example")]
    assert sorted(sent_notices()) == expected
    for _ in range(3):
        alerts.check()
    assert sorted(sent_notices()) == expected
    relay.drain(channel.pk)
    alerts.check()
    assert since(channel) is None
    assert sorted(sent_notices()[2:]) == [(("caught_up"), to) for _kind, to in expected]
    alerts.check()
    assert len(sent_notices()) == 4


def test_a_second_episode_alerts_again(channel: Channel, referral: Referral) -> None:
    for _ in range(2):
        alerts.check()
        later(2)
        relay.drain(channel.pk)
        alerts.check()
        with clock.at(timezone.now() - timedelta(hours=1)):
            factories.referred_case(referral.agency)
    assert [kind for kind, _to in sent_notices()] == ["behind", "caught_up"] * 2


def test_a_short_backlog_causes_no_alert(channel: Channel) -> None:
    alerts.check()
    alerts.check()
    relay.drain(channel.pk)
    alerts.check()
    assert since(channel) is None
    assert sent_notices() == []


def test_a_channel_near_its_threshold_has_not_recovered(channel: Channel) -> None:
    alerts.check()
    later(2)
    Channel.objects.update(alert_after_minutes=70)  # not behind, and not below half of it
    alerts.check()
    assert since(channel)
    Channel.objects.update(alert_after_minutes=130)
    alerts.check()
    assert [kind for kind, _to in sent_notices()] == ["behind", "caught_up"]


@pytest.mark.parametrize("paused", [True, False])
def test_resending_is_no_recovery(referral: Referral, ada: User, *, paused: bool) -> None:
    """No recovery is reported before an update has arrived."""
    Channel.objects.update(is_active=False)
    channel, _secret = factories.webhook("https://liaison.example/in", referral.agency, by=ada)
    with clock.at(timezone.now() - timedelta(days=3)):
        change(referral.case, factories.moderator())
        change(referral.case, factories.moderator())
    numbering.assign_numbers(channel.pk)
    Delivery.objects.filter(channel=channel, seq=1).update(sent_at=Now())
    alerts.check()
    later(2)
    assert [kind for kind, _to in sent_notices()] == ["behind"]
    if paused:
        operating.pause(channel=channel, by=ada, reason="HTTP 500")
    resending.replay(channel=channel, by=ada, from_seq=1)
    for _ in range(3):
        alerts.check()
    assert since(channel)
    if paused:
        # Raising the thresholds is no recovery either.
        Channel.objects.update(alert_after_minutes=100_000)
        alerts.check()
        Channel.objects.update(alert_after_minutes=15)
    assert [kind for kind, _to in sent_notices()] == ["behind"]
    Delivery.objects.filter(channel=channel).update(sent_at=Now())
    alerts.check()
    assert [kind for kind, _to in sent_notices()] == ["behind", "caught_up"]


def test_recipients_and_language_from_the_settings(
    channel: Channel, bo: User, settings: Any
) -> None:
    settings.LIAISON_ALERT_EMAILS = ["duty@portal.example"]
    alerts.check()
    later(2)
    assert sent_notices() == [("behind", "duty@portal.example")]
    settings.LIAISON_ALERT_EMAILS = []
    assert {(r.address, r.language) for r in alerts.recipients()} >= {
        ("bo@portal.example", "zh-hans")
    }


def test_an_unreachable_channel_alerts_after_the_threshold(ada: User) -> None:
    channel, _secret = factories.webhook("https://liaison.example/in", by=ada)
    Channel.objects.update(failures=5, last_success_at=Now())
    alerts.check()
    assert since(channel)
    later(14)
    assert sent_notices() == []
    later(16)
    assert sent_notices() == [("behind", "ada@portal.example")]
    assert Notice.objects.get().data["is_down"]


def test_one_outage_causes_one_alert(channel: Channel, ada: User) -> None:
    """The channel becomes behind and unreachable at about the same time."""
    alerts.check()
    Channel.objects.update(failures=5)
    later(2)
    later(30)
    assert [kind for kind, _to in sent_notices()] == ["behind"]


def test_an_outage_of_a_channel_that_is_behind_alerts_again(channel: Channel) -> None:
    alerts.check()
    later(2)
    Channel.objects.update(failures=5, last_success_at=Now())
    later(14)
    assert len(sent_notices()) == 1
    later(16)
    assert len(sent_notices()) == 2
    later(60)
    assert len(sent_notices()) == 2


def test_a_gone_channel_alerts_and_a_paused_one_does_not(referral: Referral, ada: User) -> None:
    Channel.objects.all().update(is_active=False)
    gone, _secret = factories.webhook("https://liaison.example/in", by=ada)
    by_hand, _secret = factories.webhook("https://liaison.example/in", by=ada)
    operating.pause(channel=by_hand, by=ada, reason="Maintenance")
    delivery = referral.updates.get().deliveries.create(channel=gone, seq=1)
    job = Job(
        delivery.pk, 1, 0, referral.pk, delivery.update_id, "closed", timezone.now(), {"schema": 1}
    )
    token = lease.acquire(gone.pk)
    assert token
    recording.record(gone.pk, token, job, Outcome(Verdict.GONE, status=410))
    delivery.delete()
    alerts.check()
    assert since(gone)
    assert since(by_hand) is None
    later(16)
    notice = Notice.objects.get()
    assert notice.channel == gone
    assert "endpoint no longer exists" in notices.compose(notice).body


def test_deactivating_a_channel_ends_its_episode_without_a_notice(channel: Channel) -> None:
    alerts.check()
    later(2)
    Channel.objects.update(is_active=False)
    alerts.check()
    assert since(channel) is None
    assert [kind for kind, _to in sent_notices()] == ["behind"]


def test_no_recovery_notice_without_an_alert(channel: Channel) -> None:
    alerts.check()
    relay.drain(channel.pk)
    alerts.check()
    assert sent_notices() == []


def test_concurrent_checks_alert_once(
    channel: Channel, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second check has read the state from before the first alert."""
    alerts.check()
    Channel.objects.update(behind_since=F("behind_since") - timedelta(minutes=2))
    seen = status.statuses()
    alerts.check()
    monkeypatch.setattr(status, "statuses", lambda: seen)
    alerts.check()
    assert len(sent_notices()) == 1


def test_the_alert_texts(channel: Channel, ada: User) -> None:
    alerts.check()
    later(2)
    send_mails()
    relay.drain(channel.pk)
    alerts.check()
    send_mails()
    behind, over = (message for message in outbox.outbox if message.to == [ada.email])
    assert str(channel) in behind.subject
    assert str(channel) in over.subject
    assert "1 update is waiting." in behind.body
    assert re.search(r"The oldest has waited for \d+\s(minutes|hours?)", behind.body)
    assert "has caught up" in over.body
    link = re.search(r"http\S+", behind.body)
    assert link
    assert link[0].endswith(f"/triage/channels/{channel.pk}/")
    for message in (behind, over):
        assert ada.email not in str(message.extra_headers)
        assert "LR-" not in message.body


def test_the_scheduled_task_runs_the_check(channel: Channel) -> None:
    tasks.send_alerts()
    assert since(channel)
