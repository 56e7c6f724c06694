"""URLs of an agency's operations, and the data of a report."""

from __future__ import annotations

import uuid
from typing import Any

from alliance.lib import clock
from cases.liaison.models import Referral

LIST, REPORT = "/liaison/operations/", "/liaison/operations/new/"


def report_data(*chosen: Referral, **changes: Any) -> dict[str, Any]:
    """Return a complete report as sent from the check page, with changes."""
    return {
        "step": "send",
        "token": str(uuid.uuid4()),
        "referrals": [str(r.pk) for r in chosen],
        "further": "",
        "kind": "raid",
        "held_on": clock.today().isoformat(),
        "country": "CN",
        "place": "Yiwu",
        "premises_closed": "2",
        "arrests": "5",
        "items_seized": "1200",
        "value_cny": "350000",
        "value_basis": "genuine_retail",
        "summary": "Two workshops behind a market hall.",
    } | changes
