"""Measure how fast addresses are parsed, as a ratio to their normalisation alone.

    python -m benchmarks.addresses
    python -m benchmarks.addresses --rounds 20

They are parsed as in the form for listings, with a row for each marketplace of the catalogue. The addresses are the
collected forms of listings, shops and short links that the tests use. Both sides of the ratio are
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
    from cases.marketplaces import catalogue
    from cases.marketplaces.addresses import parse
    from cases.marketplaces.lookup import Marketplaces
    from cases.marketplaces.normalisation import normalise_url
    from cases.services import catalogued_marketplaces

    parse_one = partial(parse, marketplaces=Marketplaces(catalogued_marketplaces.unsaved()))
    functions = (parse_one, normalise_url)
    addresses = [one for one in typical() if all(_is_valid(each, one) for each in functions)]
    parsing, floor = [], []
    for _round in range(rounds):
        catalogue.read.cache_clear()  # readings are remembered
        parsing.append(_seconds(parse_one, addresses))
        floor.append(_seconds(normalise_url, addresses))
    whole, part = statistics.median(parsing), statistics.median(floor)
    print(f"addresses: {len(addresses)}")
    print(f"parsing ÷ normalisation: {whole / part:.2f}")
    print(
        f"parsed in a second: {len(addresses) / whole:,.0f} (best {len(addresses) / min(parsing):,.0f})"
    )


def typical() -> list[str]:
    """Return the collected addresses of listings, shops and short links."""
    with FORMS.open(newline="") as file:
        return [row["url"] for row in csv.DictReader(file) if row["kind"] in KINDS]


def _is_valid(function: Callable[[str], object], address: str) -> bool:
    try:
        function(address)
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
