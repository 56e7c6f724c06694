"""``python -m tests.faults``: the long harness, by ``make faults``.

``FAULTS``, ``WIPES`` and ``SEED`` say how much and which; a round of ``--per-round`` faults begins with fresh
agencies and ends with drained lanes and a verdict. One round alone: ``SEED=<its seed> FAULTS=200 WIPES=20``.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path


def prepare_settings() -> None:
    """Let Django's settings be read here: nothing in this process reaches a service through them."""
    nowhere = "127.0.0.1:9"
    for name, value in {
        "DJANGO_SETTINGS_MODULE": "alliance.settings",
        "SECRET_KEY": "of-the-fault-harness-" + "x" * 40,
        "DATABASE_URL": f"postgres://portal:unused@{nowhere}/portal",
        "REDIS_URL": f"redis://{nowhere}/0",
        "LIAISON_REDIS_URL": f"redis://{nowhere}/1",
        "EMAIL_URL": "consolemail://",
        "EVIDENCE_ROOT": "/nonexistent",
    }.items():
        os.environ.setdefault(name, value)
    import django

    django.setup()


def arguments() -> argparse.Namespace:
    """Read the command line; defaults come from the environment, as make passes it on."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    env = os.environ
    parser.add_argument("--faults", type=int, default=int(env.get("FAULTS") or 2000))
    parser.add_argument("--wipes", type=int, default=int(env.get("WIPES") or 200))
    parser.add_argument("--seed", type=int, default=int(env.get("SEED") or 1))
    parser.add_argument("--per-round", type=int, default=200)
    parser.add_argument("--every", type=float, default=0.6, help="seconds from fault to fault")
    parser.add_argument("--minutes", type=float, default=60, help="no new round after so long")
    parser.add_argument("--mutant", default="", help="put a wrong relay in: see mutants.py")
    parser.add_argument("--report", type=Path, default=Path(".run/faults.json"))
    parser.add_argument("--keep", type=Path, default=None, help="copy all logs there")
    return parser.parse_args()


def main() -> int:
    """Run the rounds, write the report; return 1 if anything was lost, doubled, out of order or stuck."""
    told = arguments()
    # Ends like Ctrl-C does, so that engines and processes are taken down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    prepare_settings()
    from tests.faults import report
    from tests.faults.harness import harness
    from tests.faults.schedule import draw

    count = max(1, -(-told.faults // told.per_round))
    until = time.monotonic() + told.minutes * 60
    rounds = []
    _say(f"{told.faults} faults, {told.wipes} wipes, {count} rounds, seed {told.seed}")
    with harness(keep=told.keep) as made:
        for number in range(count):
            faults = told.faults // count + (number < told.faults % count)
            wipes = told.wipes // count + (number < told.wipes % count)
            seed = told.seed + number
            drawn = draw(seed=seed, faults=faults, wipes=wipes, every=told.every)
            one = made.run(f"round-{seed}", seed, drawn, mutant=told.mutant)
            rounds.append(one)
            _say(
                f"seed {seed}: {sum(one.done.values())} faults, {one.committed} commits, "
                f"drained after {one.drained_after} s: "
                + ("good" if one.verdict.is_good else "FAILED")
            )
            for reason in one.verdict.reasons:
                _say(f"    {reason}")
            if time.monotonic() > until:
                _say("the time is up: the remaining rounds were not run")
                break
    found = report.summary(rounds)
    told.report.parent.mkdir(parents=True, exist_ok=True)
    told.report.write_text(
        json.dumps({"summary": found, "rounds": report.details(rounds)}, indent=1) + "\n"
    )
    _say(f"\n{report.table(found)}\n\nThe whole of it, each fault included: {told.report}")
    return 0 if found["is_good"] else 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
