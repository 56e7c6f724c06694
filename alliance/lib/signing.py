"""Signatures of the Standard Webhooks specification (version 1, HMAC-SHA256)."""

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
    """Return a new signing secret: 256 random bits as the specification writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(
    *, message_id: str, at: datetime, body: bytes, secrets: Sequence[str]
) -> dict[str, str]:
    """Return the three headers that sign ``body``: one signature for each of ``secrets``.

    ``message_id`` stays the same however often the message is sent; ``at`` is the moment of this
    attempt. Raises ``ValueError`` for a secret that is not one, or when there is none.
    """
    if not secrets:
        raise ValueError("nothing to sign with")
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
        raise ValueError("not a signing secret") from None
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
