"""The outbox of members' webhooks: an update is written in the same transaction as the event it reports.

A service calls :func:`record` while it holds the case's row lock, for every event that the member's timeline shows.
Nothing is written for a draft, nor without a webhook that takes the case's brand.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from alliance.lib import clock
from cases.liaison.delivery.wake import wake
from cases.liaison.envelopes import case_base, update_base
from cases.liaison.models.channel import MEMBER_WEBHOOK
from cases.models import Decision, ReasonCode
from cases.models.case import Case
from cases.models.event import EventKind
from members.models import Member

if TYPE_CHECKING:
    from cases.models import CaseEvent

# Events with the listings of the case: what was filed, and what became of each listing.
WITH_LISTINGS = frozenset(
    {
        EventKind.SUBMITTED,
        EventKind.UPHELD,
        EventKind.REJECTED,
        EventKind.REOPENED,
        EventKind.LISTINGS_REMOVED,
        EventKind.UPHELD_AGAIN,
        EventKind.REINSTATED,
    }
)
# The statuses of members whose webhooks collect updates. Those of a suspended member are sent after its reinstatement.
COLLECTING = [str(status) for status in Member.READING]
# What is sent of a reason.
_REASON = ("code", "label", "label_zh")


@dataclass(frozen=True)
class Recipients:
    """The ids of the member's webhooks that take the case, and the facts of an update for them.

    ``sequence`` is the number of the next update of the case. ``answer_due_at`` is the deadline of the member's answer to
    an open counter-notice.
    """

    channels: list[int]
    sequence: int
    brand: str
    answer_due_at: datetime | None


def record(*, case: Case, event: CaseEvent) -> None:
    """Write an update of ``event`` for the member's webhooks, and its deliveries.

    The caller has locked and saved ``case``, and the event's audience includes the member. Takes one statement without
    a webhook, and at most five with any number of them.
    """
    if case.submitted_at is None:
        return
    to = _recipients(case)
    if to is None:
        return
    update_id, at = uuid.uuid4(), clock.now()
    body = payload(case=case, event=event, to=to, update_id=update_id)
    values: dict[str, Any] = {
        "update": str(update_id),
        "case": case.pk,
        "sequence": to.sequence,
        "kind": event.kind,
        "version": event.sequence,
        "payload": json.dumps(body),
        "at": at,
        "channels": to.channels,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
    for channel_id in to.channels:
        transaction.on_commit(partial(wake, channel_id, MEMBER_WEBHOOK))


# SQL because every event that a member sees waits for it, as in outbox.
_RECIPIENTS = """
SELECT channel.id, brand.name,
       coalesce((SELECT max(sequence) FROM liaison_update WHERE case_id = %(case)s), 0) + 1,
       (SELECT answer_due_at FROM cases_counternotice
         WHERE case_id = %(case)s AND status = 'open' AND answered_at IS NULL)
  FROM liaison_channel AS channel
  JOIN members_member AS member ON member.id = channel.member_id AND member.status = ANY(%(collecting)s)
  JOIN members_brand AS brand ON brand.id = %(brand)s
 WHERE channel.member_id = %(member)s AND channel.is_active
   AND (channel.all_brands
        OR EXISTS (SELECT FROM liaison_channelbrand
                    WHERE channel_id = channel.id AND brand_id = %(brand)s))
 ORDER BY channel.id
"""
_WRITE = """
WITH written AS (
    INSERT INTO liaison_update (id, case_id, sequence, kind, case_version, payload, created_at)
    VALUES (%(update)s::uuid, %(case)s, %(sequence)s, %(kind)s, %(version)s, %(payload)s::jsonb, %(at)s)
)
INSERT INTO liaison_delivery (update_id, channel_id, attempts, dead_reason)
SELECT %(update)s::uuid, id, 0, '' FROM unnest(%(channels)s::bigint[]) AS channel (id)
"""


def _recipients(case: Case) -> Recipients | None:
    """Return the webhooks that take the case; ``None`` without any. The case's row lock keeps the number free."""
    values: dict[str, Any] = {
        "case": case.pk,
        "member": case.member_id,
        "brand": case.brand_id,
        "collecting": COLLECTING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECIPIENTS, values)
        rows = cursor.fetchall()
    if not rows:
        return None
    _id, brand, sequence, answer_due_at = rows[0]
    return Recipients([row[0] for row in rows], sequence, brand, answer_due_at)


def payload(
    *, case: Case, event: CaseEvent, to: Recipients, update_id: uuid.UUID
) -> dict[str, Any]:
    """Return the payload of an update: what the member's timeline shows of the event, without names of people.

    Times are ISO 8601 in UTC. Evidence is not included.
    """
    body: dict[str, Any] = {
        **update_base("case", update_id=update_id, kind=event.kind, at=event.at),
        "sequence": to.sequence,
        "by": event.actor_role,
        "case": _case(case, event, to),
        **_reasons(case, event),
        "link": settings.SITE_URL + case.get_absolute_url(),
    }
    if event.note:
        body["note"] = event.note
    if event.kind == EventKind.EVIDENCE_ADDED:
        body["file"] = event.data.get("name", "")
    return body


def _case(case: Case, event: CaseEvent, to: Recipients) -> dict[str, Any]:
    facts = case_base(case) | {"brand": to.brand}
    if case.outcome:
        facts["outcome"] = case.outcome
    due = case.answer_due_at or to.answer_due_at
    if due and due > clock.now():
        facts["answer_due_at"] = due.isoformat()
    if event.kind in WITH_LISTINGS:
        rows = case.listings.order_by("position").values("url", "status", "outcome")
        facts["listings"] = [{name: value for name, value in row.items() if value} for row in rows]
    return facts


def _reasons(case: Case, event: CaseEvent) -> dict[str, Any]:
    """Return the reason of the event and, for an upheld case, that of the listings that are left up."""
    code = event.data.get("reason")
    if not code:
        return {}
    stored = ReasonCode.objects.filter(code=code).values(*_REASON).first()
    reasons = {"reason": stored or dict.fromkeys(_REASON, code)}
    if event.kind == EventKind.UPHELD:
        kept = ReasonCode.objects.filter(
            pk__in=Decision.objects.filter(case=case, superseded_at=None).values("left_up_reason")
        )
        if left_up := kept.values(*_REASON).first():
            reasons["left_up_reason"] = left_up
    return reasons
