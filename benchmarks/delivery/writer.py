"""Commits updates at a given rate and notes when each commit returned. Open loop: it waits for nobody.

Falls it behind, it writes as fast as it can, and at the end of its time leaves off: then less was achieved
than offered, which is said.

The plan is a JSON object: ``cases`` to change in turn, ``by`` whom, transactions ``per_second`` of
``at_once`` cases each, for ``seconds``; ``lose`` says what becomes of wake-ups: "" sends them, "all" sends
none, "sent" sets their flag and loses the task, as a broker does that forgets what it was given.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django


def main() -> int:
    """Write by the plan; print achieved rate and, by update id, monotonic nanoseconds of its commit."""
    django.setup()
    from members.models import User

    from . import ground

    plan = json.loads(sys.argv[1])
    _lose(plan["lose"])
    by = User.objects.get(pk=plan["by"])
    rotating = _Rotation(plan["cases"], plan["at_once"])
    commits: dict[str, int] = {}
    # Connections, and whatever else only the first time costs.
    ground.update(rotating.next(), by=by)
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
        updates, at = ground.timed_update(rotating.next(), by=by)
        commits |= dict.fromkeys(updates, at)
        late = max(late, time.monotonic() - due)
    seconds = max(time.monotonic() - started, count / plan["per_second"])
    told: dict[str, Any] = {"seconds": seconds, "late": late, "commits": commits}
    print(json.dumps(told))
    return 0


class _Rotation:
    def __init__(self, cases: list[int], at_once: int) -> None:
        self.cases, self.at_once, self.at = cases, at_once, 0

    def next(self) -> list[int]:
        """Return the next few cases, beginning again at the end."""
        chosen = [self.cases[(self.at + i) % len(self.cases)] for i in range(self.at_once)]
        self.at += self.at_once
        return chosen


def _lose(what: str) -> None:
    from alliance.lib import wakeup
    from cases.liaison import outbox

    if what == "all":
        outbox.wake = lambda *_: None
    elif what == "sent":
        wakeup.LINE.send = lambda *_, **__: None  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.exit(main())
