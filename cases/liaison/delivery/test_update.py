"""Test updates: sent like real updates, through the channel's own sender. The answer is kept as received.

A test is not a delivery: it takes no number, does not count towards the circuit breaker or the rates, and
also goes through a paused channel. It is sent at most once. The worker that claims it sends it; if that
worker dies, the test is shown as unfinished and another one can be requested.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

import redis
import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from alliance.lib import http, wakeup
from cases.liaison.delivery.push import webhook
from cases.liaison.delivery.push.cloudevent import cloud_event, encoded
from cases.liaison.delivery.push.outcome import milliseconds_since, printable
from cases.liaison.delivery.stream import append
from cases.liaison.delivery.wake import TASKS
from cases.liaison.envelopes import update_base
from cases.liaison.models import Channel, ChannelTest

log = structlog.get_logger(__name__)

KIND = "test"
TASK = "cases.liaison.tasks.test_channel"
# The error of a test whose webhook is no longer in use.
NOT_IN_USE = "not_in_use"
MAX_ANSWER = 4000
# A test is small; the limit bounds what a bug could store.
MAX_SENT = 20_000
# Response headers that are not stored: they may contain credentials.
HIDDEN_HEADERS = frozenset(
    {"set-cookie", "set-cookie2", "authorization", "www-authenticate", "proxy-authenticate"}
)
MAX_HEADERS = 30


@dataclass(frozen=True)
class TestResult:
    """What was sent and the response. ``error`` is the name of the error if there was none."""

    # Keeps pytest from collecting this class as a test case.
    __test__ = False

    sent: str
    arrived: bool
    duration_ms: int
    status: int | None = None
    error: str = ""
    answer: str = ""


def wake(test_id: uuid.UUID, route: str) -> None:
    """Ask a worker to send the test, on the queue of the channel's route. Never raises."""
    _task, queue = TASKS[route]
    wakeup.send(TASK, str(test_id), queue=queue, flag=f"test:{test_id}")


def wake_waiting() -> None:
    """Wake a worker again for every test whose wake-up was lost."""
    waiting = ChannelTest.objects.to_start().filter(channel__kind__in=TASKS)
    for test in waiting.select_related("channel")[:100]:
        wake(test.pk, test.channel.route)


def may_be_sent(channel: Channel) -> bool:
    """Return whether tests of the channel are sent. Operators test channels before they are in use, owners do not."""
    return channel.member_id is None or channel.is_in_use


def perform(test_id: uuid.UUID) -> bool:
    """Send the test and store the answer, or why it was not sent. Return ``False`` if another call has claimed it."""
    wakeup.clear(f"test:{test_id}")
    if not ChannelTest.objects.to_start().filter(pk=test_id).update(started_at=Now()):
        return False
    test = ChannelTest.objects.select_related("channel__agency", "channel__member").get(pk=test_id)
    if not may_be_sent(test.channel):
        # Switched off, deleted or suspended since the test was requested.
        _finish(test_id, TestResult("", arrived=False, duration_ms=0, error=NOT_IN_USE))
        return True
    try:
        result = _SENDERS[test.channel.kind](test)
    except Exception as error:
        _finish(test_id, TestResult("", arrived=False, duration_ms=0, error=type(error).__name__))
        raise
    _finish(test_id, result)
    return True


def _finish(test_id: uuid.UUID, result: TestResult) -> None:
    ChannelTest.objects.filter(pk=test_id, finished_at=None).update(
        finished_at=Now(),
        arrived=result.arrived,
        sent=printable(result.sent, limit=MAX_SENT, lines=True),
        status=result.status,
        error=result.error[:300],
        answer=printable(result.answer, limit=MAX_ANSWER, lines=True),
        duration_ms=result.duration_ms,
    )


def payload(test: ChannelTest) -> dict[str, Any]:
    """Return a minimal update, without a referral, a case or a number."""
    channel = test.channel
    with translation.override(channel.language):
        note = (
            _("A test by an owner of the member. No case has changed.")
            if channel.member_id
            else _("A test by the portal’s operators. No case has changed.")
        )
    base = update_base(channel.ordered_by, update_id=test.pk, kind=KIND, at=test.requested_at)
    return base | {"note": note}


# --- By kind of channel ----------------------------------------------------------------------


def _webhook(test: ChannelTest) -> TestResult:
    made = cloud_event(
        update_id=test.pk,
        kind=KIND,
        at=test.requested_at,
        payload=payload(test),
        ordered_by=test.channel.ordered_by,
    )
    with webhook.opened(test.channel) as sender:
        if isinstance(sender, webhook.UnusableSender):
            return TestResult("", arrived=False, duration_ms=0, error=sender.error)
        done = sender.exchange(str(test.pk), encoded(made))
    sent = f"{done.head}\n\n{done.body.decode()}"
    if done.answer is None:
        failed = done.failed or http.Failed("")
        return TestResult(sent, False, done.duration_ms, error=failed.kind, answer=failed.detail)
    arrived = 200 <= done.answer.status < 300
    answer = _as_received(done.answer)
    return TestResult(sent, arrived, done.duration_ms, status=done.answer.status, answer=answer)


def _as_received(answer: http.Answer) -> str:
    shown = [name for name in answer.headers if name not in HIDDEN_HEADERS][:MAX_HEADERS]
    head = [
        f"HTTP/{answer.version} {answer.status} {answer.reason}".strip(),
        *(f"{name}: {answer.headers[name][:300]}" for name in shown),
    ]
    body = answer.body[: MAX_ANSWER * 4].decode("utf-8", "replace")
    return "\n".join([*head, "", body]).rstrip()


def _stream(test: ChannelTest) -> TestResult:
    key, entry = test.channel.stream_key or "", append.encoded(payload(test))
    started = time.monotonic()
    try:
        entry_id, length = append.append_test(key, entry)
    except redis.RedisError as error:
        sent = f"XADD {key} * update {entry}"
        return TestResult(
            sent,
            False,
            milliseconds_since(started),
            error=type(error).__name__,
            answer=str(error)[:300],
        )
    answer = f"{entry_id}\n\nXINFO STREAM {key}\nlength: {length}"
    return TestResult(
        f"XADD {key} {entry_id} update {entry}", True, milliseconds_since(started), answer=answer
    )


def _email(test: ChannelTest) -> TestResult:
    message = compose(test)
    head = {
        "From": message.from_email,
        "To": ", ".join(message.to),
        "Subject": str(message.subject),
        **message.extra_headers,
    }
    lines = [f"{name}: {value}" for name, value in head.items()]
    sent = "\n".join([*lines, "", str(message.body)])
    started = time.monotonic()
    try:
        message.send()
    except (SMTPException, OSError) as error:
        status, answer = _refusal(error)
        name = type(error).__name__
        return TestResult(
            sent, False, milliseconds_since(started), status=status, error=name, answer=answer
        )
    return TestResult(sent, True, milliseconds_since(started))


def compose(test: ChannelTest) -> EmailMessage:
    """Return the email of a test."""
    with translation.override(test.channel.language):
        subject = _("Test message")
        text = render_to_string("emails/liaison_test.txt")
    return EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + subject,
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[test.channel.email],
        headers={"X-Portal-Message": str(test.pk)},
    )


def _refusal(error: Exception) -> tuple[int | None, str]:
    """Return the mail server's answer: its code, and its text as received."""
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, words = error.smtp_code, _bytes(error.smtp_error)
    else:
        return None, str(error)[:300]
    said = words.decode("utf-8", "replace")
    return (code if code > 0 else None), f"{code} {said}".strip()


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


_SENDERS: dict[str, Callable[[ChannelTest], TestResult]] = {
    Channel.Kind.WEBHOOK: _webhook,
    Channel.Kind.STREAM: _stream,
    Channel.Kind.EMAIL: _email,
}
