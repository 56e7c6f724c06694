"""Signatures of Standard Webhooks (version 1, HMAC-SHA256)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """Return a new signing secret: 256 random bits in the format of the specification."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(
    *, message_id: str, at: datetime, body: bytes, secrets: Sequence[str]
) -> dict[str, str]:
    """Return the three signature headers for ``body``, with one signature per secret.

    ``message_id`` is the same for every attempt; ``at`` is the time of this attempt. Raises ``ValueError`` if a
    secret is invalid or there is none.
    """
    if not secrets:
        raise ValueError("no signing secret")
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("invalid signing secret") from None
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
