"""Updates as CloudEvents 1.0 in structured JSON."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from cases.liaison.models.channel import Thread

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


class Envelope(NamedTuple):
    """The attributes of an event that depend on its recipient. The version of the payload is added to both names."""

    type: str
    source: str
    schema: str


# By thread: the updates of a referral go to its agency, those of a case to its member.
ENVELOPES: dict[Thread, Envelope] = {
    "referral": Envelope("org.alliance-portal.liaison", "/liaison/", "update"),
    "case": Envelope("org.alliance-portal.case", "/cases/", "case-update"),
}


def cloud_event(
    *,
    update_id: uuid.UUID,
    kind: str,
    at: datetime,
    payload: dict[str, Any],
    thread: Thread = "referral",
) -> dict[str, Any]:
    """Return the CloudEvent that carries ``payload``. It is the same on every attempt.

    ``thread`` is that of the channel.
    """
    envelope, version = ENVELOPES[thread], f"v{payload['schema']}"
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
