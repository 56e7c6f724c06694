"""What updates for agencies and for members have in common: the envelope, and the beginning of the payload."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NamedTuple

from cases.liaison.models.channel import OrderedBy
from cases.models.case import Case


class Envelope(NamedTuple):
    """What depends on the recipient: two attributes of the CloudEvent, and the name and version of the JSON Schema.

    ``version`` is the one that new payloads have. Each payload keeps the version with which it was written.
    """

    type: str
    source: str
    schema: str
    version: int


# The updates of a referral go to its agency, those of a case to its member.
ENVELOPES: dict[OrderedBy, Envelope] = {
    "referral": Envelope("org.alliance-portal.liaison", "/liaison/", "update", 1),
    "case": Envelope("org.alliance-portal.case", "/cases/", "case-update", 1),
}


def update_base(
    ordered_by: OrderedBy, *, update_id: uuid.UUID, kind: str, at: datetime
) -> dict[str, Any]:
    """Return the beginning of a payload. ``ordered_by`` is that of the channel."""
    return {
        "schema": ENVELOPES[ordered_by].version,
        "id": str(update_id),
        "kind": kind,
        "at": at.isoformat(),
    }


def case_base(case: Case) -> dict[str, Any]:
    """Return what every recipient sees of a case."""
    return {
        "reference": case.reference,
        "status": case.status,
        "violation": case.violation,
        "jurisdiction": str(case.jurisdiction),
    }
