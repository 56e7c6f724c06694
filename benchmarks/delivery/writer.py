"""Commits updates at a given rate and notes when each commit returned. Open loop: it waits for nobody.

Falls it behind, it writes as fast as it can, and at the end of its time leaves off: then less was achieved
than offered, which is said.

The plan is a JSON object: ``cases`` to change in turn, ``by`` whom, in ``per_second`` transactions for
``seconds``; or ``channels`` to write ``copies`` for in turn, so many a transaction. ``lose`` says what becomes of wake-ups: "" sends them, "all" sends
none, "sent" sets their flag and loses the task, as a broker does that forgets what it was given.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from typing import Any

import django


def main() -> int:
    """Write by the plan; print achieved rate and, by update id, monotonic nanoseconds of its commit."""
    django.setup()
    from benchmarks.delivery import ground
    from members.models import User

    plan = json.loads(sys.argv[1])
    _lose(plan["lose"])
    by = User.objects.get(pk=plan["by"])
    cases, channels = itertools.cycle(plan["cases"]), itertools.cycle(plan["channels"])
    commits: dict[str, int] = {}

    def write() -> tuple[list[str], int]:
        if plan["copies"]:
            return ground.timed_copies(next(channels), plan["copies"])
        return ground.timed_update([next(cases)], by=by)

    # Connections, and whatever else only the first time costs.
    write()
    time.sleep(1.0)
    count = int(plan["per_second"] * plan["seconds"])
    started = time.monotonic()
    late = 0.0
    for n in range(count):
        due = started + n / plan["per_second"]
        if (wait := due - time.monotonic()) > 0:
            time.sleep(wait)
        elif time.monotonic() > started + plan["seconds"]:
            break
        updates, at = write()
        commits |= dict.fromkeys(updates, at)
        late = max(late, time.monotonic() - due)
    seconds = max(time.monotonic() - started, count / plan["per_second"])
    told: dict[str, Any] = {"seconds": seconds, "late": late, "commits": commits}
    print(json.dumps(told))
    return 0


def _lose(what: str) -> None:
    from alliance.lib import wakeup
    from cases.liaison import outbox

    if what == "all":
        outbox.wake = lambda *_: None
    elif what == "sent":
        wakeup.PRODUCER.send = lambda *_, **__: None  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.exit(main())
