"""Public references: short, unguessable, easy to read out on the telephone."""

from __future__ import annotations

import secrets

# Crockford's base 32: no I, L, O or U, so nothing is misread and no word appears.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def reference(prefix: str) -> str:
    """Return e.g. ``AP-7K3M-9QXD`` for the prefix ``AP``: 40 random bits.

    Uniqueness is the column's business; a clash is one in 10^12 and raises ``IntegrityError`` there.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{code[:4]}-{code[4:]}"


def case_reference() -> str:
    """Return a new reference for a case."""
    return reference("AP")


def referral_reference() -> str:
    """Return a new reference for a referral to an agency."""
    return reference("LR")


def operation_reference() -> str:
    """Return a new reference for an operation."""
    return reference("OP")
