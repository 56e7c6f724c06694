"""Public references: short, unguessable and easy to read out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

T = TypeVar("T")
MAX_ATTEMPTS = 5

# Crockford's base 32: without I, L, O and U, to avoid misreading and accidental words.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The part after the prefix. Accepts all letters, so that a misread reference is still recognised as one.
_CODE = "-[0-9A-Z]{4}-[0-9A-Z]{4}"


def pattern(*prefixes: str) -> str:
    """Return the regular expression of references with one of ``prefixes``, ignoring case."""
    return f"(?ai:(?:{'|'.join(prefixes)}){_CODE})"


def is_reference(text: str, *prefixes: str) -> bool:
    """Return whether ``text`` has the form of a reference with one of ``prefixes``, ignoring case."""
    return re.fullmatch(pattern(*prefixes), text) is not None


def reference(prefix: str) -> str:
    """Return a random reference (40 bits), for example ``AP-7K3M-9QXD`` for the prefix ``AP``.

    With a million cases, a new reference collides about once in a million times. Save rows with
    :func:`unless_clashing`.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{code[:4]}-{code[4:]}"


def unless_clashing(save: Callable[[], T]) -> T:
    """Call ``save`` in a savepoint, and retry up to :data:`MAX_ATTEMPTS` times if its reference already exists.

    ``save`` must generate a new reference on each call. Other constraint violations are raised.
    """
    for left in reversed(range(MAX_ATTEMPTS)):
        try:
            with transaction.atomic():
                return save()
        except IntegrityError as error:
            if not left or not _is_clash(error):
                raise
    raise AssertionError("the last attempt returns or raises")


def _is_clash(error: IntegrityError) -> bool:
    diagnosis = getattr(error.__cause__, "diag", None)
    return "_reference_" in (getattr(diagnosis, "constraint_name", None) or "")


def case_reference() -> str:
    """Return a new reference for a case."""
    return reference("AP")


def referral_reference() -> str:
    """Return a new reference for a referral to an agency."""
    return reference("LR")


def operation_reference() -> str:
    """Return a new reference for an operation."""
    return reference("OP")


def purchase_reference() -> str:
    """Return a new reference for a test purchase."""
    return reference("TP")
