"""A member's webhook against a real HTTP server: the delivery is that of agencies."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now
from standardwebhooks import Webhook

from alliance.lib.refusals import Refusal
from cases.liaison.delivery import sweep, test_update
from cases.liaison.delivery.push import recording, sending
from cases.liaison.models import Channel, ChannelTest, Delivery, Resend, Update
from cases.models import Case
from cases.services.channels import members, operating, resending, setup, testing
from tests import factories
from tests.liaison.receiver import Receiver, status
from tests.liaison.updates import change
from tests.processes import start_worker, wait_for, worker

pytestmark = pytest.mark.django_db(transaction=True)


class Hook:
    """A member with a webhook to the receiver, and submitted cases of the member."""

    def __init__(self, url: str, *, cases: int = 1) -> None:
        self.member = factories.member()
        self.owner = factories.owner(self.member)
        self.channel, self.secret = factories.member_webhook(url, self.member, by=self.owner)
        self.moderator = factories.moderator()
        right = factories.right(factories.brand(self.member))
        self.cases = [factories.submitted_case(citing=right) for _ in range(cases)]

    def change(self, case: Case | None = None) -> None:
        change(case or self.cases[0], self.moderator)

    def drain(self) -> int:
        """Make everything due, and run a worker's turn."""
        Channel.objects.filter(pk=self.channel.pk).update(next_attempt_at=Now())
        earlier = F("next_attempt_at") - timedelta(hours=3)
        Delivery.objects.filter(sent_at=None).update(next_attempt_at=earlier)
        arrived = sending.drain(self.channel.pk)
        self.channel.refresh_from_db()
        return arrived

    @property
    def waiting(self) -> int:
        return Delivery.objects.filter(channel=self.channel, sent_at=None).count()


def test_updates_of_a_case_arrive_signed_and_in_order(receiver: Receiver) -> None:
    hook = Hook(receiver.url, cases=3)
    for case in hook.cases:
        hook.change(case)
        hook.change(case)
    assert sending.drain(hook.channel.pk) == 9
    assert receiver.sequences() == {case.reference: [1, 2, 3] for case in hook.cases}
    for call in receiver.calls:
        Webhook(hook.secret).verify(call.body, call.headers)
        event = json.loads(call.body)
        update = Update.objects.get(pk=event["id"])
        assert (event["id"], event["data"]) == (call.id, update.payload)
        assert event["type"] == f"org.alliance-portal.case.{update.kind}.v1"
        assert event["source"].endswith("/cases/")
        assert event["subject"] == event["data"]["case"]["reference"]
        assert event["dataschema"].endswith("/api/v1/liaison/schema/case-update.v1.json")


def test_a_refused_case_becomes_a_dead_letter_and_blocks_no_other(receiver: Receiver) -> None:
    hook = Hook(receiver.url, cases=2)
    stuck, other = hook.cases
    hook.change(stuck)
    hook.change(other)

    def decide(call: Any) -> Any:
        return status(422 if call.data["case"]["reference"] == stuck.reference else 204)

    receiver.decide = decide
    for _ in range(recording.DEAD_AFTER_ATTEMPTS):
        hook.drain()
    assert receiver.sequences()[other.reference] == [1, 2]
    dead = Delivery.objects.get(channel=hook.channel, dead_at__isnull=False)
    assert dead.update.case == stuck
    assert {
        call.data["sequence"]
        for call in receiver.calls
        if call.data["case"]["reference"] == stuck.reference
    } == {1}
    receiver.decide = None
    resending.resend_one(delivery=dead, by=hook.owner)
    hook.drain()
    assert receiver.sequences()[stuck.reference] == [1, 2]
    assert hook.waiting == 0


def test_the_breaker_trips_and_only_probes(receiver: Receiver) -> None:
    receiver.answer = status(500)
    hook = Hook(receiver.url, cases=8)
    sending.drain(hook.channel.pk)
    hook.channel.refresh_from_db()
    assert hook.channel.breaker == Channel.Breaker.OPEN
    calls = len(receiver.calls)
    assert sending.drain(hook.channel.pk) == 0
    assert len(receiver.calls) == calls
    receiver.answer = None
    assert hook.drain() == 8


def test_a_webhook_that_is_gone_is_paused_until_it_is_switched_on(receiver: Receiver) -> None:
    receiver.answer = status(410)
    hook = Hook(receiver.url)
    hook.drain()
    assert hook.channel.is_paused
    receiver.answer = None
    assert hook.drain() == 0
    members.switch(channel=hook.channel, by=hook.owner, on=True)
    assert hook.drain() == 1


def test_a_suspended_member_gets_nothing_until_it_is_reinstated(receiver: Receiver) -> None:
    hook = Hook(receiver.url)
    factories.set_status(hook.member, "suspended")
    hook.change()
    assert sweep.due_channels() == {}
    assert hook.drain() == 0
    with pytest.raises(Refusal):
        testing.request_test(channel=hook.channel, by=hook.owner)
    assert receiver.calls == []
    factories.set_status(hook.member, "reinstated")
    assert sweep.due_channels() == {hook.channel.pk: "member_webhook"}
    assert hook.drain() == 2
    assert receiver.sequences() == {hook.cases[0].reference: [1, 2]}


def test_a_former_member_gets_nothing(receiver: Receiver) -> None:
    hook = Hook(receiver.url)
    factories.set_status(hook.member, "left")
    hook.change()
    assert sweep.due_channels() == {}
    assert hook.drain() == 0
    assert receiver.calls == []
    assert hook.waiting == 1


def test_a_webhook_that_is_switched_off_gets_nothing(receiver: Receiver) -> None:
    hook = Hook(receiver.url)
    members.switch(channel=hook.channel, by=hook.owner, on=False)
    hook.change()
    assert sweep.due_channels() == {}
    assert hook.drain() == 0
    with pytest.raises(Refusal):
        testing.request_test(channel=Channel.objects.get(pk=hook.channel.pk), by=hook.owner)
    members.switch(channel=hook.channel, by=hook.owner, on=True)
    hook.change()
    assert hook.drain() == 2
    assert receiver.sequences() == {hook.cases[0].reference: [1, 2]}


def test_a_deleted_webhook_gets_nothing_and_keeps_no_secret(receiver: Receiver) -> None:
    hook = Hook(receiver.url)
    setup.rotate_secret(channel=hook.channel, by=hook.owner)
    members.delete(channel=hook.channel, by=hook.owner)
    members.delete(channel=hook.channel, by=hook.owner)
    hook.change()
    assert hook.drain() == 0
    assert receiver.calls == []
    assert (hook.channel.url, hook.channel.secret_sealed, hook.channel.previous_secret_sealed) == (
        "",
        "",
        "",
    )
    assert list(hook.channel.events.values_list("kind", flat=True)) == [
        "deleted",
        "secret_rotated",
        "created",
    ]
    for refused in (
        lambda: members.switch(channel=hook.channel, by=hook.owner, on=True),
        lambda: setup.rotate_secret(channel=hook.channel, by=hook.owner),
    ):
        with pytest.raises(Refusal):
            refused()
    # The name is free again.
    factories.member_webhook(receiver.url, hook.member)


def test_both_secrets_sign_during_a_rotation(receiver: Receiver) -> None:
    hook = Hook(receiver.url)
    new = setup.rotate_secret(channel=hook.channel, by=hook.owner)
    hook.drain()
    for secret in (hook.secret, new):
        Webhook(secret).verify(receiver.calls[0].body, receiver.calls[0].headers)


def test_a_test_event_shows_the_exact_response(receiver: Receiver) -> None:
    receiver.answer = status(418, b"no coffee")
    hook = Hook(receiver.url)
    test = testing.request_test(channel=hook.channel, by=hook.owner)
    assert test_update.perform(test.pk)
    test.refresh_from_db()
    assert (test.state, test.status) == (ChannelTest.State.FAILED, 418)
    assert "no coffee" in test.answer
    [call] = receiver.calls
    Webhook(hook.secret).verify(call.body, call.headers)
    assert json.loads(call.body)["type"] == "org.alliance-portal.case.test.v1"
    assert "operators" not in call.data["note"]


def test_updates_are_sent_again_since_a_time(receiver: Receiver) -> None:
    hook = Hook(receiver.url)
    hook.drain()
    receiver.calls.clear()
    first, [case] = Update.objects.get(), hook.cases
    later = [first.created_at + timedelta(hours=n) for n in range(1, 40)]
    payload = {**first.payload}
    made = [
        Update(
            case=case,
            sequence=n,
            kind=first.kind,
            case_version=n,
            created_at=moment,
            payload=payload | {"sequence": n},
        )
        for n, moment in enumerate(later, start=2)
    ]
    Update.objects.bulk_create(made)
    Delivery.objects.bulk_create(
        Delivery(channel=hook.channel, update=one, seq=one.sequence, sent_at=one.created_at)
        for one in made
    )
    Channel.objects.update(numbered_seq=40, sent_seq=40)
    assert members.number_at(hook.channel, first.created_at - timedelta(days=1)) == 1
    assert members.number_at(hook.channel, later[36]) == 38
    with pytest.raises(Refusal):
        members.number_at(hook.channel, later[-1] + timedelta(hours=1))
    order = members.replay_since(channel=hook.channel, by=hook.owner, since=later[36])
    assert (order.kind, order.from_seq, order.done) == (Resend.Kind.REPLAY, 38, 3)
    hook.drain()
    assert receiver.sequences() == {case.reference: [38, 39, 40]}


def test_only_owners_of_the_member_change_a_webhook(receiver: Receiver) -> None:
    hook = Hook(receiver.url)
    stranger = factories.owner(factories.member())
    people = [
        stranger,
        factories.filer(hook.member),
        hook.moderator,
        factories.admin(),
        factories.officer(),
    ]
    for person in people:
        for refused in (
            lambda by: members.switch(channel=hook.channel, by=by, on=False),
            lambda by: members.delete(channel=hook.channel, by=by),
            lambda by: setup.rotate_secret(channel=hook.channel, by=by),
            lambda by: operating.pause(channel=hook.channel, by=by, reason="x"),
            lambda by: testing.request_test(channel=hook.channel, by=by),
            lambda by: resending.resend_dead_letters(channel=hook.channel, by=by),
            lambda by: resending.replay(channel=hook.channel, by=by, from_seq=1),
            lambda by: members.create(
                member=hook.member, by=by, name="x", url=receiver.url, brands=None
            ),
        ):
            with pytest.raises(Refusal) as caught:
                refused(person)
            assert caught.value.http_status == 403


@pytest.mark.worker
# "answered" is after the send and before the record; the code is that of agencies, tested at each step.
@pytest.mark.parametrize("point", ["answered"])
def test_a_worker_killed_at_a_step_resends_the_same_id(
    tmp_path: Path, receiver: Receiver, point: str
) -> None:
    marker = tmp_path / "reached"
    environment = {"WEBHOOK_ALLOW_PRIVATE": "1"}
    first = start_worker(
        tmp_path / "first.log",
        LIAISON_FAULT_AT=point,
        LIAISON_FAULT_ONCE=str(marker),
        LIAISON_FAULT_SIGNAL="SIGSTOP",
        **environment,
    )
    try:
        hook = Hook(receiver.url, cases=2)
        wait_for(marker.exists, seconds=40, what=f"the worker to reach {point}")
    finally:
        first.kill()
    with worker(tmp_path / "second.log", **environment):
        for case in hook.cases:
            hook.change(case)
        wait_for(lambda: not hook.waiting, seconds=30, what="the webhook to be drained")
    assert receiver.sequences() == {case.reference: [1, 2] for case in hook.cases}
    assert len({call.id for call in receiver.calls}) == 4
