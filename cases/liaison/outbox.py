"""The transactional outbox: an update is written in the same transaction as the change it reports.

A service calls :func:`record` while it holds the case's row lock. For each agency that follows the case,
``record`` freezes a payload, gives the update the next number of its referral, and writes one delivery for
each active channel. After the commit it wakes one worker per channel. A wake-up carries no data and may be
lost: the sweep finds due deliveries without it.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from alliance.lib import clock
from cases.liaison import disclosure
from cases.liaison.delivery.wake import wake
from cases.liaison.disclosure import Recipient
from cases.liaison.envelopes import case_base, update_base
from cases.liaison.models import Disclosed, Update
from cases.models.case import Case
from cases.states import REFERRAL_LIVE

if TYPE_CHECKING:
    from cases.models import CaseEvent

# Events that end a referral. Their payload is the last one with the current data of the case.
ENDINGS = ("referral_declined", "referral_withdrawn")


def record(*, case: Case, event: CaseEvent) -> list[Update]:
    """Write an update for every agency that ``event`` concerns, and its deliveries. Return the updates.

    The caller has locked and saved ``case``. An event with ``referral_id`` goes to the agency of that
    referral only, even if the referral is no longer live: a withdrawal is an update too. Any other event goes
    to all live referrals of the case.

    Takes two statements for any number of agencies, and one more for each agency that shares its
    interest in sellers.
    """
    updates = {to: _update(case, event, to) for to in _recipients(case, event)}
    if updates:
        for channel_id, kind in _write(updates):
            transaction.on_commit(partial(wake, channel_id, kind))
    return list(updates.values())


# This statement and the next are SQL because every change of a referred case waits for them: the ORM takes
# longer to compile the joins than PostgreSQL to run them. The two parts of this one are MATERIALIZED so that
# PostgreSQL plans two small joins. Planning one join of eight tables would take longer than all the rest.
_RECIPIENTS = """
WITH recipient AS MATERIALIZED (
    SELECT referral.id AS referral_id, referral.reference, referral.status, referral.acknowledge_by,
           referral.update_sequence + 1 AS sequence,
           agency.id AS agency_id, agency.discloses, agency.shares_interest
      FROM liaison_referral AS referral
      JOIN liaison_agency AS agency ON agency.id = referral.agency_id
     WHERE referral.case_id = %(case)s
       AND (referral.id = %(only)s OR %(only)s IS NULL AND referral.status = ANY(%(live)s))
), names AS MATERIALIZED (
    SELECT member.name AS member, brand.name AS brand,
           ipright.kind AS right_kind, ipright.office AS right_office, ipright.number AS right_number,
           seller.id AS seller_id, marketplace.slug AS marketplace,
           seller.external_id AS seller_external_id, seller.name AS seller_name
      FROM cases_case AS changed
      JOIN members_member AS member ON member.id = changed.member_id
      JOIN members_brand AS brand ON brand.id = changed.brand_id
      JOIN members_ipright AS ipright ON ipright.id = changed.right_id
      LEFT JOIN cases_seller AS seller ON seller.id = changed.seller_id
      LEFT JOIN cases_marketplace AS marketplace ON marketplace.id = seller.marketplace_id
     WHERE changed.id = %(case)s
)
SELECT recipient.*, names.* FROM recipient CROSS JOIN names ORDER BY referral_id
"""


def _recipients(case: Case, event: CaseEvent) -> list[Recipient]:
    """Return the referrals that ``event`` concerns, each with the next number of its updates.

    The case's row lock, which the caller holds, keeps other updates from taking the same numbers.
    """
    values = {"case": case.pk, "only": event.referral_id, "live": [str(s) for s in REFERRAL_LIVE]}
    with connection.cursor() as cursor:
        cursor.execute(_RECIPIENTS, values)
        columns = [column.name for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return [Recipient(**row | {"discloses": frozenset(row["discloses"])}) for row in rows]


def _update(case: Case, event: CaseEvent, to: Recipient) -> Update:
    update = Update(
        referral_id=to.referral_id,
        sequence=to.sequence,
        kind=event.kind,
        case_version=event.sequence,
        created_at=clock.now(),
    )
    update.payload = payload(case=case, event=event, to=to, update=update)
    if to.status not in REFERRAL_LIVE and event.kind not in ENDINGS:
        update.payload["case"] = _last_sent(update) or update.payload["case"]
    return update


def _last_sent(update: Update) -> dict[str, Any] | None:
    """Return the case as it was last sent to the agency, without its listings; ``None`` if it never was.

    After its referral has ended, an agency gets no new information about the case.
    """
    earlier = Update.objects.filter(referral=update.referral_id).order_by("-sequence").first()
    if earlier is None:
        return None
    return {part: value for part, value in earlier.payload["case"].items() if part != "listings"}


# One statement: the numbers of the referrals, the updates, and a delivery for each active channel.
_WRITE = """
WITH given AS (
    SELECT *
      FROM unnest(%(updates)s::uuid[], %(referrals)s::bigint[], %(agencies)s::bigint[],
                  %(sequences)s::int[], %(payloads)s::text[])
           AS row (update_id, referral_id, agency_id, sequence, payload)
), numbered AS (
    UPDATE liaison_referral AS referral SET update_sequence = given.sequence
      FROM given WHERE referral.id = given.referral_id
), written AS (
    INSERT INTO liaison_update (id, referral_id, sequence, kind, case_version, payload, created_at)
    SELECT update_id, referral_id, sequence, %(kind)s, %(version)s, payload::jsonb, %(at)s FROM given
), queued AS (
    INSERT INTO liaison_delivery (update_id, channel_id, attempts, dead_reason)
    SELECT given.update_id, channel.id, 0, ''
      FROM given
      JOIN liaison_channel AS channel ON channel.agency_id = given.agency_id AND channel.is_active
     ORDER BY channel.id
    RETURNING channel_id
)
SELECT channel.id, channel.kind
  FROM queued JOIN liaison_channel AS channel ON channel.id = queued.channel_id
 ORDER BY channel.id
"""


def _write(updates: dict[Recipient, Update]) -> list[tuple[int, str]]:
    """Write the updates of one event and their deliveries. Return the channels, as id and kind."""
    first = next(iter(updates.values()))
    values: dict[str, Any] = {
        "kind": first.kind,
        "version": first.case_version,
        "at": first.created_at,
        "updates": [str(update.pk) for update in updates.values()],
        "referrals": [to.referral_id for to in updates],
        "agencies": [to.agency_id for to in updates],
        "sequences": [to.sequence for to in updates],
        "payloads": [json.dumps(update.payload) for update in updates.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        return [(channel_id, kind) for channel_id, kind in cursor.fetchall()]


def payload(*, case: Case, event: CaseEvent, to: Recipient, update: Update) -> dict[str, Any]:
    """Return the payload of ``update``: the minimum for the agency to follow the case, without what it may not see.

    Times are ISO 8601 in UTC. Listings are in the offer only, because they do not change afterwards.
    Evidence is never included. Nothing needs to be saved: the preview of a referral uses this function too.
    """
    body: dict[str, Any] = {
        **update_base("referral", update_id=update.pk, kind=event.kind, at=event.at),
        "sequence": update.sequence,
        "referral": {
            "reference": to.reference,
            "status": to.status,
            "acknowledge_by": to.acknowledge_by.isoformat(),
        },
        "case": case_base(case) | disclosure.names_sent(to),
        "link": settings.SITE_URL + reverse("liaison:referral", args=[to.reference]),
    }
    if event.kind == "referral_offered" and to.may_see(Disclosed.LISTINGS):
        urls = case.listings.order_by("position").values_list("url", flat=True)
        body["case"]["listings"] = list(urls)
    if disclosure.may_read_note(event, to):
        body["note"] = event.note
    return body
