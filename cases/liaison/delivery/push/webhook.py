"""The webhook channel: a CloudEvent, signed as Standard Webhooks specifies, is posted to the receiver.

The receiver recognises an update by its ``webhook-id``, which is the same on every attempt. Its answers mean:

====================  ===========================================================================
any 2xx               sent
410                   the receiver is gone: the channel is paused until a person resumes it
429, 502, 503, 504    the channel backs off, for ``Retry-After`` up to :data:`MAX_RETRY_AFTER_SECONDS`
any other 5xx         retry; counts towards the circuit breaker
3xx (not followed),
any other 4xx         retry; concerns this delivery only
no answer             retry; counts towards the circuit breaker
====================  ===========================================================================
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import structlog
from django.conf import settings

from alliance.lib import http, sealing, signing
from cases.liaison.delivery.push.cloudevent import CONTENT_TYPE, cloud_event, encoded
from cases.liaison.delivery.push.outcome import (
    MAX_EXCERPT,
    Job,
    Outcome,
    Verdict,
    milliseconds_since,
    printable,
)
from cases.liaison.models import Channel
from cases.liaison.models.channel import OrderedBy

log = structlog.get_logger(__name__)

AT_ONCE = 8
GONE = 410
THROTTLES = frozenset({429, 502, 503, 504})
MAX_RETRY_AFTER_SECONDS = 3600.0


@dataclass(frozen=True)
class Exchange:
    """One request, and its answer or failure. ``head`` is the head of the request."""

    head: str
    body: bytes
    duration_ms: int
    answer: http.Answer | None = None
    failed: http.Failed | None = None

    @property
    def outcome(self) -> Outcome:
        """What the exchange means for the delivery and the channel."""
        if self.answer is None:
            kind = self.failed.kind if self.failed else ""
            return Outcome(Verdict.UNAVAILABLE, self.duration_ms, error=kind)
        return _outcome(self.answer, self.duration_ms)


class WebhookSender:
    """Posts to one address. Connections stay open for the run."""

    at_once = AT_ONCE

    def __init__(self, endpoint: http.Endpoint, secrets: list[str], ordered_by: OrderedBy) -> None:
        self.endpoint, self.secrets, self.ordered_by = endpoint, secrets, ordered_by

    def send(self, job: Job) -> Outcome:
        """Post the update once and return what the answer means.

        An unexpected error counts against this update only, so that other updates are still delivered.
        """
        started = time.monotonic()
        try:
            made = cloud_event(
                update_id=job.update_id,
                kind=job.kind,
                at=job.created_at,
                payload=job.payload,
                ordered_by=self.ordered_by,
            )
            return self.exchange(str(job.update_id), encoded(made)).outcome
        except Exception as error:
            name = type(error).__name__
            log.exception("webhook_not_sent", delivery=job.delivery_id, error=name)
            return Outcome(Verdict.REFUSED, milliseconds_since(started), error=name)

    def exchange(self, message_id: str, body: bytes) -> Exchange:
        """Sign and post ``body``. Every attempt has its own timestamp, from the real clock."""
        headers = {
            "content-type": CONTENT_TYPE,
            "user-agent": "alliance-portal",
            "accept": "*/*",
        } | signing.headers(
            message_id=message_id, at=datetime.now(UTC), body=body, secrets=self.secrets
        )
        head = self.endpoint.head(body, headers)
        started = time.monotonic()
        try:
            answer = self.endpoint.post(body, headers)
        except http.Failed as failed:
            return Exchange(head, body, milliseconds_since(started), failed=failed)
        return Exchange(head, body, milliseconds_since(started), answer)


class UnusableSender:
    """The sender of a channel whose configuration is unusable: every attempt fails with the reason."""

    at_once = 1

    def __init__(self, error: str) -> None:
        self.error = error

    def send(self, job: Job) -> Outcome:
        """Return the reason."""
        return Outcome(Verdict.GONE, error=self.error)


@contextmanager
def opened(channel: Channel) -> Iterator[WebhookSender | UnusableSender]:
    """Yield a sender for the channel, and close its connections afterwards."""
    try:
        secrets = channel.signing_secrets()
        endpoint = http.Endpoint(channel.url, private=settings.WEBHOOK_ALLOW_PRIVATE)
    except sealing.CannotOpen:
        yield UnusableSender("secret_unreadable")
    except http.Failed as failed:
        yield UnusableSender(failed.kind)
    else:
        with endpoint:
            yield WebhookSender(endpoint, secrets, channel.ordered_by)


def _outcome(answer: http.Answer, duration_ms: int) -> Outcome:
    return Outcome(
        _verdict(answer.status),
        duration_ms,
        status=answer.status,
        excerpt=printable(answer.body[:4000].decode("utf-8", "replace"), limit=MAX_EXCERPT),
        retry_after_seconds=retry_after(answer.headers.get("retry-after", "")),
    )


def _verdict(status: int) -> Verdict:
    if 200 <= status < 300:
        return Verdict.SENT
    if status == GONE:
        return Verdict.GONE
    if status in THROTTLES:
        return Verdict.THROTTLED
    return Verdict.UNAVAILABLE if status >= 500 else Verdict.REFUSED


def retry_after(value: str) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, within bounds; ``None`` if it is invalid."""
    if value.strip().isdecimal():
        return min(float(value), MAX_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)
