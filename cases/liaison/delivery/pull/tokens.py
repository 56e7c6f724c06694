"""Tokens of the pull API: made at random, stored as a hash."""

from __future__ import annotations

import hashlib
import secrets

from cases import permissions  # noqa: F401  (what is asked for by name below is made there)


def new_token() -> str:
    """Return a new token for the pull API: 256 random bits."""
    return f"apl_{secrets.token_urlsafe(32)}"


def token_hash(token: str) -> str:
    """Return what is kept of a token. It is random and long: a plain hash cannot be searched back."""
    return hashlib.sha256(token.encode()).hexdigest()
