"""Commits updates at a given rate and records when each commit returned (open loop).

If it falls behind, it writes as fast as it can and stops at the end of its time. The achieved rate is then
below the offered one, and both are reported.

The plan is a JSON object: ``cases`` to change in turn, ``by`` this user, in ``per_second`` transactions for
``seconds``; or ``channels`` to write ``copies`` updates for in turn, in each transaction. ``lose`` selects lost
wake-ups: "" none, "all" all, "sent" sets the flag and loses the task, as a broker that loses its data does.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from typing import Any

import django


def main() -> int:
    """Write by the plan. Print the achieved rate and the commit time by update id, in monotonic nanoseconds."""
    django.setup()
    from benchmarks.delivery import scenario
    from members.models import User

    plan = json.loads(sys.argv[1])
    _lose(plan["lose"])
    by = User.objects.get(pk=plan["by"])
    cases, channels = itertools.cycle(plan["cases"]), itertools.cycle(plan["channels"])
    commits: dict[str, int] = {}

    def write() -> tuple[list[str], int]:
        if plan["copies"]:
            return scenario.timed_copies(next(channels), plan["copies"])
        return scenario.timed_update([next(cases)], by=by)

    # A warm-up, which opens the connections.
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
    result: dict[str, Any] = {"seconds": seconds, "late": late, "commits": commits}
    print(json.dumps(result))
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
