"""``python -m tests.faults``: the long harness, by ``make faults``.

``FAULTS``, ``WIPES`` and ``SEED`` select the faults. A round of ``--per-round`` faults begins with new agencies and
ends with drained channels and a verdict. To repeat one round: ``SEED=<its seed> FAULTS=200 WIPES=20``.
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
    """Set up Django with unreachable services. Nothing in this process uses them."""
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
    """Parse the command line. Defaults come from the environment, as passed by make."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    env = os.environ
    parser.add_argument("--faults", type=int, default=int(env.get("FAULTS") or 2000))
    parser.add_argument("--wipes", type=int, default=int(env.get("WIPES") or 200))
    parser.add_argument("--seed", type=int, default=int(env.get("SEED") or 1))
    parser.add_argument("--per-round", type=int, default=200)
    parser.add_argument("--every", type=float, default=0.6, help="seconds from fault to fault")
    parser.add_argument(
        "--minutes", type=float, default=60, help="start no new round after this time"
    )
    parser.add_argument("--mutant", default="", help="run a wrong relay: see mutants.py")
    parser.add_argument("--report", type=Path, default=Path(".run/faults.json"))
    parser.add_argument("--keep", type=Path, default=None, help="copy all logs there")
    return parser.parse_args()


def main() -> int:
    """Run the rounds and write the report. Return 1 if an update was lost, doubled, misordered or stuck."""
    options = arguments()
    # Exit like after Ctrl-C, so that servers and processes are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    prepare_settings()
    from tests.faults import report
    from tests.faults.harness import harness
    from tests.faults.schedule import draw

    count = max(1, -(-options.faults // options.per_round))
    until = time.monotonic() + options.minutes * 60
    rounds = []
    _say(f"{options.faults} faults, {options.wipes} wipes, {count} rounds, seed {options.seed}")
    with harness(keep=options.keep) as made:
        for number in range(count):
            faults = options.faults // count + (number < options.faults % count)
            wipes = options.wipes // count + (number < options.wipes % count)
            seed = options.seed + number
            drawn = draw(seed=seed, faults=faults, wipes=wipes, every=options.every)
            one = made.run(f"round-{seed}", seed, drawn, mutant=options.mutant)
            rounds.append(one)
            _say(
                f"seed {seed}: {sum(one.done.values())} faults, {one.committed} commits, "
                f"drained after {one.drained_after} s: "
                + ("passed" if one.verdict.is_good else "FAILED")
            )
            for reason in one.verdict.reasons:
                _say(f"    {reason}")
            if time.monotonic() > until:
                _say("time limit reached: the remaining rounds were not run")
                break
    found = report.summary(rounds)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(
        json.dumps({"summary": found, "rounds": report.details(rounds)}, indent=1) + "\n"
    )
    _say(f"\n{report.table(found)}\n\nDetails, with each fault: {options.report}")
    return 0 if found["is_good"] else 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
