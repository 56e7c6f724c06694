"""Measure how fast addresses are read, as a ratio to their normalisation alone.

    python -m benchmarks.addresses
    python -m benchmarks.addresses --rounds 20

The addresses are the collected forms of listings, shops and short links that the tests use. Both sides of the ratio are
measured alternately in one process, so other load on the machine affects both. The goal is 20,000 addresses a second on
one core; times are those of the processor.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django
from django.core.exceptions import ValidationError

FORMS = Path(__file__).parents[1] / "tests/cases/addresses/data/forms.csv"
KINDS = ("item", "shop", "short")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()
    from cases.marketplaces.catalogue import read
    from cases.marketplaces.normalisation import normalise_url

    normalise = partial(normalise_url, is_strict=False)
    addresses = [address for address in typical() if _is_valid(normalise, address)]
    reading, floor = [], []
    for _round in range(rounds):
        reading.append(_seconds(read, addresses))
        floor.append(_seconds(normalise, addresses))
    whole, part = statistics.median(reading), statistics.median(floor)
    print(f"addresses: {len(addresses)}")
    print(f"reading ÷ normalisation: {whole / part:.2f}")
    print(
        f"read in a second: {len(addresses) / whole:,.0f} (best {len(addresses) / min(reading):,.0f})"
    )


def typical() -> list[str]:
    """Return the collected addresses of listings, shops and short links."""
    with FORMS.open(newline="") as file:
        return [row["url"] for row in csv.DictReader(file) if row["kind"] in KINDS]


def _is_valid(normalise: Callable[[str], object], address: str) -> bool:
    try:
        normalise(address)
    except ValidationError:
        return False
    return True


def _seconds(function: Callable[[str], object], addresses: list[str]) -> float:
    started = time.process_time()
    for address in addresses:
        function(address)
    return time.process_time() - started


if __name__ == "__main__":
    main()
