"""The outbox: an update is written with the change it tells of, in one transaction, or not at all.

``record`` is called by services under the case's row lock. It freezes the payload, gives it the
referral's next number, and writes one delivery per active channel of the agency. After the commit one
wake-up per channel is sent; it carries no data and may be lost: the sweep finds due rows anyway.
"""

from __future__ import annotations

import copy
import json
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.urls import reverse

from alliance.lib import clock
from cases.liaison import disclosure
from cases.liaison.delivery.wake import wake
from cases.liaison.models import Agency, Referral, Update
from cases.liaison.models.update import SCHEMA_VERSION
from cases.models.case import Case
from cases.models.seller import Marketplace, Seller
from cases.states import REFERRAL_LIVE
from members.models import Brand, IPRight, Member

if TYPE_CHECKING:
    from cases.models import CaseEvent

# With these an agency is told of the end of its referral, and of the case for the last time.
ENDINGS = ("referral_declined", "referral_withdrawn")


def record(*, case: Case, event: CaseEvent) -> list[Update]:
    """Write the update for every agency that is to hear of ``event``; return them.

    ``case`` is locked and saved by the caller. An event with ``referral_id`` goes to that referral's agency
    alone, whatever its state (a withdrawal is itself an update); any other to all live referrals.
    Two statements, however many agencies there are: every change of a referred case pays for them. And one
    for each agency that lets others know of its interest.
    """
    updates = [_update(case, event, referral) for referral in _next_in_sequence(case, event)]
    if updates:
        for channel_id, kind in _write(updates):
            transaction.on_commit(partial(wake, channel_id, kind))
    return updates


# What a payload names, by model. Should it ask for more of them one day, that is looked up when it does.
_NAMED: dict[str, tuple[type[Model], frozenset[str]]] = {
    "referral": (
        Referral,
        frozenset({"id", "reference", "status", "acknowledge_by", "update_sequence", "agency_id"}),
    ),
    "agency": (Agency, frozenset({"id", "discloses", "shares_interest"})),
    "member": (Member, frozenset({"id", "name"})),
    "brand": (Brand, frozenset({"id", "name"})),
    "ipright": (IPRight, frozenset({"id", "kind", "office", "number"})),
    "seller": (Seller, frozenset({"id", "external_id", "name", "country", "marketplace_id"})),
    "marketplace": (Marketplace, frozenset({"id", "slug"})),
}
# In the order of the models' fields, as ``Model.from_db`` wants them.
_READ = {
    name: [field.attname for field in model._meta.concrete_fields if field.attname in wanted]
    for name, (model, wanted) in _NAMED.items()
}


def _named(*names: str) -> str:
    """Return the columns of these as a list for ``SELECT``, each as ``<name>_<column>``."""
    return ", ".join(
        f"{name}.{column} AS {name}_{column}" for name in names for column in _READ[name]
    )


# The case's lock, which the caller holds, keeps others off its referrals' numbers. What the payload names is
# read along: looking it up model by model would cost more than the change that is told of. In parts
# (OFFSET 0), since planning a join of eight tables costs more than running it.
_NEXT = f"""
WITH told AS (
    UPDATE liaison_referral SET update_sequence = update_sequence + 1
     WHERE case_id = %(case)s AND (id = %(only)s OR %(only)s IS NULL AND status = ANY (%(live)s))
    RETURNING *)
SELECT {", ".join(f"{name}_{column}" for name, columns in _READ.items() for column in columns)}
  FROM (SELECT {_named("referral", "agency")}
          FROM told AS referral
          JOIN liaison_agency AS agency ON agency.id = referral.agency_id OFFSET 0) AS asked
 CROSS JOIN (SELECT {_named("member", "brand", "ipright")}, changed.seller_id AS sold_by
               FROM cases_case AS changed
               JOIN members_member AS member ON member.id = changed.member_id
               JOIN members_brand AS brand ON brand.id = changed.brand_id
               JOIN members_ipright AS ipright ON ipright.id = changed.right_id
              WHERE changed.id = %(case)s OFFSET 0) AS named
  LEFT JOIN (SELECT {_named("seller", "marketplace")}
               FROM cases_seller AS seller
               JOIN cases_marketplace AS marketplace ON marketplace.id = seller.marketplace_id
            ) AS shop ON seller_id = sold_by
 ORDER BY referral_id
"""  # noqa: S608  (nothing but names of our own columns)


def _next_in_sequence(case: Case, event: CaseEvent) -> list[Referral]:
    """Raise the count of updates of each referral that is to hear of ``event``; return them.

    Each brings its agency along, and the case with all that a payload names.
    """
    values = {"case": case.pk, "only": event.referral_id, "live": [str(s) for s in REFERRAL_LIVE]}
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        return [_referral(case, row) for row in cursor.fetchall()]


def _referral(case: Case, row: tuple[Any, ...]) -> Referral:
    made: dict[str, Any] = {}
    at = 0
    for name, columns in _READ.items():
        values = row[at : at + len(columns)]
        at += len(columns)
        # Without a seller there is none of its columns.
        there = values[0] is not None
        made[name] = _NAMED[name][0].from_db(connection.alias, columns, values) if there else None
    # A copy: to the caller the case is a whole one, and stays so.
    case = copy.copy(case)
    case.member, case.brand, case.right = made["member"], made["brand"], made["ipright"]
    case.seller = made["seller"]
    if case.seller is not None:
        case.seller.marketplace = made["marketplace"]
    referral: Referral = made["referral"]
    referral.case, referral.agency = case, made["agency"]
    return referral


def _update(case: Case, event: CaseEvent, referral: Referral) -> Update:
    update = Update(
        referral=referral,
        sequence=referral.update_sequence,
        kind=event.kind,
        case_version=case.version,
        created_at=clock.now(),
    )
    update.payload = payload(case=referral.case, event=event, referral=referral, update=update)
    if referral.status not in REFERRAL_LIVE and event.kind not in ENDINGS:
        update.payload["case"] = _last_sent(referral) or update.payload["case"]
    return update


def _last_sent(referral: Referral) -> dict[str, Any] | None:
    """Return the case as the agency was last sent it: after the end of its referral it hears no more of it."""
    last = Update.objects.filter(referral=referral).order_by("-sequence").first()
    if last is None:
        return None
    return {part: value for part, value in last.payload["case"].items() if part != "listings"}


_WRITE = """
WITH made AS (
    INSERT INTO liaison_update (id, referral_id, sequence, kind, case_version, payload, created_at)
    SELECT id, referral_id, sequence, %(kind)s, %(version)s, payload::jsonb, %(at)s
      FROM unnest(%(ids)s::uuid[], %(referrals)s::bigint[], %(sequences)s::int[], %(payloads)s::text[])
           AS given (id, referral_id, sequence, payload)
), due AS (
    INSERT INTO liaison_delivery (update_id, channel_id, attempts, dead_reason)
    SELECT given.id, channel.id, 0, ''
      FROM unnest(%(ids)s::uuid[], %(agencies)s::bigint[]) AS given (id, agency_id)
      JOIN liaison_channel AS channel ON channel.agency_id = given.agency_id AND channel.is_active
     ORDER BY channel.id
    RETURNING channel_id)
SELECT channel.id, channel.kind FROM due JOIN liaison_channel AS channel ON channel.id = due.channel_id
 ORDER BY channel.id
"""


def _write(updates: list[Update]) -> list[tuple[int, str]]:
    """Write the updates of one event, and a delivery for each active channel; return those, with their kind."""
    first = updates[0]
    values: dict[str, Any] = {
        "kind": first.kind,
        "version": first.case_version,
        "at": first.created_at,
        "ids": [str(update.pk) for update in updates],
        "referrals": [update.referral_id for update in updates],
        "sequences": [update.sequence for update in updates],
        "payloads": [json.dumps(update.payload) for update in updates],
        "agencies": [update.referral.agency_id for update in updates],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        return [(channel_id, kind) for channel_id, kind in cursor.fetchall()]


def payload(*, case: Case, event: CaseEvent, referral: Referral, update: Update) -> dict[str, Any]:
    """Return what the agency is sent: the least that lets it follow the case, of what it may see.

    Times are ISO 8601 in UTC. Listings come with the offer only: they do not change afterwards. Evidence
    stays here. Nothing needs to be saved: the preview of a referral is made by this as well.
    """
    shown = disclosure.Shown(case, referral.agency)
    body: dict[str, Any] = {
        "schema": SCHEMA_VERSION,
        "id": str(update.pk),
        "kind": event.kind,
        "at": event.at.isoformat(),
        "sequence": update.sequence,
        "referral": {
            "reference": referral.reference,
            "status": referral.status,
            "acknowledge_by": referral.acknowledge_by.isoformat(),
        },
        "case": {
            "reference": case.reference,
            "status": case.status,
            "violation": case.violation,
            "jurisdiction": str(case.jurisdiction),
            **disclosure.case_sent(
                shown,
                with_listings=event.kind == "referral_offered",
                with_others=referral.status in REFERRAL_LIVE,
            ),
        },
        "link": settings.SITE_URL + reverse("liaison:referral", args=[referral.reference]),
    }
    if shown.says(event):
        body["note"] = event.note
    return body
