"""Commits updates at a given rate and records when each commit returned (open loop).

If it falls behind, it writes as fast as it can and stops at the end of its time. The achieved rate is then
below the offered one, and both are reported.

The argument is a JSON object with these keys:

- ``per_second`` and ``seconds``: transactions per second, and for how long.
- ``cases`` and ``by``: keys of the cases that are updated in turn, one per transaction, and of the user.
- ``channels`` and ``copies``: if ``copies`` is not 0, each transaction instead writes that many updates for the next
  channel.
- ``lose``: the wake-ups that are lost. ``""``: none; ``"all"``: all; ``"sent"``: the flag is set and the task is lost,
  as when a broker loses its data.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from typing import Any

import django


def main() -> int:
    """Write as the argument says. Print the achieved rate and the commit time by update id, in monotonic nanoseconds."""
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

    # The first write opens the connections.
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
