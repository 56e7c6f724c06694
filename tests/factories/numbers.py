"""A number for whatever must be the only one of its name."""

from __future__ import annotations

import itertools

_numbers = itertools.count(1)


def number() -> int:
    """Return a number that no other thing of this test run has."""
    return next(_numbers)


# --- People and organisations ----------------------------------------------------------------
