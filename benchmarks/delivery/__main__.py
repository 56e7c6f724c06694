"""Benchmarks of delivery as ratios within one run: ``make bench-delivery``, or on your own servers

    DATABASE_URL=… REDIS_URL=… LIAISON_REDIS_URL=… python -m benchmarks.delivery --empty

The database must be a private one: everything in it, and in both Redis servers, is deleted. A missed goal is
reported and does not fail the run, because the machine may be the cause.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import django

from benchmarks.delivery.figures import Line, as_json, table

PARTS = ("throughput", "naive", "latency", "webhooks", "cost")


def lines(results: dict[str, dict]) -> list[Line]:
    """Return the figures with their goals, from the results of the parts that were run."""
    rows: list[Line] = []
    if result := results.get("throughput"):
        note = f"{result['relay']:,.0f}/s; bound {result['bound']:,.0f}/s"
        note += f" of XADD {result['xadd']:,.0f}/s and SQL {result['sql']:,.0f}/s"
        rows.append(Line("relay, share of the serial bound", result["share"], "", 0.8, True, note))
    if result := results.get("naive"):
        note = f"{result['relay']:,.0f}/s and {result['task']:,.0f}/s"
        rows.append(Line("relay ÷ a Celery task per update", result["times"], "", 10, True, note))
    for name, goal in (  # in milliseconds
        ("100/s", 30.0),
        ("1000/s", 50.0),
        ("no wake-up", 2500),
        ("task lost", 2500),
    ):
        if result := results.get("latency", {}).get(name):
            note = f"p50 {result['p50']:.3g} ms, largest {result['max']:.3g} ms; "
            note += f"{result['achieved']:,.0f}/s of {result['offered']:,.0f}/s offered"
            rows.append(Line(f"commit → stream, {name}, p99", result["p99"], "ms", goal, note=note))
    if result := results.get("webhooks"):
        note = f"p99 {result['hanging p99']:.0f} ms and {result['normal p99']:.0f} ms; "
        note += f"p50 {result['hanging p50']:.0f} ms and {result['normal p50']:.0f} ms"
        rows.append(
            Line(
                "one of ten webhooks hangs: the others' p99 ÷", result["times"], "", 1.5, note=note
            )
        )
    if result := results.get("cost"):
        note = f"a query after it {result['woken page ms']:.2f} ms, "
        note += f"without it {result['page ms']:.2f} ms"
        rows.append(
            Line("wake-up after the commit, p50", result["after commit ms"], "ms", 0.6, note=note)
        )
        note = f"{result['with ms']:.2f} ms and {result['without ms']:.2f} ms"
        rows.append(Line("outbox, of a case update", result["share"] * 100, "%", 40, note=note))
    return rows


def parts(folder: Path, times: float) -> dict[str, Callable[[], dict]]:
    """Return the measurements by name. ``times`` multiplies their duration."""
    from benchmarks.delivery import cost, latency, throughput, webhooks

    return {
        "throughput": lambda: throughput.relay_and_bound(5000, round(4 * times)),
        "naive": lambda: throughput.relay_and_naive(
            folder, round(15000 * times), round(1500 * times)
        ),
        "latency": lambda: latency.at_rates(folder, 10 * times),
        "webhooks": lambda: webhooks.one_hangs(folder, 15 * times),
        "cost": lambda: cost.outbox_and_wake_up(folder, round(150 * times)),
    }


def main() -> int:
    """Run the measurements, print a table and a line of JSON, and return the exit status."""
    parser = argparse.ArgumentParser(prog="benchmarks.delivery", description=__doc__)
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="run this part only (repeatable)"
    )
    parser.add_argument(
        "--times", type=float, default=1.0, help="multiplies the duration; default 1"
    )
    parser.add_argument(
        "--empty", action="store_true", help="delete everything, even if there are users"
    )
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()
    from benchmarks.delivery import scenario
    from members.models import User

    if User.objects.exists() and not arguments.empty:
        print("This database contains users. Use a private one with --empty.")
        return 1
    results: dict[str, dict] = {}
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, part in parts(Path(folder), arguments.times).items():
            if arguments.only and name not in arguments.only:
                continue
            print(f"  {name} ".ljust(34, "."), end=" ", flush=True)
            started = time.monotonic()
            scenario.empty()
            try:
                results[name] = part()
            except Exception:  # noqa: BLE001  (the other parts still run)
                failed = True
                traceback.print_exc()
            print(f"{time.monotonic() - started:5.1f} s", flush=True)
    facts = scenario.facts() | {"machine": f"{os.cpu_count()} cores, {platform.machine()}"}
    facts |= {"at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()), "load": os.getloadavg()[0]}
    scenario.empty()
    print(f"\n{table(lines(results))}\n")
    print("\n".join(f"{name}: {value}" for name, value in facts.items()))
    print(f"\n{as_json(lines(results), results | {'facts': facts})}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
