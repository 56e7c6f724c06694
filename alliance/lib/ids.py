"""Public references: short, unguessable, easy to read out on the telephone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

T = TypeVar("T")
TRIES = 5

# Crockford's base 32: no I, L, O or U, so nothing is misread and no word appears.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What follows the prefix of a reference. Wider than the alphabet: a misread letter still looks like one.
_CODE = "-[0-9A-Z]{4}-[0-9A-Z]{4}"


def pattern(*prefixes: str) -> str:
    """Return the regular expression of references with one of ``prefixes``, in capitals or small letters."""
    return f"(?ai:(?:{'|'.join(prefixes)}){_CODE})"


def is_reference(text: str, *prefixes: str) -> bool:
    """Say whether ``text`` has the shape of a reference with one of ``prefixes``, in any case."""
    return re.fullmatch(pattern(*prefixes), text) is not None


def reference(prefix: str) -> str:
    """Return e.g. ``AP-7K3M-9QXD`` for the prefix ``AP``: 40 random bits.

    The column is unique. Among a million cases a new reference clashes with one of them about once in a
    million: rows with references are saved through :func:`unless_clashing`.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{code[:4]}-{code[4:]}"


def unless_clashing(save: Callable[[], T]) -> T:
    """Call ``save`` in a savepoint, and again while the reference that it draws exists already.

    ``save`` draws a new reference each time it is called. Other violations of constraints are raised.
    """
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return save()
        except IntegrityError as error:
            if not left or not _is_clash(error):
                raise
    raise AssertionError("the last try returns or raises")


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
