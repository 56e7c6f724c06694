"""Encryption at rest for secrets that the portal has to read again.

The key is derived from ``SECRET_KEY``. Keys in ``SECRET_KEY_FALLBACKS`` still decrypt, so the key can be rotated. A
copy of the database does not reveal the secrets.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class CannotOpen(Exception):
    """The ciphertext was encrypted with an unknown key, or was modified."""


def seal(text: str, *, purpose: str) -> str:
    """Encrypt and authenticate ``text``. It can be decrypted with the same ``purpose`` only."""
    return _keys(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Decrypt ``sealed``. Raises :class:`CannotOpen`."""
    try:
        return _keys(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen(purpose) from None


def reseal(sealed: str, *, purpose: str) -> str:
    """Encrypt the secret again with the current key. Raises :class:`CannotOpen`."""
    return seal(unseal(sealed, purpose=purpose), purpose=purpose)


def _keys(purpose: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(purpose, secret)) for secret in secrets])


def _key(purpose: str, secret: str) -> bytes:
    digest = salted_hmac(f"alliance.sealing.{purpose}", "", secret=secret, algorithm="sha256")
    return base64.urlsafe_b64encode(digest.digest())
