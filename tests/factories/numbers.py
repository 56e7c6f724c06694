"""Numbers for unique names."""

from __future__ import annotations

import itertools

_numbers = itertools.count(1)


def number() -> int:
    """Return a number that is unique in this test run."""
    return next(_numbers)
