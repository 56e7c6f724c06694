"""Retention: old records are deleted, except proof of delivery and records still in use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Now

from alliance.lib import clock
from cases import tasks
from cases.background import retention
from cases.liaison.models import (
    Attempt,
    Channel,
    ChannelTest,
    Delivery,
    Escalation,
    Notice,
    Referral,
)
from cases.liaison.monitoring import alerts
from cases.models import OutgoingMail
from cases.services import escalations
from members.models import MemberNotice
from tests import factories
from tests.liaison.line import Line

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://hooks.example/"
YEAR, DAY = timedelta(days=365), timedelta(days=1)


@pytest.fixture(autouse=True)
def _reset_cursors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_attempts", retention.Cursor())
    monkeypatch.setattr(retention, "_notices", retention.Cursor())


# --- Attempts --------------------------------------------------------------------------------


@pytest.fixture
def delivery() -> Delivery:
    """A delivery to a webhook, sent more than a year ago."""
    line = Line(URL)
    Delivery.objects.update(seq=1, sent_at=Now() - YEAR - DAY)
    return line.first


def add_attempts(delivery: Delivery, *answers: int | str, ago: timedelta = YEAR + 2 * DAY) -> None:
    """Add attempts of the delivery in order, with a status or an error."""
    for answer in answers:
        given: dict[str, Any] = {"status": answer} if isinstance(answer, int) else {"error": answer}
        Attempt.objects.create(
            channel=delivery.channel,
            delivery=delivery,
            at=clock.now() - ago,
            duration_ms=1,
            **given,
        )


def remaining_attempts() -> list[int | str]:
    rows = Attempt.objects.order_by("pk").values_list("status", "error")
    return [status or error for status, error in rows]


def test_failed_attempts_of_delivered_updates_are_deleted_after_a_year(
    delivery: Delivery,
) -> None:
    add_attempts(delivery, 500, "timed_out", 302, 200)
    assert retention.delete_old_attempts() == 3
    assert remaining_attempts() == [200]
    assert retention.delete_old_attempts() == 0


def test_successful_attempts_are_kept(delivery: Delivery) -> None:
    """A replayed update was delivered several times; an e-mail handed over has no status."""
    add_attempts(delivery, 200, 204, "")
    assert retention.delete_old_attempts() == 0
    assert len(remaining_attempts()) == 3


def test_last_attempt_is_kept_even_if_it_failed(delivery: Delivery) -> None:
    """For example an attempt of a late worker."""
    add_attempts(delivery, 500, 200, 503)
    assert retention.delete_old_attempts() == 1
    assert remaining_attempts() == [200, 503]


@pytest.mark.parametrize(
    "state",
    [
        {"sent_at": None},
        {"sent_at": None, "dead_at": Now() - YEAR, "dead_reason": "HTTP 500"},
        {"sent_at": Now() - YEAR + DAY},
    ],
    ids=["pending", "dead letter", "delivered recently"],
)
def test_attempts_of_recent_or_undelivered_updates_are_kept(
    delivery: Delivery, state: dict[str, Any]
) -> None:
    add_attempts(delivery, 500, 500, 422)
    Delivery.objects.filter(pk=delivery.pk).update(**state)
    assert retention.delete_old_attempts() == 0
    assert remaining_attempts() == [500, 500, 422]


def test_recent_failures_are_kept(delivery: Delivery, settings: Any) -> None:
    add_attempts(delivery, 500, 200, ago=YEAR - DAY)
    assert retention.delete_old_attempts() == 0
    settings.LIAISON_KEEP_FAILED_ATTEMPTS_DAYS = 360
    Delivery.objects.update(sent_at=Now() - YEAR)
    assert retention.delete_old_attempts() == 1


def test_attempts_are_deleted_in_batches_past_kept_ones(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    waits = Delivery.objects.create(
        update=_another_update(delivery), channel=delivery.channel, seq=2
    )
    add_attempts(waits, 500, 501, 502, 503, ago=YEAR + 3 * DAY)
    add_attempts(delivery, 500, 501, 502, 200)
    # The first two batches hold kept rows, the next two hold rows to delete; then it restarts.
    assert [retention.delete_old_attempts() for _ in range(4)] == [0, 0, 2, 1]
    assert remaining_attempts() == [500, 501, 502, 503, 200]
    Delivery.objects.filter(pk=waits.pk).update(sent_at=Now() - YEAR - DAY)
    assert [retention.delete_old_attempts() for _ in range(2)] == [2, 1]
    assert remaining_attempts() == [503, 200]


def _another_update(delivery: Delivery) -> Any:
    line = Line(URL)
    Delivery.objects.filter(channel=line.channel).delete()
    return line.referrals[0].updates.get()


def test_locked_rows_are_skipped(delivery: Delivery) -> None:
    add_attempts(delivery, 500, 501, 200)
    first = Attempt.objects.earliest("pk")
    counted: list[int] = []

    def forget() -> None:
        counted.append(retention.delete_old_attempts())
        connections.close_all()

    with transaction.atomic():
        Attempt.objects.select_for_update().get(pk=first.pk)
        other = threading.Thread(target=forget)
        other.start()
        other.join(10)
        assert counted == [1], "the deletion did not wait for the lock"
    assert retention.delete_old_attempts() == 1
    assert remaining_attempts() == [200]


# --- Notices ---------------------------------------------------------------------------------


@pytest.fixture
def overdue_notice() -> Notice:
    """A notice of an overdue step, sent more than a year ago; the referral is concluded."""
    factories.overdue_step(factories.agency(second_contact_email="una@harbour.example"))
    notice = Notice.objects.get()
    Referral.objects.update(status="concluded")
    make_old(notice, sent_at=Now() - YEAR)
    return notice


def make_old(notice: Notice, **changes: Any) -> None:
    Notice.objects.filter(pk=notice.pk).update(created_at=Now() - YEAR - DAY, **changes)


@pytest.mark.parametrize(
    "outcome", [{}, {"sent_at": None, "failed_at": Now()}], ids=["sent", "failed"]
)
def test_finished_notice_is_deleted_after_a_year(
    overdue_notice: Notice, outcome: dict[str, Any]
) -> None:
    make_old(overdue_notice, **outcome)
    assert retention.delete_old_notices() == 1
    assert not Notice.objects.exists()


@pytest.mark.parametrize("status", ["offered", "acknowledged", "accepted", "investigating"])
def test_notice_of_an_open_referral_is_kept(overdue_notice: Notice, status: str) -> None:
    Referral.objects.update(status=status)
    assert retention.delete_old_notices() == 0


def test_pending_and_recent_notices_are_kept(overdue_notice: Notice) -> None:
    make_old(overdue_notice, sent_at=None)
    assert retention.delete_old_notices() == 0
    Notice.objects.update(created_at=Now() - YEAR + DAY, sent_at=Now())
    assert retention.delete_old_notices() == 0


def test_deleted_notice_is_not_sent_again(overdue_notice: Notice) -> None:
    """The escalation itself is kept, so the sweep does not raise it again."""
    retention.delete_old_notices()
    Referral.objects.update(status="offered")
    Escalation.objects.update(resolved_at=None)
    escalations.sweep()
    assert not Notice.objects.exists()


def test_todays_reminder_is_kept_regardless_of_settings(
    overdue_notice: Notice, settings: Any
) -> None:
    settings.LIAISON_KEEP_NOTICES_DAYS = 0
    Referral.objects.update(status="offered")
    late = Escalation.objects.get()
    by = factories.moderator()
    assert escalations.remind(escalation=late, by=by)
    Referral.objects.update(status="concluded")
    Notice.objects.update(sent_at=Now())
    retention.delete_old_notices()
    assert escalations.reminded_today([late]) == {late.pk}


@pytest.fixture
def channel_in_trouble() -> Channel:
    """A channel that has been behind for two years; an administrator was notified at the start."""
    factories.admin(email="ada@portal.example")
    channel = Line(URL).channel
    Channel.objects.filter(pk=channel.pk).update(
        behind_since=Now() - 2 * YEAR, failures=99, next_attempt_at=Now() + DAY
    )
    Delivery.objects.update(seq=1)
    alerts.check()
    Notice.objects.update(created_at=Now() - 2 * YEAR + DAY, sent_at=Now() - 2 * YEAR + DAY)
    channel.refresh_from_db()
    assert set(Notice.objects.values_list("kind", "channel")) == {("behind", channel.pk)}
    return channel


def test_alert_notices_are_kept_while_the_channel_is_behind(channel_in_trouble: Channel) -> None:
    before = Notice.objects.count()
    assert retention.delete_old_notices() == 0
    alerts.check()
    assert Notice.objects.count() == before


def test_alert_notices_are_deleted_after_recovery(channel_in_trouble: Channel) -> None:
    Channel.objects.update(behind_since=None, alerted_at=None)
    assert retention.delete_old_notices() > 0
    assert not Notice.objects.exists()


def test_notices_of_an_earlier_alert_are_deleted(channel_in_trouble: Channel) -> None:
    Channel.objects.update(behind_since=Now() - DAY)
    assert retention.delete_old_notices() > 0
    assert not Notice.objects.exists()


# --- Tests -----------------------------------------------------------------------------------


def add_tests(channel: Channel, *days_ago: int) -> None:
    for days in days_ago:
        ChannelTest.objects.create(channel=channel, requested_at=clock.now() - days * DAY)


def test_channel_tests_are_deleted_after_90_days_except_the_last() -> None:
    one, other = factories.webhook(URL)[0], factories.webhook(URL)[0]
    add_tests(one, 400, 300, 91, 89, 1)
    add_tests(other, 500, 400)
    assert retention.delete_old_tests() == 4
    kept = ChannelTest.objects.order_by("channel", "requested_at")
    now = clock.now()
    assert [(test.channel_id, (now - test.requested_at).days) for test in kept] == [
        (one.pk, 89),
        (one.pk, 1),
        (other.pk, 400),
    ]


def test_channel_tests_are_deleted_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    add_tests(factories.webhook(URL)[0], *range(100, 104))
    assert [retention.delete_old_tests() for _ in range(3)] == [2, 1, 0]


# --- E-mails ---------------------------------------------------------------------------------


def test_mails_are_deleted_a_year_after_they_were_sent_or_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for _ in range(6):
        factories.submitted_case()
    waiting, failed, lately, *old = OutgoingMail.objects.order_by("pk")
    OutgoingMail.objects.exclude(pk=lately.pk).update(created_at=clock.now() - YEAR - DAY)
    OutgoingMail.objects.exclude(pk=waiting.pk).update(sent_at=Now())
    OutgoingMail.objects.filter(pk=failed.pk).update(sent_at=None, failed_at=Now())
    assert [retention.delete_old_mails() for _ in range(3)] == [2, 2, 0]
    assert set(OutgoingMail.objects.all()) == {waiting, lately}
    assert len(old) == 3


# --- All records -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["delete_old_attempts", "delete_old_notices", "delete_old_tests", "delete_old_mails"]
)
def test_scheduled_task_runs_every_deletion(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(retention, name, lambda: called.append(name))
    tasks.delete_old_records()
    assert called == [name]


@pytest.mark.parametrize(
    ("sql", "values", "index"),
    [
        (retention._ATTEMPTS, {}, "attempt_failed_age"),
        (retention._NOTICES, {"unfinished": ["offered"]}, "notice_age"),
        (retention._TESTS, {}, "test_age"),
    ],
)
def test_deletions_use_an_index(sql: str, values: dict[str, Any], index: str) -> None:
    values |= {"at": None, "key": 0, "days": 365, "most": retention.AT_ONCE}
    with prefer_indexes() as cursor:
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"using {index}" in plan, plan


@pytest.mark.parametrize(
    ("model", "index"), [(OutgoingMail, "mail_age"), (MemberNotice, "member_notice_age")]
)
def test_deletions_of_mails_use_an_index(model: Any, index: str) -> None:
    with prefer_indexes():
        old = model.objects.finished_before(Now() - timedelta(days=365))
        assert f"using {index}" in old[: retention.AT_ONCE].explain()


@contextmanager
def prefer_indexes() -> Iterator[Any]:
    """Let PostgreSQL use indexes even on small tables, which it would otherwise scan sequentially."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
        cursor.execute("SET LOCAL enable_sort TO off")
        yield cursor
