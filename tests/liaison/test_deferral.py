"""Head-of-line blocking: deliveries behind an unsent one of their case are deferred."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from cases.liaison.delivery import sweep
from cases.liaison.delivery.numbering import assign_numbers
from cases.liaison.delivery.push import ordering, sending
from cases.liaison.models import Channel, Delivery
from cases.liaison.models.channel import BREAKER_TRIPS_AT
from cases.services.channels import resending
from tests import factories
from tests.liaison.line import Line
from tests.liaison.receiver import Receiver, status
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
FOLLOWERS = 4


@pytest.fixture
def line(receiver: Receiver) -> Line:
    """A case whose first update is a dead letter, with more updates behind it."""
    made = Line(receiver.url, changes=FOLLOWERS)
    receiver.answer = status(422)
    sending.drain(made.channel.pk)
    Delivery.objects.filter(pk=made.first.pk).update(
        dead_at=Now(), dead_reason="HTTP 422", is_deferred=False
    )
    Delivery.objects.exclude(pk=made.first.pk).update(next_attempt_at=Now(), is_deferred=False)
    receiver.answer = None
    receiver.calls.clear()
    return made


def deferred() -> QuerySet[Delivery]:
    return Delivery.objects.filter(is_deferred=True)


def test_deliveries_behind_a_dead_letter_are_deferred_once(line: Line) -> None:
    assert set(sweep.due_channels()) == {line.channel.pk}, "they are due by their time"
    assert sending.drain(line.channel.pk) == 0
    assert deferred().count() == FOLLOWERS
    assert not Delivery.objects.due_by_time().exists()
    assert sweep.due_channels() == {}
    soon, later = Now() + timedelta(minutes=15), Now() + timedelta(minutes=30)
    assert not deferred().exclude(next_attempt_at__range=(soon, later)).exists()
    line.change(line.referrals[0])
    assert set(sweep.due_channels()) == {line.channel.pk}
    assert sending.drain(line.channel.pk) == 0
    assert sweep.due_channels() == {}


def test_deliveries_behind_a_retry_are_deferred(line: Line, receiver: Receiver) -> None:
    Delivery.objects.filter(pk=line.first.pk).update(
        dead_at=None, dead_reason="", next_attempt_at=Now() + timedelta(hours=1)
    )
    assert sending.drain(line.channel.pk) == 0
    assert sweep.due_channels() == {}
    Delivery.objects.filter(pk=line.first.pk).update(next_attempt_at=Now())
    assert sending.drain(line.channel.pk) == 1 + FOLLOWERS
    assert receiver.sequences()[line.referrals[0].reference] == [1, 2, 3, 4, 5]
    assert not deferred().exists()


def test_after_a_resend_all_are_sent_in_order(line: Line, receiver: Receiver) -> None:
    sending.drain(line.channel.pk)
    resending.resend_dead_letters(channel=line.channel, by=line.moderator)
    assert sending.drain(line.channel.pk) == 1 + FOLLOWERS
    assert receiver.sequences()[line.referrals[0].reference] == [1, 2, 3, 4, 5]
    assert not deferred().exists()


def test_a_delivery_that_was_not_released_becomes_due_later(line: Line) -> None:
    """For example, when an older version of the worker recorded the arrival of the first."""
    sending.drain(line.channel.pk)
    Delivery.objects.filter(pk=line.first.pk).update(sent_at=Now(), dead_at=None, dead_reason="")
    assert sending.drain(line.channel.pk) == 0
    deferred().update(next_attempt_at=Now())
    assert set(sweep.due_channels()) == {line.channel.pk}
    assert sending.drain(line.channel.pk) == FOLLOWERS
    assert not deferred().exists()


def test_nothing_is_deferred_behind_a_sendable_delivery(receiver: Receiver) -> None:
    made = Line(receiver.url, cases=2, changes=3)
    while assign_numbers(made.channel.pk):
        pass
    assert ordering.defer_blocked(made.channel.pk, "referral") == 0
    assert sending.drain(made.channel.pk) == 8
    assert not deferred().exists()


def test_many_behind_a_sendable_one_are_deferred_and_keep_their_order(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "FEW", FOLLOWERS - 1)
    made = Line(receiver.url, changes=FOLLOWERS)
    while assign_numbers(made.channel.pk):
        pass
    assert ordering.defer_blocked(made.channel.pk, "referral") == FOLLOWERS
    assert sending.drain(made.channel.pk) == 1 + FOLLOWERS
    assert receiver.sequences()[made.referrals[0].reference] == [1, 2, 3, 4, 5]
    assert not deferred().exists()


def test_many_blocked_deliveries_do_not_hide_others(
    line: Line, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first two due deliveries are blocked; the third can be sent."""
    monkeypatch.setattr(ordering, "LOOKED_AT", 2)
    monkeypatch.setattr(ordering, "ENOUGH", 1)
    other = factories.referred_case(line.channel.agency)
    assert sending.drain(line.channel.pk) == 1
    assert set(receiver.sequences()) == {other.reference}
    assert deferred().count() == FOLLOWERS


def test_older_blocked_deliveries_do_not_hide_sendable_ones(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "LOOKED_AT", 2)
    goes = [ordering.defer_blocked(line.channel.pk, "referral") for _ in range(3)]
    assert goes == [2, 2, 0]


def test_the_end_of_an_outage_releases_sendable_deliveries(line: Line, receiver: Receiver) -> None:
    sending.drain(line.channel.pk)
    Channel.objects.filter(pk=line.channel.pk).update(failures=BREAKER_TRIPS_AT)
    cases = [factories.referred_case(line.channel.agency) for _ in range(2)]
    waits = Delivery.objects.get(channel=line.channel, update__referral=cases[0])
    Delivery.objects.filter(pk=waits.pk).update(next_attempt_at=Now() + timedelta(hours=1))
    assert sending.drain(line.channel.pk) == 2
    assert set(receiver.sequences()) == {case.reference for case in cases}
    assert deferred().filter(next_attempt_at__gt=Now()).count() == FOLLOWERS


def test_no_deferral_while_the_predecessor_is_recorded(line: Line) -> None:
    """Deferring waits for the transaction that records the predecessor's arrival, and then reads again."""
    Delivery.objects.filter(channel=line.channel, seq__gt=2).delete()
    counted: list[int] = []

    def put() -> None:
        counted.append(ordering.defer_blocked(line.channel.pk, "referral"))
        connections.close_all()

    other = threading.Thread(target=put)
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True).get(pk=line.channel.pk)
        Delivery.objects.filter(pk=line.first.pk).update(
            sent_at=Now(), dead_at=None, dead_reason=""
        )
        update = line.first.update
        ordering.release_next(
            line.channel.pk, "referral", ordering_key=update.referral_id, update_id=update.pk
        )
        other.start()
        wait_for(_is_waiting_for_a_lock, what="the other transaction to wait for the lock")
    other.join(10)
    assert counted == [0]
    assert not deferred().exists()


def _is_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
