"""What is forgotten when it is old, and what never is: proof, the last word, and what somebody still goes by."""

from __future__ import annotations

import threading
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
from tests import factories
from tests.liaison.line import Line

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://hooks.example/"
YEAR, DAY = timedelta(days=365), timedelta(days=1)


@pytest.fixture(autouse=True)
def _from_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_attempts", retention.Cursor())
    monkeypatch.setattr(retention, "_notices", retention.Cursor())


# --- Attempts --------------------------------------------------------------------------------


@pytest.fixture
def delivery() -> Delivery:
    """Delivered to a webhook more than a year ago."""
    line = Line(URL)
    Delivery.objects.update(seq=1, sent_at=Now() - YEAR - DAY)
    return line.first


def tried(delivery: Delivery, *answers: int | str, ago: timedelta = YEAR + 2 * DAY) -> None:
    """Note tries of the delivery, one after the other, so long ago: a status, or why there was none."""
    for answer in answers:
        given: dict[str, Any] = {"status": answer} if isinstance(answer, int) else {"error": answer}
        Attempt.objects.create(
            channel=delivery.channel,
            delivery=delivery,
            at=clock.now() - ago,
            duration_ms=1,
            **given,
        )


def left() -> list[int | str]:
    rows = Attempt.objects.order_by("pk").values_list("status", "error")
    return [status or error for status, error in rows]


def test_failures_on_the_way_of_what_arrived_are_forgotten_after_a_year(
    delivery: Delivery,
) -> None:
    tried(delivery, 500, "timed_out", 302, 200)
    assert retention.delete_old_attempts() == 3
    assert left() == [200]
    assert retention.delete_old_attempts() == 0


def test_proof_is_never_forgotten(delivery: Delivery) -> None:
    """What was replayed arrived several times: each is proof. An e-mail handed over has no status."""
    tried(delivery, 200, 204, "")
    assert retention.delete_old_attempts() == 0
    assert len(left()) == 3


def test_the_last_try_stays_though_it_failed(delivery: Delivery) -> None:
    """As that of a worker that came too late."""
    tried(delivery, 500, 200, 503)
    assert retention.delete_old_attempts() == 1
    assert left() == [200, 503]


@pytest.mark.parametrize(
    "state",
    [
        {"sent_at": None},
        {"sent_at": None, "dead_at": Now() - YEAR, "dead_reason": "HTTP 500"},
        {"sent_at": Now() - YEAR + DAY},
    ],
    ids=["waits", "given up", "arrived lately"],
)
def test_every_try_of_what_has_not_arrived_long_ago_stays(
    delivery: Delivery, state: dict[str, Any]
) -> None:
    tried(delivery, 500, 500, 422)
    Delivery.objects.filter(pk=delivery.pk).update(**state)
    assert retention.delete_old_attempts() == 0
    assert left() == [500, 500, 422]


def test_young_failures_stay(delivery: Delivery, settings: Any) -> None:
    tried(delivery, 500, 200, ago=YEAR - DAY)
    assert retention.delete_old_attempts() == 0
    settings.LIAISON_KEEP_FAILED_ATTEMPTS_DAYS = 360
    Delivery.objects.update(sent_at=Now() - YEAR)
    assert retention.delete_old_attempts() == 1


def test_a_few_at_a_time_and_what_stays_is_not_in_the_way(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    waits = Delivery.objects.create(
        update=_another_update(delivery), channel=delivery.channel, seq=2
    )
    tried(waits, 500, 501, 502, 503, ago=YEAR + 3 * DAY)
    tried(delivery, 500, 501, 502, 200)
    # Two goes see what stays, two more what may go; then it begins anew.
    assert [retention.delete_old_attempts() for _ in range(4)] == [0, 0, 2, 1]
    assert left() == [500, 501, 502, 503, 200]
    Delivery.objects.filter(pk=waits.pk).update(sent_at=Now() - YEAR - DAY)
    assert [retention.delete_old_attempts() for _ in range(2)] == [2, 1]
    assert left() == [503, 200]


def _another_update(delivery: Delivery) -> Any:
    line = Line(URL)
    Delivery.objects.filter(channel=line.channel).delete()
    return line.referrals[0].updates.get()


def test_a_row_that_somebody_holds_is_left_for_later(delivery: Delivery) -> None:
    tried(delivery, 500, 501, 200)
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
        assert counted == [1], "it did not wait"
    assert retention.delete_old_attempts() == 1
    assert left() == [200]


# --- Notices ---------------------------------------------------------------------------------


@pytest.fixture
def told() -> Notice:
    """That a step was overdue, more than a year ago; the referral has come to its end since."""
    factories.overdue_step(factories.agency(second_contact_email="una@harbour.example"))
    notice = Notice.objects.get()
    Referral.objects.update(status="concluded")
    aged(notice, sent_at=Now() - YEAR)
    return notice


def aged(notice: Notice, **changes: Any) -> None:
    Notice.objects.filter(pk=notice.pk).update(created_at=Now() - YEAR - DAY, **changes)


@pytest.mark.parametrize(
    "outcome", [{}, {"sent_at": None, "failed_at": Now()}], ids=["sent", "given up"]
)
def test_a_notice_that_is_done_with_is_forgotten_after_a_year(
    told: Notice, outcome: dict[str, Any]
) -> None:
    aged(told, **outcome)
    assert retention.delete_old_notices() == 1
    assert not Notice.objects.exists()


@pytest.mark.parametrize("status", ["offered", "acknowledged", "accepted", "investigating"])
def test_while_the_referral_is_not_finished_it_stays(told: Notice, status: str) -> None:
    Referral.objects.update(status=status)
    assert retention.delete_old_notices() == 0


def test_what_waits_and_what_is_young_stay(told: Notice) -> None:
    aged(told, sent_at=None)
    assert retention.delete_old_notices() == 0
    Notice.objects.update(created_at=Now() - YEAR + DAY, sent_at=Now())
    assert retention.delete_old_notices() == 0


def test_nobody_is_told_again_of_a_step_whose_notice_is_forgotten(told: Notice) -> None:
    """That it was raised is kept for good, and goes before the notice."""
    retention.delete_old_notices()
    Referral.objects.update(status="offered")
    Escalation.objects.update(settled_at=None)
    escalations.sweep()
    assert not Notice.objects.exists()


def test_a_reminder_of_today_is_known_whatever_the_settings_say(
    told: Notice, settings: Any
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
def trouble() -> Channel:
    """A channel that has been in trouble for two years, and of which an admin was told at once."""
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


def test_whom_the_alerts_have_told_is_known_while_the_trouble_lasts(trouble: Channel) -> None:
    before = Notice.objects.count()
    assert retention.delete_old_notices() == 0
    alerts.check()
    assert Notice.objects.count() == before


def test_when_the_trouble_is_over_its_notices_are_forgotten(trouble: Channel) -> None:
    Channel.objects.update(behind_since=None, alerted_at=None)
    assert retention.delete_old_notices() > 0
    assert not Notice.objects.exists()


def test_those_of_an_earlier_trouble_are_forgotten_in_the_next(trouble: Channel) -> None:
    Channel.objects.update(behind_since=Now() - DAY)
    assert retention.delete_old_notices() > 0
    assert not Notice.objects.exists()


# --- Tests -----------------------------------------------------------------------------------


def asked(channel: Channel, *days_ago: int) -> None:
    for days in days_ago:
        ChannelTest.objects.create(channel=channel, requested_at=clock.now() - days * DAY)


def test_tests_are_forgotten_after_90_days_but_for_the_last_of_each_channel() -> None:
    one, other = factories.webhook(URL)[0], factories.webhook(URL)[0]
    asked(one, 400, 300, 91, 89, 1)
    asked(other, 500, 400)
    assert retention.delete_old_tests() == 4
    kept = ChannelTest.objects.order_by("channel", "requested_at")
    now = clock.now()
    assert [(test.channel_id, (now - test.requested_at).days) for test in kept] == [
        (one.pk, 89),
        (one.pk, 1),
        (other.pk, 400),
    ]


def test_a_few_tests_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    asked(factories.webhook(URL)[0], *range(100, 104))
    assert [retention.delete_old_tests() for _ in range(3)] == [2, 1, 0]


# --- E-mails ---------------------------------------------------------------------------------


def test_mails_are_forgotten_a_year_after_they_were_sent_or_given_up(
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


# --- All -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["delete_old_attempts", "delete_old_notices", "delete_old_tests", "delete_old_mails"]
)
def test_the_scheduled_task_does_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
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
        (retention._MAILS, {}, "mail_age"),
    ],
)
def test_the_old_are_found_by_an_index(sql: str, values: dict[str, Any], index: str) -> None:
    """In tables as small as here PostgreSQL would read them whole, if it were not told otherwise."""
    values |= {"at": None, "key": 0, "days": 365, "most": retention.AT_ONCE}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
        cursor.execute("SET LOCAL enable_sort TO off")
        cursor.execute(f"EXPLAIN {sql}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"using {index}" in plan, plan
