"""A member's webhook has workers of its own, and is in use exactly while its member may write."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from alliance.lib import wakeup
from alliance.lib.refusals import Refusal
from cases.liaison import tasks
from cases.liaison.delivery import lease, sweep, test_update
from cases.liaison.models import Channel, ChannelTest
from cases.services.channels import members, resending, testing
from members.models import Member
from tests import factories

pytestmark = pytest.mark.django_db
URL = "https://hooks.example/in"
QUEUE = "member_webhook"


@pytest.fixture
def channel() -> Channel:
    return factories.member_webhook(URL, factories.member())[0]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The task and the queue of each wake-up."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        wakeup, "send", lambda task, *_, **kinds: sent.append((task, kinds["queue"]))
    )
    return sent


def owner_of(channel: Channel) -> Any:
    return channel.member.memberships.get(role="owner").user  # type: ignore[union-attr]


def test_nothing_of_a_member_waits_in_the_queue_of_agencies(
    channel: Channel,
    woken: list[tuple[str, str]],
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = owner_of(channel)
    push = ("cases.liaison.tasks.push_member_webhook", QUEUE)

    def queued(step: Any) -> set[tuple[str, str]]:
        woken.clear()
        with django_capture_on_commit_callbacks(execute=True):
            step()
        return {one for one in woken if "liaison" in one[0]}

    brand = factories.brand(channel.member)
    assert queued(lambda: factories.submitted_case(of=brand)) == {push}
    assert queued(sweep.sweep) == {push}
    assert queued(lambda: testing.request_test(channel=channel, by=owner)) == {
        (test_update.TASK, QUEUE)
    }
    assert queued(sweep.sweep) == {push, (test_update.TASK, QUEUE)}
    members.switch(channel=channel, by=owner, on=False)
    assert queued(lambda: members.switch(channel=channel, by=owner, on=True)) == {push}
    monkeypatch.setattr(tasks.sending, "drain", lambda _channel_id: 1)
    monkeypatch.setattr(tasks.sending, "has_work", lambda _channel_id: True)
    assert queued(lambda: tasks.push_member_webhook(channel.pk)) == {push}


def test_agencies_keep_their_queue(
    woken: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
) -> None:
    hook, _secret = factories.webhook(URL)
    with django_capture_on_commit_callbacks(execute=True):
        resending.restart(hook)
    assert woken == [("cases.liaison.tasks.push_webhook_channel", "webhook")]


@pytest.mark.parametrize("status", ["active", "suspended", "left"])
def test_a_worker_takes_the_channels_that_are_in_use(channel: Channel, status: str) -> None:
    if status != "active":
        factories.set_status(channel.member, status)  # type: ignore[arg-type]
    in_use = status in Member.WRITING
    assert Channel.objects.get(pk=channel.pk).is_in_use == in_use
    assert Channel.objects.in_use().filter(pk=channel.pk).exists() == in_use
    with transaction.atomic():
        assert (lease.lock_if_free(channel.pk) is not None) == in_use


@pytest.mark.parametrize("change", ["switched_off", "deleted", "suspended"])
def test_a_test_of_a_webhook_that_is_no_longer_in_use_is_not_sent(
    channel: Channel, change: str
) -> None:
    owner = owner_of(channel)
    test = testing.request_test(channel=channel, by=owner)
    if change == "suspended":
        factories.set_status(channel.member, "suspended")  # type: ignore[arg-type]
    elif change == "deleted":
        members.delete(channel=channel, by=owner)
    else:
        members.switch(channel=channel, by=owner, on=False)
    assert test_update.perform(test.pk)
    test.refresh_from_db()
    assert (test.state, test.error) == (ChannelTest.State.FAILED, test_update.NOT_IN_USE)
    assert test.sent == ""


def test_a_permission_is_checked_on_the_stored_member(channel: Channel) -> None:
    """The channel was read before the member was suspended."""
    owner = owner_of(channel)
    assert channel.member
    assert channel.member.may_write
    factories.set_status(channel.member, "suspended")
    with pytest.raises(Refusal):
        testing.request_test(channel=channel, by=owner)
    with pytest.raises(Refusal):
        members.switch(channel=channel, by=owner, on=True)
    assert not members.switch(channel=channel, by=owner, on=False).is_active
