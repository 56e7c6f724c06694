"""Fault tests with real workers and webhooks: workers are killed, and one endpoint hangs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now

from cases.liaison.delivery import crash_points, resend
from cases.liaison.delivery.numbering import assign_numbers
from cases.liaison.models import Channel, ChannelEvent, Delivery, Update
from cases.services.channels import resending
from tests import factories
from tests.liaison import receiver as act
from tests.liaison.receiver import Receiver, status
from tests.liaison.updates import change
from tests.processes import start_worker, wait_for, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
ENVIRONMENT = {"WEBHOOK_ALLOW_PRIVATE": "1"}


@pytest.fixture(autouse=True)
def _private_addresses(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


def all_sent(channel: Channel) -> bool:
    return not Delivery.objects.filter(channel=channel, sent_at=None).exists()


def add_delivered(channel: Channel, count: int) -> None:
    """Give the channel ``count`` numbered and delivered updates of one case."""
    factories.referred_case(channel.agency)
    assign_numbers(channel.pk)
    first = Delivery.objects.get(channel=channel).update
    payload = {**first.payload}
    updates = [
        Update(
            referral=first.referral,
            sequence=n,
            kind=first.kind,
            case_version=n,
            payload=payload | {"sequence": n},
        )
        for n in range(2, count + 1)
    ]
    Update.objects.bulk_create(updates)
    Delivery.objects.bulk_create(
        Delivery(channel=channel, update=update, seq=update.sequence) for update in updates
    )
    Delivery.objects.update(sent_at=Now())
    Channel.objects.update(numbered_seq=count, sent_seq=count)


@pytest.mark.parametrize("point", crash_points.PUSH_POINTS)
def test_a_worker_killed_at_any_step_resends_the_same_id(
    tmp_path: Path, receiver: Receiver, point: str
) -> None:
    marker = tmp_path / "reached"
    moderator = factories.moderator()
    channel, _secret = factories.webhook(receiver.url)
    first = start_worker(
        tmp_path / "first.log",
        LIAISON_FAULT_AT=point,
        LIAISON_FAULT_ONCE=str(marker),
        LIAISON_FAULT_SIGNAL="SIGSTOP",
        **ENVIRONMENT,
    )
    try:
        referrals = [factories.referred_case(channel.agency) for _ in range(3)]
        wait_for(marker.exists, seconds=40, what=f"the worker to reach {point}")
    finally:
        first.kill()
    before = len(receiver.calls)
    if point == "answered":
        assert before >= 1
        assert Delivery.objects.filter(sent_at=None).count() == 3, (
            "the worker died before recording"
        )
    with worker(tmp_path / "second.log", **ENVIRONMENT):
        for referral in referrals:
            change(referral.case, moderator)
        wait_for(lambda: all_sent(channel), seconds=30, what="the channel to be drained")
    assert all(found == [1, 2] for found in receiver.sequences().values())
    assert len(receiver.sequences()) == 3
    assert len({call.id for call in receiver.calls}) == 6
    if point == "answered":
        assert len(receiver.calls) > 6, "updates that were sent and not recorded are sent again"


def test_a_worker_killed_between_two_slices_of_a_resend(tmp_path: Path, receiver: Receiver) -> None:
    channel, _secret = factories.webhook(receiver.url)
    add_delivered(channel, 2 * resend.SLICE + 100)
    marker = tmp_path / "reached"
    order = resending.replay(channel=channel, by=factories.moderator(), from_seq=1)
    first = start_worker(
        tmp_path / "first.log",
        LIAISON_FAULT_AT="slice_done",
        LIAISON_FAULT_ONCE=str(marker),
        LIAISON_FAULT_SIGNAL="SIGSTOP",
        **ENVIRONMENT,
    )
    try:
        wait_for(marker.exists, seconds=40, what="the worker to have done its first slice")
    finally:
        first.kill()
    order.refresh_from_db()
    assert order.done == 2 * resend.SLICE == Delivery.objects.filter(sent_at=None).count()
    with worker(tmp_path / "second.log", **ENVIRONMENT):
        wait_for(
            lambda: not resend.is_open(channel.pk),
            seconds=40,
            what="the resend order to be finished",
        )
        wait_for(lambda: len(receiver.calls) > 5, what="the channel to continue")
    order.refresh_from_db()
    assert order.done == order.total == 2 * resend.SLICE + 100
    [came] = receiver.sequences().values()
    assert came[:5] == [1, 2, 3, 4, 5]
    assert ChannelEvent.objects.filter(kind="replayed").count() == 1


def test_an_endpoint_that_hangs_delays_no_other(tmp_path: Path, receiver: Receiver) -> None:
    with Receiver(answer=act.silence(60)) as hanging:
        moderator = factories.moderator()
        dead, _ = factories.webhook(hanging.url)
        alive, _ = factories.webhook(receiver.url)
        stuck = factories.referred_case(dead.agency)
        quick = factories.referred_case(alive.agency)
        with worker(tmp_path / "worker.log", **ENVIRONMENT):
            change(stuck.case, moderator)
            wait_for(lambda: hanging.calls, what="the hanging endpoint to be called")
            started = time.monotonic()
            for _ in range(10):
                change(quick.case, moderator)
            wait_for(lambda: all_sent(alive), what="the other channel")
            assert time.monotonic() - started < 5
        assert receiver.sequences() == {quick.reference: list(range(1, 12))}
        assert not all_sent(dead)


def test_the_sweep_finds_a_due_retry(tmp_path: Path, receiver: Receiver) -> None:
    receiver.decide = lambda call: status(429 if len(receiver.calls) == 1 else 200, retry_after="1")
    channel, _secret = factories.webhook(receiver.url)
    with worker(tmp_path / "worker.log", **ENVIRONMENT):
        factories.referred_case(channel.agency)
        wait_for(lambda: receiver.calls, what="the first attempt")
        Delivery.objects.update(next_attempt_at=Delivery.objects.get().update.created_at)
        wait_for(lambda: all_sent(channel), what="the second")
    assert len({call.id for call in receiver.calls}) == 1
