"""Tokens of the pull API: random, stored as a hash."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """Return a new token for the pull API: 256 random bits."""
    return f"apl_{secrets.token_urlsafe(32)}"


def token_hash(token: str) -> str:
    """Return the hash under which a token is stored. Tokens are long and random, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
