"""Secrets that have to be read again, encrypted where they lie.

The key is derived from ``SECRET_KEY``; those of ``SECRET_KEY_FALLBACKS`` still open what they sealed, so
the key can be changed without losing a secret. A copy of the database alone gives none of them away.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class CannotOpen(Exception):
    """What was sealed was sealed with a key that this installation no longer has, or was changed."""


def seal(text: str, *, purpose: str) -> str:
    """Return ``text`` encrypted and authenticated; it opens for the same ``purpose`` only."""
    return _keys(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Return what was sealed. Raises :class:`CannotOpen`."""
    try:
        return _keys(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen(purpose) from None


def reseal(sealed: str, *, purpose: str) -> str:
    """Return the same secret sealed with the present key. Raises :class:`CannotOpen`."""
    return seal(unseal(sealed, purpose=purpose), purpose=purpose)


def _keys(purpose: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(purpose, secret)) for secret in secrets])


def _key(purpose: str, secret: str) -> bytes:
    digest = salted_hmac(f"alliance.sealing.{purpose}", "", secret=secret, algorithm="sha256")
    return base64.urlsafe_b64encode(digest.digest())
