"""Resend orders in slices: in order, once, by any worker, also after an interruption."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.liaison.delivery import numbering, resend, sweep
from cases.liaison.delivery.push import sending
from cases.liaison.models import Channel, ChannelEvent, Delivery, Resend
from cases.services.channels import operating, resending
from tests import factories
from tests.concurrency import run_concurrently
from tests.liaison.line import Line
from tests.liaison.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(resend, "SLICE", 2)
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def line(receiver: Receiver) -> Line:
    """Two cases with four delivered updates each."""
    made = Line(receiver.url, cases=2, changes=3)
    assert made.drain() == 8
    receiver.calls.clear()
    return made


def replay(line: Line, from_seq: int = 1) -> Resend:
    return resending.replay(channel=line.channel, by=line.moderator, from_seq=from_seq)


def make_dead(line: Line, *numbers: int) -> None:
    rows = Delivery.objects.filter(channel=line.channel, seq__in=numbers)
    rows.update(sent_at=None, dead_at=Now(), dead_reason="HTTP 500")


def unsent(line: Line) -> list[int]:
    rows = Delivery.objects.filter(channel=line.channel, sent_at=None).order_by("seq")
    return [seq or 0 for seq in rows.values_list("seq", flat=True)]


def finish(line: Line) -> Resend:
    while resend.run_open_order(line.channel.pk):
        pass
    return Resend.objects.latest("pk")


def test_the_request_runs_one_slice_and_workers_the_others(line: Line, receiver: Receiver) -> None:
    order = replay(line)
    assert (order.done, order.total, order.finished_at) == (2, 8, None)
    assert unsent(line) == [1, 2]
    assert sweep.due_channels() == {line.channel.pk: "webhook"}
    assert sending.drain(line.channel.pk) == 8
    order.refresh_from_db()
    assert order.done == 8
    assert order.finished_at is not None
    assert receiver.sequences() == {r.reference: [1, 2, 3, 4] for r in line.referrals}
    assert sweep.due_channels() == {}
    assert ChannelEvent.objects.get(kind="replayed").data == {"from_seq": 1, "count": 8}


def test_new_updates_wait_for_the_replay(line: Line, receiver: Receiver) -> None:
    for referral in line.referrals:
        line.change(referral)
    numbering.assign_numbers(line.channel.pk)
    replay(line)
    due = Delivery.objects.filter(channel=line.channel).due("referral")
    assert set(due.values_list("seq", flat=True)) <= {1, 2}
    Delivery.objects.filter(seq__lte=2).update(sent_at=Now())
    assert not due.exists(), "new updates wait for the replay"
    assert sending.has_work(line.channel.pk)
    assert sending.drain(line.channel.pk) == 8
    sequences = receiver.sequences()
    assert all(numbers == sorted(numbers) for numbers in sequences.values())
    assert [numbers[-1] for numbers in sequences.values()] == [5, 5]


def test_a_failed_slice_is_rolled_back(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    replay(line)

    def dies(self: Resend, **_options: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Resend, "save", dies)
        with pytest.raises(RuntimeError):
            resend.run_open_order(line.channel.pk)
    assert unsent(line) == [1, 2], "its changes were rolled back"
    assert finish(line).done == 8
    assert unsent(line) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_concurrent_workers_run_each_slice_once(line: Line) -> None:
    replay(line)
    Delivery.objects.filter(channel=line.channel, seq__lte=2).update(sent_at=Now())
    assert sweep.due_channels() == {line.channel.pk: "webhook"}, "an open order is work"

    def work() -> None:
        while resend.run_open_order(line.channel.pk):
            pass

    run_concurrently(*[work] * 4)
    assert unsent(line) == [3, 4, 5, 6, 7, 8]
    assert Resend.objects.get().done == 8
    assert not resend.run_open_order(line.channel.pk)


def test_later_dead_letters_are_not_part_of_the_order(line: Line) -> None:
    make_dead(line, 1, 2, 3, 4, 5)
    order = resending.resend_dead_letters(channel=line.channel, by=line.moderator)
    assert order is not None
    assert (order.done, order.total, order.finished_at) == (2, None, None)
    make_dead(line, 8)
    order = finish(line)
    assert order.done == 5
    assert order.finished_at is not None
    dead = Delivery.objects.filter(channel=line.channel).dead()
    assert list(dead.values_list("seq", flat=True)) == [8]
    assert ChannelEvent.objects.get(kind="resent").data == {"dead": 2, "more": True}


def test_dead_letters_of_the_same_time_are_all_found(line: Line) -> None:
    """The cursor is a time, which many dead letters of one transaction share."""
    make_dead(line, 1, 2, 3, 4, 5, 6, 7)
    assert Delivery.objects.dead().values("dead_at").distinct().count() == 1
    resending.resend_dead_letters(channel=line.channel, by=line.moderator)
    assert finish(line).done == 7
    assert not Delivery.objects.dead().exists()


def test_the_order_of_a_paused_channel_waits(line: Line, receiver: Receiver) -> None:
    operating.pause(channel=line.channel, by=line.moderator, reason="Audit.")
    replay(line)
    assert not resend.run_open_order(line.channel.pk)
    assert sending.drain(line.channel.pk) == 0
    assert sweep.due_channels() == {}
    assert Resend.objects.get().done == 2
    operating.resume(channel=line.channel, by=line.moderator)
    assert sending.drain(line.channel.pk) == 8
    assert not resend.is_open(line.channel.pk)


def test_a_pause_during_the_order_sends_nothing(
    line: Line, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay(line)
    go_on = resend.run_open_order

    def paused_after(channel_id: int) -> bool:
        more = go_on(channel_id)
        operating.pause(channel=line.channel, by=line.moderator, reason="Audit.")
        return more

    monkeypatch.setattr(resend, "run_open_order", paused_after)
    assert sending.drain(line.channel.pk) == 0
    assert receiver.calls == []


def test_stopping_an_order(line: Line, receiver: Receiver) -> None:
    replay(line)
    line.change(line.referrals[0])
    order = resending.stop_resend(channel=line.channel, by=line.moderator)
    assert (order.done, order.is_stopped) == (2, True)
    assert not resend.run_open_order(line.channel.pk)
    assert sending.drain(line.channel.pk) == 3, "those queued before the stop, and new ones"
    event = ChannelEvent.objects.get(kind="stopped")
    assert (event.data, event.actor_id) == ({"due_again": 2}, line.moderator.pk)
    with pytest.raises(Conflict, match="Nothing to stop"):
        resending.stop_resend(channel=line.channel, by=line.moderator)
    assert ChannelEvent.objects.filter(kind="stopped").count() == 1


def test_one_order_at_a_time(line: Line) -> None:
    make_dead(line, 1)
    replay(line, 3)
    before = list(Delivery.objects.order_by("pk").values())
    for again in (
        lambda: replay(line),
        lambda: resending.resend_dead_letters(channel=line.channel, by=line.moderator),
    ):
        with pytest.raises(Conflict, match="already"):
            again()
    assert list(Delivery.objects.order_by("pk").values()) == before
    with pytest.raises(IntegrityError):
        Resend.objects.create(channel=line.channel, kind="dead")
    finish(line)
    assert replay(line).done == 2


def test_stopping_needs_the_permission(line: Line) -> None:
    replay(line)
    with pytest.raises(NotAllowed):
        resending.stop_resend(channel=line.channel, by=factories.user())
    assert resend.is_open(line.channel.pk)
    with pytest.raises(Refusal):
        replay(line, 99)


def test_number_of_queries_of_a_slice_is_constant(line: Line) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            resend.run_open_order(line.channel.pk)
        return len(queries)

    replay(line)
    assert [asked() for _ in range(3)] == [asked_once := 6] * 3
    make_dead(line, *range(1, 8))
    resending.resend_dead_letters(channel=line.channel, by=line.moderator)
    assert [asked() for _ in range(3)] == [asked_once + 1] * 3


def test_other_channels_are_not_affected(line: Line, receiver: Receiver) -> None:
    other = Line(receiver.url, changes=1)
    other.drain()
    replay(line)
    finish(line)
    assert unsent(other) == []
    assert not Channel.objects.get(pk=other.channel.pk).resends.exists()


def test_a_replay_defers_all_but_the_first_of_each_case(line: Line, receiver: Receiver) -> None:
    """Otherwise thousands of replayed updates of one case would hide sendable ones."""
    replay(line)
    finish(line)
    due_by_time = Delivery.objects.filter(channel=line.channel).due_by_time()
    assert list(due_by_time.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    operating.pause(channel=line.channel, by=line.moderator, reason="Audit.")
    operating.resume(channel=line.channel, by=line.moderator)
    assert due_by_time.count() == 2, "deferred ones stay deferred after resuming"
    assert sending.drain(line.channel.pk) == 8
    assert receiver.sequences() == {r.reference: [1, 2, 3, 4] for r in line.referrals}


def test_the_successor_of_an_arrival_is_due_at_once(line: Line) -> None:
    replay(line)
    Delivery.objects.filter(channel=line.channel, seq__lte=2).update(sent_at=Now())
    resend.run_open_order(line.channel.pk)
    due_by_time = Delivery.objects.filter(channel=line.channel).due_by_time()
    assert list(due_by_time.order_by("seq").values_list("seq", flat=True)) == [3, 4]
