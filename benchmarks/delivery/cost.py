"""The cost of delivery for the request that changes a case: the outbox, and the wake-up after the commit.

A wake-up is sent by its own thread, which competes with the thread that serves the request. Its cost for the
request is therefore measured as the time of a query after the commit, with and without a wake-up before it.

The case update alternates between recording and rejecting a counter-notice, two services that create updates.
Without the outbox only the two functions that write updates are replaced. One agency follows the case, by one stream,
and the member has no webhook.
"""

from __future__ import annotations

import time
from pathlib import Path
from unittest import mock

from django.test import override_settings

from benchmarks.delivery import programs, scenario
from benchmarks.delivery.figures import spread
from cases.liaison import member_outbox, outbox
from cases.liaison.delivery import wake
from cases.models import Case
from cases.services import decisions

PAUSE_SECONDS = 0.03


def outbox_and_wake_up(folder: Path, rounds: int) -> dict[str, float]:
    """Return ms of a case update with and without the outbox, its share, and ms of a wake-up after it.

    The two kinds alternate, so that other load affects both equally.
    """
    queues, concurrency = programs.WORKER
    setup = scenario.make(channels=1, cases=1)
    case = setup.referrals[0].case
    decisions.record_removal(case=case, by=setup.moderator)
    spent: dict[str, list[float]] = {"with": [], "without": [], "page": [], "woken": []}
    with programs.worker(folder, queues=queues, concurrency=concurrency):
        for n in range(rounds + 5):
            with (
                mock.patch.object(outbox, "record", return_value=[]),
                mock.patch.object(member_outbox, "record"),
            ):
                without, page = _update(case, setup, n)
            whole, woken = _update(case, setup, n)
            if n >= 5:
                spent["with"].append(whole)
                spent["without"].append(without)
                spent["page"].append(page)
                spent["woken"].append(woken)
    found = {name: spread(values) for name, values in spent.items()}
    return {
        "with ms": found["with"]["p50"],
        "without ms": found["without"]["p50"],
        "share": found["with"]["p50"] / found["without"]["p50"] - 1,
        "page ms": found["page"]["p50"],
        "woken page ms": found["woken"]["p50"],
        "after commit ms": found["woken"]["p50"] - found["page"]["p50"],
    }


def _update(case: Case, setup: scenario.Scenario, n: int) -> tuple[float, float]:
    """Record and reject a counter-notice.

    Return the means in ms: of a service, and of the wake-ups and a query after its commit.
    """
    due: list[tuple[int, str]] = []
    whole = after = 0.0
    with (
        mock.patch.object(outbox, "wake", lambda channel_id, kind: due.append((channel_id, kind))),
        override_settings(COUNTER_NOTICE_ANSWER_DAYS=0),  # no waiting period for the member
    ):
        for service, by, arguments in (
            (
                decisions.record_counter_notice,
                setup.moderator,
                {"statement": f"The goods are genuine ({n})."},
            ),
            (
                decisions.uphold_again,
                setup.second_moderator,
                {"facts": f"The invoice is from another shop ({n})."},
            ),
        ):
            # A person pauses between two clicks. The worker is idle again by then.
            time.sleep(PAUSE_SECONDS)
            started = time.perf_counter()
            service(case=case, by=by, **arguments)
            committed = time.perf_counter()
            while due:
                wake.wake(*due.pop())
            Case.objects.get(pk=case.pk)
            whole += committed - started
            after += time.perf_counter() - committed
    return whole * 1000 / 2, after * 1000 / 2
