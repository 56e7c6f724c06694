"""Tokens of the pull API: random, stored as a hash."""

from __future__ import annotations

from alliance.lib import tokens


def new_token() -> str:
    """Return a new token for the pull API."""
    return tokens.new("apl")


def token_hash(token: str) -> str:
    """Return the hash under which a token is stored."""
    return tokens.digest(token)
