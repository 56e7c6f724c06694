"""Test updates: sent like real ones, with the exact response stored."""

from __future__ import annotations

import json
import socket
import threading
import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db.models.functions import Now
from standardwebhooks.webhooks import Webhook

from alliance.lib import redis as connections
from alliance.lib import wakeup
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.liaison.delivery import sweep, test_update
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Channel, ChannelEvent, ChannelTest, Delivery, Update
from cases.services.channels import operating, setup, testing
from tests import factories
from tests.concurrency import run_concurrently
from tests.liaison.receiver import Receiver, endless, garbage, reset, status
from tests.liaison.updates import change, read_stream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def private(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


def run_test(channel: Channel) -> ChannelTest:
    """Request a test and send it here."""
    test = testing.request_test(channel=channel, by=factories.moderator())
    assert test_update.perform(test.pk)
    test.refresh_from_db()
    assert test.finished_at is not None
    return test


# --- Requests --------------------------------------------------------------------------------


def test_permissions() -> None:
    channel = factories.channel()
    for stranger in (
        factories.user(),
        factories.officer(channel.agency),
        factories.filer(factories.member()),
    ):
        with pytest.raises(NotAllowed):
            testing.request_test(channel=channel, by=stranger)
    assert not ChannelTest.objects.exists()
    for by in (factories.moderator(), factories.admin()):
        test = testing.request_test(channel=channel, by=by)
        assert test.requested_by == by
        test_update.perform(test.pk)
    assert ChannelEvent.objects.filter(kind="tested").count() == 2


def test_one_at_a_time_and_few_a_minute() -> None:
    channel, by = factories.channel(), factories.moderator()
    other = factories.channel()
    test = testing.request_test(channel=channel, by=by)
    with pytest.raises(Conflict):
        testing.request_test(channel=channel, by=by)
    testing.request_test(channel=other, by=by)
    test_update.perform(test.pk)
    for _ in range(testing.MAX_PER_MINUTE - 1):
        test_update.perform(testing.request_test(channel=channel, by=by).pk)
    with pytest.raises(Refusal, match="Too many tests"):
        testing.request_test(channel=channel, by=by)
    ChannelTest.objects.update(requested_at=Now() - timedelta(minutes=2))
    testing.request_test(channel=channel, by=by)


def test_concurrent_requests_get_one_test() -> None:
    channel = factories.channel()
    people = [factories.moderator() for _ in range(4)]
    calls = [partial(testing.request_test, channel=channel, by=person) for person in people]
    results = run_concurrently(*calls)
    assert ChannelTest.objects.count() == 1
    assert sum(isinstance(result, Conflict) for result in results) == 3


def test_a_pull_channel_cannot_be_tested() -> None:
    channel, _ = setup.create(
        agency=factories.agency(channels=0), by=factories.admin(), kind="pull", name="System"
    )
    with pytest.raises(Refusal, match="cannot be tested"):
        testing.request_test(channel=channel, by=factories.moderator())


# --- At most once ----------------------------------------------------------------------------


def test_a_task_that_runs_twice_sends_once(private: None) -> None:
    with Receiver() as receiver:
        channel, _ = factories.webhook(receiver.url)
        test = run_test(channel)
        assert not test_update.perform(test.pk)
        assert len(receiver.calls) == 1
    assert not test_update.perform(uuid.uuid4())


def test_a_lost_test_does_not_block_the_next() -> None:
    channel, by = factories.channel(), factories.moderator()
    test = testing.request_test(channel=channel, by=by)
    ChannelTest.objects.update(started_at=Now())
    test.refresh_from_db()
    assert test.state == ChannelTest.State.RUNNING
    with pytest.raises(Conflict):
        testing.request_test(channel=channel, by=by)
    ChannelTest.objects.update(started_at=Now() - timedelta(seconds=61))
    test.refresh_from_db()
    assert test.state == ChannelTest.State.LOST
    assert not test_update.perform(test.pk), "a test that may have been sent is not sent again"
    testing.request_test(channel=channel, by=by)


def test_a_lost_wake_up_is_repeated_and_an_old_test_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(wakeup, "send", lambda *args, **kinds: sent.append((*args, kinds["queue"])))
    channel, _ = factories.webhook("https://liaison.example/in")
    test = testing.request_test(channel=channel, by=factories.moderator())
    sent.clear()
    sweep.sweep()
    assert sent == [(test_update.TASK, str(test.pk), "webhook")]
    ChannelTest.objects.update(requested_at=Now() - timedelta(minutes=6))
    sent.clear()
    sweep.sweep()
    assert sent == []
    assert not test_update.perform(test.pk)
    test.refresh_from_db()
    assert test.state == ChannelTest.State.MISSED
    testing.request_test(channel=channel, by=factories.moderator())


# --- The webhook -----------------------------------------------------------------------------


def test_a_webhook_gets_a_signed_event_and_its_response_is_stored(private: None) -> None:
    answer = status(202, '{"stored": "是"}'.encode(), x_inbox="7", set_cookie="session=abc")
    with Receiver(answer=answer) as receiver:
        channel, secret = factories.webhook(f"{receiver.url}?key=hidden-key")
        test = run_test(channel)
        [call] = receiver.calls
    assert Webhook(secret).verify(call.body, call.headers)
    event = json.loads(call.body)
    assert event["type"] == "org.alliance-portal.liaison.test.v1"
    assert event["id"] == call.id == str(test.pk)
    assert "subject" not in event
    assert set(event["data"]) == {"schema", "id", "kind", "at", "note"}
    assert (test.arrived, test.status, test.error) == (True, 202, "")
    head, _, body = test.sent.partition("\n\n")
    assert body == call.body.decode()
    start, *lines = head.split("\n")
    assert start == "POST /updates?… HTTP/1.1"
    assert dict(line.split(": ", 1) for line in lines) == call.headers
    assert "hidden-key" not in test.sent
    assert secret.removeprefix("whsec_") not in test.sent
    assert test.answer.startswith("HTTP/1.1 202 Accepted\n")
    assert "x-inbox: 7" in test.answer
    assert test.answer.endswith('\n\n{"stored": "是"}')
    assert "abc" not in test.answer


def test_a_test_is_no_delivery(private: None) -> None:
    with Receiver(answer=status(500)) as receiver:
        channel, _ = factories.webhook(receiver.url)
        before = Channel.objects.values().get(pk=channel.pk)
        for _ in range(testing.MAX_PER_MINUTE):
            run_test(channel)
        assert len(receiver.calls) == 6
    assert Channel.objects.values().get(pk=channel.pk) == before, "no failure is counted"
    assert not Delivery.objects.exists()
    assert not Update.objects.exists()


def test_a_paused_channel_can_be_tested(private: None) -> None:
    with Receiver() as receiver:
        channel, _ = factories.webhook(receiver.url)
        operating.pause(channel=channel, by=factories.moderator(), reason="They move house.")
        assert run_test(channel).arrived


@pytest.mark.parametrize(
    ("answer", "code", "error"),
    [
        (status(302, location="https://elsewhere.example/"), 302, ""),
        (status(401, b"who are you?"), 401, ""),
        (status(410), 410, ""),
        (status(503, retry_after="60"), 503, ""),
        (endless, 200, ""),
        (reset, None, "connection_lost"),
        (garbage, None, "answer_malformed"),
    ],
)
def test_every_misbehaviour_is_shown(
    private: None, answer: Any, code: int | None, error: str
) -> None:
    with Receiver(answer=answer) as receiver:
        test = run_test(factories.webhook(receiver.url)[0])
    assert (test.status, test.error) == (code, error)
    assert test.arrived == (code == 200)
    assert len(test.answer) <= test_update.MAX_ANSWER
    if code == 302:
        assert "location: https://elsewhere.example/" in test.answer
    channel = test.channel
    channel.refresh_from_db()
    assert not channel.is_paused


def test_connection_refused(private: None) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        test = run_test(factories.webhook(f"http://127.0.0.1:{unused.getsockname()[1]}/")[0])
    assert (test.arrived, test.error) == (False, "connect_failed")
    assert "webhook-signature: v1," in test.sent


def test_a_private_address_is_refused() -> None:
    test = run_test(factories.webhook("https://127.0.0.1/")[0])
    assert (test.arrived, test.error) == (False, "address_refused")


def test_an_unreadable_secret_sends_nothing() -> None:
    channel, _ = factories.webhook("https://liaison.example/")
    Channel.objects.update(secret_sealed="broken")
    test = run_test(channel)
    assert (test.sent, test.error) == ("", "secret_unreadable")


# --- The stream ------------------------------------------------------------------------------


@pytest.fixture
def line() -> Channel:
    """A stream with three updates."""
    channel = factories.channel()
    referral = factories.referred_case(channel.agency)
    for _ in range(2):
        change(referral.case, factories.moderator())
    relay.drain(channel.pk)
    return channel


def ids(channel: Channel) -> list[str]:
    return [i.decode() for i, _ in connections.liaison().xrange(channel.stream_key)]


def append_next(channel: Channel) -> None:
    referral = channel.agency.referrals.get()
    change(referral.case, factories.moderator())
    sweep.probe()
    relay.drain(channel.pk)


def test_a_test_has_no_number_and_the_relay_continues(line: Channel) -> None:
    test = run_test(line)
    assert test.answer == f"3-1\n\nXINFO STREAM {line.stream_key}\nlength: 4"
    assert test.sent.startswith(f"XADD {line.stream_key} 3-1 update {{")
    assert run_test(line).answer.startswith("3-2\n")
    assert sweep.probe() == []
    assert sweep.due_channels() == {}
    append_next(line)
    assert run_test(line).answer.startswith("4-1\n")
    assert ids(line) == ["1-0", "2-0", "3-0", "3-1", "3-2", "4-0", "4-1"]
    line.refresh_from_db()
    assert line.sent_seq == line.numbered_seq == 4
    body = read_stream(line)[3][1]
    assert (body["kind"], body["id"]) == ("test", str(test.pk))


def test_a_stream_that_is_empty_can_be_tested_and_filled() -> None:
    channel = factories.channel()
    assert run_test(channel).answer.startswith("0-1\n")
    factories.referred_case(channel.agency)
    relay.drain(channel.pk)
    assert ids(channel) == ["0-1", "1-0"]


def test_a_wiped_stream_is_refilled_after_a_test(line: Channel) -> None:
    run_test(line)
    connections.liaison().delete(line.stream_key)
    assert run_test(line).answer.startswith("0-1\n")
    assert sweep.probe() == [line.pk]
    append_next(line)
    assert ids(line) == ["0-1", "1-0", "2-0", "3-0", "4-0"]


def test_a_trimmed_stream_keeps_its_numbers(line: Channel) -> None:
    run_test(line)
    connections.liaison().xtrim(line.stream_key, maxlen=0)
    assert run_test(line).answer.startswith("3-2\n")
    append_next(line)
    assert ids(line) == ["3-2", "4-0"]


def test_an_unreachable_redis_is_reported(settings: Any) -> None:
    channel = factories.channel()
    settings.LIAISON_REDIS_URL = "redis://127.0.0.1:1/0"
    test = run_test(channel)
    assert (test.arrived, test.error) == (False, "ConnectionError")
    channel.refresh_from_db()
    assert channel.failures == 0


# --- E-mail ----------------------------------------------------------------------------------


def mailbox() -> Channel:
    channel, _ = setup.create(
        agency=factories.agency(channels=0, language="zh-hans"),
        by=factories.admin(),
        kind="email",
        name="Desk",
        email="desk@police.example",
    )
    return channel


def test_an_e_mail_says_that_it_is_a_test() -> None:
    test = run_test(mailbox())
    [message] = mail.outbox
    assert message.to == ["desk@police.example"]
    assert message.extra_headers["X-Portal-Message"] == str(test.pk)
    assert (test.arrived, test.error, test.answer) == (True, "", "")
    assert message.body in test.sent
    assert f"Subject: {message.subject}" in test.sent


class Smtp(threading.Thread):
    """A mail server that refuses every recipient."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def run(self) -> None:
        connection, _ = self.socket.accept()
        with connection, connection.makefile("rwb") as lines:
            lines.write(b"220 mail.police.example\r\n")
            lines.flush()
            for line in lines:
                verb = line[:4].upper()
                answer = {
                    b"RCPT": b"550 5.1.1 No such mailbox here\r\n",
                    b"QUIT": b"221 bye\r\n",
                }
                lines.write(answer.get(verb, b"250 ok\r\n"))
                lines.flush()
                if verb == b"QUIT":
                    return


def test_the_refusal_of_a_mail_server_is_stored(settings: Any) -> None:
    channel, server = mailbox(), Smtp()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    test = run_test(channel)
    assert (test.arrived, test.status) == (False, 550)
    assert test.answer == "550 5.1.1 No such mailbox here"
    assert test.error == "SMTPRecipientsRefused"
