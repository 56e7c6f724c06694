"""Updates as CloudEvents 1.0 in structured JSON."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings

from cases.liaison.envelopes import ENVELOPES
from cases.liaison.models.channel import OrderedBy

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def cloud_event(
    *,
    update_id: uuid.UUID,
    kind: str,
    at: datetime,
    payload: dict[str, Any],
    ordered_by: OrderedBy = "referral",
) -> dict[str, Any]:
    """Return the CloudEvent that carries ``payload``. It is the same on every attempt.

    ``ordered_by`` is that of the channel.
    """
    envelope, version = ENVELOPES[ordered_by], f"v{payload['schema']}"
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(update_id),
        "source": settings.SITE_URL + envelope.source,
        "type": f"{envelope.type}.{kind}.{version}",
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": f"{settings.SITE_URL}/api/v1/liaison/schema/{envelope.schema}.{version}.json",
        "data": payload,
    }
    if case := payload.get("case"):
        made["subject"] = case["reference"]
    return made


def encoded(event: dict[str, Any]) -> bytes:
    """Return the event as compact JSON in UTF-8, with non-ASCII characters unescaped."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
