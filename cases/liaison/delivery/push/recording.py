"""Records the outcome of an attempt in one short transaction, with times of PostgreSQL's clock.

*Backoff* of a delivery: 10 s, 20 s, 40 s … up to two hours, each ± 20 %, so that cases do not retry all at
once. A delivery becomes a *dead letter* after :data:`DEAD_AFTER_ATTEMPTS` attempts, about a day, if the receiver
answers it with an error of its own, and has done so before. A delivery that gets no answer, an answer of a
gateway or a request to wait never becomes a dead letter: it is retried every two hours.

The *circuit breaker* of the channel opens at :data:`~cases.liaison.models.channel.BREAKER_TRIPS_AT` failures
in a row that count against the receiver. Then one probe at a time is sent, first after 5 s; each pause is a
quarter longer, up to ten minutes. A pause is about a quarter of the outage so far, so recovery is detected
with at most that delay. When a probe arrives, all waiting deliveries may be sent at once.

A probe does not count as an attempt, because an outage says nothing about a case. But a case that the
receiver answers with an error of its own (any 5xx except a gateway's or a request to wait) would keep the
breaker open forever when nothing else is sent in the channel. So a delivery whose probe gets such an answer
becomes a dead letter too, once the first such answer to it is :data:`DEAD_AFTER_REFUSED_FOR` old. (If only that
case is to blame and others are sent, their arrivals close the breaker, its attempts in between count, and it
becomes a dead letter after those.)

If another worker has taken the lease, only the attempt is recorded, because the worker's data are out of date.
"""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Now

from alliance.lib import clock
from cases.liaison.delivery import lease, rates
from cases.liaison.delivery.push import ordering
from cases.liaison.delivery.push.outcome import Job, Outcome, Verdict
from cases.liaison.models import Attempt, Channel, ChannelEvent, Delivery
from cases.liaison.models.channel import BREAKER_TRIPS_AT

log = structlog.get_logger(__name__)

FIRST_RETRY_SECONDS: float = settings.LIAISON_RETRY_SECONDS
MAX_RETRY_SECONDS: float = settings.LIAISON_RETRY_MAX_SECONDS
DEAD_AFTER_ATTEMPTS: int = settings.LIAISON_DEAD_AFTER_ATTEMPTS
FIRST_PROBE_SECONDS: float = settings.LIAISON_PROBE_SECONDS
MAX_PROBE_SECONDS: float = settings.LIAISON_PROBE_MAX_SECONDS
PROBES_SLOW_DOWN_BY = 1.25
DEAD_AFTER_REFUSED_FOR = timedelta(days=1)
# The pause after a throttling answer without Retry-After.
THROTTLE_SECONDS = 5.0
# The verdicts that count towards the circuit breaker.
_AGAINST_THE_RECEIVER = frozenset({Verdict.UNAVAILABLE, Verdict.THROTTLED})


def record(
    channel_id: int, token: uuid.UUID, job: Job, outcome: Outcome, *, probe: bool = False
) -> bool:
    """Record one attempt and renew the lease. Return whether the worker may continue with the channel.

    It may not when the channel backs off or was paused, or when another worker has the lease.
    """
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).get(pk=channel_id)
        Attempt.objects.create(
            channel=channel,
            delivery_id=job.delivery_id,
            is_probe=probe,
            status=outcome.status,
            error=outcome.error[:40],
            excerpt=outcome.excerpt,
            duration_ms=outcome.duration_ms,
        )
        if channel.lease_token != token:
            return False
        if outcome.verdict == Verdict.SENT:
            rates.count(channel_id, sent=_record_arrival(channel, job))
            may_continue = not channel.is_paused
        else:
            may_continue = _record_failure(channel, job, outcome, probe=probe)
            rates.count(channel_id, failed=1)
    return may_continue and lease.renew(channel_id, token)


def _record_arrival(channel: Channel, job: Job) -> int:
    """Mark the delivery as sent and close the breaker. Return 1, or 0 if it had been sent before."""
    newly = Delivery.objects.filter(pk=job.delivery_id, sent_at=None).update(
        sent_at=Now(),
        attempts=F("attempts") + 1,
        refused_since=None,
        dead_at=None,
        dead_reason="",
        is_deferred=False,
    )
    ordering.release_next(
        channel.pk, channel.ordered_by, ordering_key=job.ordering_key, update_id=job.update_id
    )
    Channel.objects.filter(pk=channel.pk).update(
        sent_seq=Greatest(F("sent_seq"), job.seq),
        last_success_at=Now(),
        last_error="",
        failures=0,
    )
    if channel.is_tripped:
        log.info("breaker_closed", channel=channel.pk)
        waiting = Delivery.objects.filter(channel=channel, sent_at=None, dead_at=None)
        waiting = waiting.filter(is_deferred=False)
        waiting.filter(next_attempt_at__gt=Now()).update(next_attempt_at=Now())
    return newly


def _record_failure(channel: Channel, job: Job, outcome: Outcome, *, probe: bool) -> bool:
    """Record a failed attempt on the delivery and on the channel. Return whether to continue."""
    against_receiver = outcome.verdict in _AGAINST_THE_RECEIVER
    if against_receiver:
        channel.failures += 1
    backoff = _channel_backoff(channel, outcome)
    is_dead = _record_failed_delivery(
        job, outcome, backoff, counts=not (probe and against_receiver)
    )
    others = Delivery.objects.filter(channel=channel, is_deferred=False).heads(channel.ordered_by)
    if is_dead and against_receiver and not others.exists():
        # Only this delivery failed, and nothing else waits: the receiver itself works.
        channel.failures, backoff = 0, 0.0
    changes = {"failures": channel.failures, "last_error": outcome.reason[:300]}
    if backoff:
        # Several deliveries may be in flight: the longest requested pause applies.
        until = Now() + timedelta(seconds=backoff)
        changes["next_attempt_at"] = Greatest(F("next_attempt_at"), until)
    if against_receiver and channel.failures == BREAKER_TRIPS_AT:
        log.warning("breaker_opened", channel=channel.pk, reason=outcome.reason)
    Channel.objects.filter(pk=channel.pk).update(**changes)
    if outcome.verdict == Verdict.GONE and not channel.is_paused:
        _pause(channel, outcome)
    return not backoff and not channel.is_paused


def _record_failed_delivery(job: Job, outcome: Outcome, backoff: float, *, counts: bool) -> bool:
    """Schedule the retry of one delivery. Return whether it became a dead letter instead.

    ``counts`` says whether the attempt counts; a probe does not.
    """
    # A delivery that an operator has resent since is not changed: this attempt was made before that.
    row = Delivery.objects.filter(
        pk=job.delivery_id, sent_at=None, dead_at=None, attempts=job.attempts
    )
    refused_before = False
    if outcome.is_refusal:
        refused_before = not row.filter(refused_since=None).update(refused_since=Now())
    if not counts:
        refused_long = row.filter(refused_since__lte=Now() - DEAD_AFTER_REFUSED_FOR)
        if outcome.is_refusal and _make_dead_letter(refused_long, job, outcome):
            return True
        # Move it to the end of the queue, so that the next probe is a delivery of another case.
        row.update(next_attempt_at=Now() + timedelta(seconds=backoff), is_deferred=False)
        return False
    attempts = job.attempts + 1
    if refused_before and attempts >= DEAD_AFTER_ATTEMPTS:
        return _make_dead_letter(row, job, outcome, attempts=attempts)
    wait = _jitter(min(FIRST_RETRY_SECONDS * 2 ** min(job.attempts, 20), MAX_RETRY_SECONDS))
    row.update(
        attempts=attempts, next_attempt_at=Now() + timedelta(seconds=wait), is_deferred=False
    )
    return False


def _make_dead_letter(row: QuerySet[Delivery], job: Job, outcome: Outcome, **changes: Any) -> bool:
    """Make the delivery a dead letter. Later deliveries of its case wait. Return whether ``row`` matched."""
    is_dead = row.update(dead_at=Now(), dead_reason=outcome.reason[:300], **changes)
    if is_dead:
        log.warning("dead_letter", delivery=job.delivery_id, reason=outcome.reason)
    return bool(is_dead)


def _channel_backoff(channel: Channel, outcome: Outcome) -> float:
    """Return for how many seconds the whole channel backs off; 0 if it does not."""
    backoff = 0.0
    if outcome.verdict == Verdict.THROTTLED:
        asked = outcome.retry_after_seconds
        backoff = THROTTLE_SECONDS if asked is None else asked
    if outcome.verdict in _AGAINST_THE_RECEIVER and channel.is_tripped:
        beyond = min(channel.failures - BREAKER_TRIPS_AT, 100)
        pause = FIRST_PROBE_SECONDS * PROBES_SLOW_DOWN_BY**beyond
        backoff = max(backoff, _jitter(min(pause, MAX_PROBE_SECONDS)))
    return backoff


def _pause(channel: Channel, outcome: Outcome) -> None:
    """Pause the channel, with the outcome as the reason."""
    channel.paused_at = clock.now()
    channel.pause_reason = outcome.reason[:300]
    channel.save(update_fields=["paused_at", "pause_reason"])
    ChannelEvent.objects.create(
        channel=channel, kind=ChannelEvent.Kind.PAUSED, data={"reason": channel.pause_reason}
    )
    log.warning("channel_paused", channel=channel.pk, reason=outcome.reason)


def _jitter(seconds: float) -> float:
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311  (spreads load; not a secret)
