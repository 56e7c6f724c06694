"""Misbehaving endpoints: they must not block their channel or other channels."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connections
from standardwebhooks import Webhook

from alliance.lib import http
from cases.liaison.delivery.push import sending, webhook
from cases.liaison.models import Attempt, Delivery
from cases.services.channels import setup
from tests import factories
from tests.liaison import receiver as act
from tests.liaison.line import Line
from tests.liaison.receiver import Call, Receiver, status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("head", act.DRIPS)
def test_a_slow_body_ends_with_the_total_timeout(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, head: str
) -> None:
    """Each read succeeds. The library detaches the socket of a last response and continues to read from it."""
    monkeypatch.setattr(http, "TOTAL_SECONDS", 0.5)
    receiver.answer = act.dripping_body(head)
    line = Line(receiver.url)
    started = time.monotonic()
    assert sending.drain(line.channel.pk) == 1, "the status had been received"
    assert time.monotonic() - started < 3
    assert Attempt.objects.get().status == 200


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 01 Jan 99999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2024 00:00:00 +999999999999999999",
        "Mon, 01 Jan 2024 99999999999999999999:00:00 GMT",
        "nan",
        "-1",
        "9" * 5000,
    ],
)
@pytest.mark.parametrize("code", [200, 503])
def test_an_invalid_retry_after_is_ignored(receiver: Receiver, code: int, value: str) -> None:
    receiver.answer = status(code, retry_after=value)
    line = Line(receiver.url)
    sending.drain(line.channel.pk)
    assert Attempt.objects.get().status == code


def test_an_unexpected_error_counts_as_an_attempt(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the channel would be retried every two seconds without a visible reason."""

    def fails(_value: str) -> float | None:
        raise ArithmeticError

    monkeypatch.setattr(webhook, "retry_after", fails)
    line = Line(receiver.url)
    assert sending.drain(line.channel.pk) == 0
    assert Attempt.objects.get().error == "ArithmeticError"
    assert line.first.attempts == 1


def test_the_longest_requested_pause_wins(receiver: Receiver) -> None:
    """Two are in flight: one asks for ten minutes, the other, a moment later, for no time."""
    line = Line(receiver.url, cases=2)
    first_case = line.referrals[0].reference
    both = threading.Barrier(2)

    def decide(call: Call) -> act.Answer:
        both.wait(10)
        if call.data["referral"]["reference"] == first_case:
            return status(429, retry_after="600")
        time.sleep(0.5)
        return status(503)

    receiver.decide = decide
    sending.drain(line.channel.pk)
    assert Attempt.objects.count() == 2
    line.channel.refresh_from_db()
    rest = line.channel.next_attempt_at - Attempt.objects.latest("pk").at
    assert rest.total_seconds() > 500


def test_a_hanging_case_does_not_delay_others(receiver: Receiver) -> None:
    line = Line(receiver.url, cases=2)
    slow, quick = (referral.reference for referral in line.referrals)
    asked, go_on = threading.Event(), threading.Event()
    new: list[float] = []

    def decide(call: Call) -> act.Answer:
        reference, sequence = call.data["referral"]["reference"], call.data["sequence"]
        if reference == slow:
            asked.set()
            go_on.wait(20)
        elif sequence == 2:
            new.append(time.monotonic())
        return status(204)

    receiver.decide = decide
    thread = threading.Thread(target=_drain, args=(line.channel.pk,))
    thread.start()
    assert asked.wait(10)
    time.sleep(0.3)
    committed = time.monotonic()
    line.change(line.referrals[1])
    while not new and time.monotonic() < committed + 10:
        time.sleep(0.05)
    go_on.set()
    thread.join(20)
    assert new, f"the update of {quick} waited for the response for another case"
    assert new[0] - committed < 3
    assert not Delivery.objects.waiting().exists()


def test_a_rotated_secret_signs_the_next_update(receiver: Receiver) -> None:
    """Also in a turn that began before the rotation."""
    line = Line(receiver.url)
    admin, renewed = factories.admin(), list[str]()

    def decide(call: Call) -> act.Answer:
        if not renewed:
            renewed.append(setup.rotate_secret(channel=line.channel, by=admin))
            line.change(line.referrals[0])
            connections.close_all()
        return status(204)

    receiver.decide = decide
    assert sending.drain(line.channel.pk) == 2
    second = receiver.calls[1]
    Webhook(renewed[0]).verify(second.body, second.headers)


def _drain(channel_id: int) -> None:
    sending.drain(channel_id)
    connections.close_all()


@pytest.mark.parametrize("answer", [status(204), status(200), status(200, b"thank you")])
def test_connections_are_reused(receiver: Receiver, answer: act.Answer) -> None:
    """A TLS handshake costs more than the update."""
    receiver.answer = answer
    with http.Endpoint(receiver.url, private=True) as endpoint:
        for _ in range(3):
            endpoint.post(b"{}", {"webhook-id": "1"})
    assert len(receiver.connections) == 1
