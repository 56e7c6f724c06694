"""Secret tokens of programs: 256 random bits with a recognisable prefix, stored as a hash."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib

# The random part has 43 characters, the checksum 8.
_FORM = "_[A-Za-z0-9_-]{43}[0-9a-f]{8}"


def new(prefix: str) -> str:
    """Return a new token with a checksum, for example ``ap_…``."""
    return with_checksum(f"{prefix}_{secrets.token_urlsafe(32)}")


def with_checksum(start: str) -> str:
    """Return ``start`` with its checksum, by which a mistyped or truncated token is recognised without a query."""
    return f"{start}{zlib.crc32(start.encode()):08x}"


def is_well_formed(token: str, prefix: str) -> bool:
    """Return whether ``token`` has the form of one of :func:`new`, and the right checksum."""
    return re.fullmatch(prefix + _FORM, token) is not None and with_checksum(token[:-8]) == token


def digest(token: str) -> str:
    """Return the hash under which a token is stored. Tokens are long and random, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
