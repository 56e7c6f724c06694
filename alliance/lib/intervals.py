"""Confidence intervals of shares."""

from __future__ import annotations

from math import sqrt

# The quantile of the standard normal distribution for a confidence of 95%.
Z = 1.959963984540054


def wilson(successes: int, total: int) -> tuple[float, float]:
    """Return the Wilson score interval of the share ``successes / total`` at 95%, as two numbers from 0 to 1.

    Unlike the normal approximation it is usable for a few observations and for shares of 0 and 1. Source: E. B. Wilson,
    Probable inference, the law of succession, and statistical inference, JASA 22 (1927). Raises ``ValueError`` unless
    ``0 <= successes <= total`` and ``total > 0``.
    """
    if not 0 <= successes <= total or total == 0:
        raise ValueError("successes must be between 0 and a positive total")
    share, square = successes / total, Z * Z
    centre = share + square / (2 * total)
    margin = Z * sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    # Rounding errors must not exclude the share itself.
    low = min(max((centre - margin) / scale, 0.0), share)
    high = max(min((centre + margin) / scale, 1.0), share)
    return low, high
