"""What came of a try is written down: one short transaction, by PostgreSQL's clock.

*Backoff* of a delivery: 10 s, 20 s, 40 s … up to two hours, each ± 20 %, so that cases do not come back all
at once. After :data:`GIVE_UP_AFTER` tries, about a day, its case is parked in this lane, if the other side
answers it with an error of its own, and has done so before. No answer at all, a gateway's or a request to wait
never parks, whatever becomes of other cases meanwhile: it is tried again every two hours.

The *breaker* of the lane opens at :data:`~cases.liaison.models.channel.BREAKER_OPENS_AT` failures in a row
that speak against the other side. From then on one probe at a time is sent, first 5 s apart, each pause a
quarter longer, up to ten minutes: a pause is about a quarter of what the outage has lasted, so its end is
noticed that much later at most. When a probe arrives, everything that waits may go at once.

A probe costs the delivery no attempt: an outage says nothing of a case. But a case that the other side
answers with an error of its own (any 5xx but those of a gateway or for a rest) would, in a lane where
nothing else happens, keep the breaker open for ever. So a delivery whose probe is answered that way is parked
as well when the first such answer to it is :data:`REFUSED_AT_MOST` old. (When such a case is alone to blame,
the others' arrivals close the breaker, its tries between cost attempts, and it is parked after those.)

A worker whose lease another one took meanwhile writes down its try and nothing else: what it knows is old.
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
from cases.liaison.delivery import rates
from cases.liaison.delivery.lease import keep
from cases.liaison.delivery.push import ordering
from cases.liaison.delivery.push.outcome import Job, Outcome, Verdict
from cases.liaison.models import Attempt, Channel, ChannelEvent, Delivery
from cases.liaison.models.channel import BREAKER_OPENS_AT

log = structlog.get_logger(__name__)

FIRST_RETRY_SECONDS: float = settings.LIAISON_RETRY_SECONDS
RETRY_AT_MOST_SECONDS: float = settings.LIAISON_RETRY_AT_MOST_SECONDS
GIVE_UP_AFTER: int = settings.LIAISON_GIVE_UP_AFTER
FIRST_PROBE_SECONDS: float = settings.LIAISON_PROBE_SECONDS
PROBE_AT_MOST_SECONDS: float = settings.LIAISON_PROBE_AT_MOST_SECONDS
PROBES_SLOW_DOWN_BY = 1.25
REFUSED_AT_MOST = timedelta(days=1)
# A throttling answer without Retry-After.
THROTTLE_SECONDS = 5.0
_AGAINST_THE_LANE = frozenset({Verdict.UNWELL, Verdict.THROTTLED})


def record(
    channel_id: int, token: uuid.UUID, job: Job, outcome: Outcome, *, probe: bool = False
) -> bool:
    """Write down one try; return whether the lane may go on.

    It may not when it rests, was paused, or belongs to another worker by now.
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
            rates.count(channel_id, sent=_sent(channel, job))
            goes_on = not channel.is_paused
        else:
            goes_on = _failed(channel, job, outcome, probe=probe)
            rates.count(channel_id, failed=1)
    return goes_on and keep(channel_id, token)


def _sent(channel: Channel, job: Job) -> int:
    newly = Delivery.objects.filter(pk=job.delivery_id, sent_at=None).update(
        sent_at=Now(),
        attempts=F("attempts") + 1,
        refused_since=None,
        dead_at=None,
        dead_reason="",
        put_aside=False,
    )
    ordering.bring_next(channel.pk, referral_id=job.referral_id, update_id=job.update_id)
    Channel.objects.filter(pk=channel.pk).update(
        sent_seq=Greatest(F("sent_seq"), job.seq),
        last_success_at=Now(),
        last_error="",
        failures=0,
    )
    if channel.failures >= BREAKER_OPENS_AT:
        log.info("breaker_closed", channel=channel.pk)
        waiting = Delivery.objects.filter(channel=channel, sent_at=None, dead_at=None)
        waiting = waiting.filter(put_aside=False)
        waiting.filter(next_attempt_at__gt=Now()).update(next_attempt_at=Now())
    return newly


def _failed(channel: Channel, job: Job, outcome: Outcome, *, probe: bool) -> bool:
    against = outcome.verdict in _AGAINST_THE_LANE
    if against:
        channel.failures += 1
    rest = _lane_rest(channel.failures, outcome)
    parked = _delivery_failed(job, outcome, rest, costs=not (probe and against))
    others = Delivery.objects.filter(channel=channel, put_aside=False).heads()
    if parked and against and not others.exists():
        # It alone was answered badly, and nothing else waits: nothing speaks against the other side.
        channel.failures, rest = 0, 0.0
    changes = {"failures": channel.failures, "last_error": outcome.reason[:300]}
    if rest:
        # Several were in flight: whoever asked for a longer rest gets it, whatever the others answer.
        changes["next_attempt_at"] = Greatest(F("next_attempt_at"), Now() + timedelta(seconds=rest))
    if against and channel.failures == BREAKER_OPENS_AT:
        log.warning("breaker_opened", channel=channel.pk, reason=outcome.reason)
    Channel.objects.filter(pk=channel.pk).update(**changes)
    if outcome.verdict == Verdict.GONE and not channel.is_paused:
        _pause(channel, outcome)
    return not rest and not channel.is_paused


def _delivery_failed(job: Job, outcome: Outcome, rest: float, *, costs: bool) -> bool:
    """Note the failure of one delivery; return whether it is parked now."""
    # Unless an operator has it sent again since: then this was no try of that.
    row = Delivery.objects.filter(
        pk=job.delivery_id, sent_at=None, dead_at=None, attempts=job.attempts
    )
    refused_again = False
    if outcome.is_refusal:
        refused_again = not row.filter(refused_since=None).update(refused_since=Now())
    if not costs:
        long_ago = row.filter(refused_since__lte=Now() - REFUSED_AT_MOST)
        if outcome.is_refusal and _park(long_ago, job, outcome):
            return True
        # Behind the others, so that the next probe is another case's: one may be poison to the receiver.
        row.update(next_attempt_at=Now() + timedelta(seconds=rest), put_aside=False)
        return False
    attempts = job.attempts + 1
    if refused_again and attempts >= GIVE_UP_AFTER:
        return _park(row, job, outcome, attempts=attempts)
    wait = _jitter(min(FIRST_RETRY_SECONDS * 2 ** min(job.attempts, 20), RETRY_AT_MOST_SECONDS))
    row.update(attempts=attempts, next_attempt_at=Now() + timedelta(seconds=wait), put_aside=False)
    return False


def _park(row: QuerySet[Delivery], job: Job, outcome: Outcome, **changes: Any) -> bool:
    parked = row.update(dead_at=Now(), dead_reason=outcome.reason[:300], **changes)
    if parked:
        log.warning("delivery_parked", delivery=job.delivery_id, reason=outcome.reason)
    return bool(parked)


def _lane_rest(failures: int, outcome: Outcome) -> float:
    """Return for how many seconds the whole lane rests; 0 if it goes on."""
    rest = 0.0
    if outcome.verdict == Verdict.THROTTLED:
        rest = THROTTLE_SECONDS if outcome.rest_seconds is None else outcome.rest_seconds
    if outcome.verdict in _AGAINST_THE_LANE and failures >= BREAKER_OPENS_AT:
        pause = FIRST_PROBE_SECONDS * PROBES_SLOW_DOWN_BY ** min(failures - BREAKER_OPENS_AT, 100)
        rest = max(rest, _jitter(min(pause, PROBE_AT_MOST_SECONDS)))
    return rest


def _pause(channel: Channel, outcome: Outcome) -> None:
    channel.paused_at = clock.now()
    channel.pause_reason = outcome.reason[:300]
    channel.save(update_fields=["paused_at", "pause_reason"])
    ChannelEvent.objects.create(
        channel=channel, kind=ChannelEvent.Kind.PAUSED, data={"reason": channel.pause_reason}
    )
    log.warning("channel_paused", channel=channel.pk, reason=outcome.reason)


def _jitter(seconds: float) -> float:
    return seconds * random.uniform(0.8, 1.2)  # noqa: S311  (spreads load, guards nothing)
