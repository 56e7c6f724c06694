"""The outbox: an update is written with the change it tells of, in one transaction, or not at all.

``record`` is called by services under the case's row lock. It freezes the payload, gives it the
referral's next number, and writes one delivery per active channel of the agency. After the commit one
wake-up per channel is sent; it carries no data and may be lost: the sweep finds due rows anyway.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from alliance.lib import clock
from cases.models.case import Case
from cases.states import REFERRAL_LIVE, ReferralStatus

from . import disclosure
from .models import Channel, Delivery, Referral, Update
from .wake import wake

if TYPE_CHECKING:
    from cases.models import CaseEvent

SCHEMA_VERSION = 1
_NAMED = ("member", "brand", "right", "seller__marketplace")


def record(*, case: Case, event: CaseEvent) -> list[Update]:
    """Write the update for every agency that is to hear of ``event``; return them.

    ``case`` is locked by the caller. An event with ``referral_id`` goes to that referral's agency
    alone, whatever its state (a withdrawal is itself an update); any other to all live referrals.
    """
    referrals = Referral.objects.filter(case=case).select_related("agency")
    # The referral's row alone: a lock on the agency's would make all its cases wait for each other.
    referrals = referrals.select_for_update(no_key=True, of=("self",))
    if event.referral_id is not None:
        referrals = referrals.filter(pk=event.referral_id)
    else:
        referrals = referrals.filter(status__in=REFERRAL_LIVE)
    told = list(referrals.order_by("pk"))
    if told:
        # What the payload names, in one query; the row is locked and saved, so it reads the same.
        case = Case.objects.select_related(*_NAMED).get(pk=case.pk)
    return [_write(case, event, referral) for referral in told]


def _write(case: Case, event: CaseEvent, referral: Referral) -> Update:
    referral.update_sequence += 1
    referral.save(update_fields=["update_sequence"])
    update = Update(
        referral=referral,
        sequence=referral.update_sequence,
        kind=event.kind,
        case_version=case.version,
        created_at=clock.now(),
    )
    update.payload = payload(case=case, event=event, referral=referral, update=update)
    update.save(force_insert=True)
    channels = list(Channel.objects.filter(agency=referral.agency, is_active=True).order_by("pk"))
    Delivery.objects.bulk_create([Delivery(update=update, channel=channel) for channel in channels])
    for channel in channels:
        transaction.on_commit(partial(wake, channel.pk, channel.kind))
    return update


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
            **disclosure.case_sent(shown, with_listings=event.kind == "referral_offered"),
        },
        "link": settings.SITE_URL + reverse("liaison:referral", args=[referral.reference]),
    }
    if shown.says(event):
        body["note"] = event.note
    return body


def unsent_exists(channel_id: int) -> bool:
    """Say whether the channel has a delivery that has not been sent."""
    return Delivery.objects.filter(channel_id=channel_id, sent_at=None).exists()


def live(status: str) -> bool:
    """Say whether a referral in ``status`` is told of updates."""
    return ReferralStatus(status) in REFERRAL_LIVE
