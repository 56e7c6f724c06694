"""Ten agencies with webhooks, one of which hangs: the latency of the other nine.

Measured from the return of COMMIT to the arrival of the request at the agency. The hanging agency accepts the
connection and the request, and never responds. There is no such benchmark for streams, because they share one Redis.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from django.test import override_settings

from benchmarks.delivery import programs, scenario
from benchmarks.delivery.figures import milliseconds, spread
from cases.liaison.models import Update
from tests.liaison.receiver import Receiver, silence

AGENCIES = 10
PER_SECOND = 20
WARM_UP = 3.0


def one_hangs(folder: Path, seconds: float) -> dict[str, float]:
    """Return p50 and p99 in ms of nine agencies, with the tenth responding and with it hanging."""
    queues, concurrency = programs.WEBHOOK_WORKER
    with contextlib.ExitStack() as stack:
        stack.enter_context(override_settings(WEBHOOK_ALLOW_PRIVATE=True))
        receivers = [stack.enter_context(Receiver()) for _ in range(AGENCIES)]
        setup = scenario.make(channels=AGENCIES, cases=2, urls=[one.url for one in receivers])
        stack.enter_context(
            programs.worker(
                folder, queues=queues, concurrency=concurrency, WEBHOOK_ALLOW_PRIVATE="1"
            )
        )
        _measure(setup, receivers, WARM_UP)
        normal = _measure(setup, receivers, seconds)
        receivers[-1].answer = silence(60.0)
        hanging = _measure(setup, receivers, seconds)
    return {
        "normal p50": normal["p50"],
        "normal p99": normal["p99"],
        "hanging p50": hanging["p50"],
        "hanging p99": hanging["p99"],
        "times": hanging["p99"] / normal["p99"],
    }


def _measure(
    setup: scenario.Scenario, receivers: list[Receiver], seconds: float
) -> dict[str, float]:
    others = receivers[:-1]
    for one in receivers:
        one.calls.clear()
    each = len(setup.referrals) // AGENCIES
    cases = [setup.referrals[a * each + c].case_id for c in range(each) for a in range(AGENCIES)]
    written = programs.write(
        {
            "cases": cases,
            "by": setup.moderator.pk,
            "per_second": PER_SECOND,
            "channels": [],
            "copies": 0,
            "seconds": seconds,
            "lose": "",
        }
    )
    theirs = Update.objects.filter(pk__in=written["commits"]).exclude(
        referral__in=setup.referrals[-each:]
    )
    expected = {str(pk): written["commits"][str(pk)] for pk in theirs.values_list("pk", flat=True)}
    until = time.monotonic() + 60
    while True:
        arrived = {call.id: call.at for one in others for call in list(one.calls)}
        missing = expected.keys() - arrived.keys()
        if not missing:
            break
        if time.monotonic() > until:
            raise RuntimeError(f"{len(missing)} updates did not arrive")
        time.sleep(0.05)
    return spread([arrived[update] * 1000 - milliseconds(at) for update, at in expected.items()])
