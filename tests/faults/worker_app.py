"""The Celery application of the harness's workers: the portal's own, or one with a mutant in it.

``FAULTS_MUTANT`` names the mutant, ``FAULTS_NO_SWEEP`` takes the sweeper out, ``FAULTS_NAP`` holds the worker
up for so many seconds when it has drained a lane. The portal knows of none of them.
"""

from __future__ import annotations

import os
import time
from typing import Any

from celery.signals import worker_init

from alliance.celery import app
from cases.background import sweeper
from cases.liaison.delivery.stream import relay
from tests.faults import mutants

__all__ = ["app"]


def _hold_up(seconds: float) -> None:
    real = relay.drain

    def drain(channel_id: int) -> int:
        sent = real(channel_id)
        time.sleep(seconds)
        return sent

    relay.drain = drain


@worker_init.connect
def _change(**_: Any) -> None:
    if nap := os.environ.get("FAULTS_NAP"):
        _hold_up(float(nap))
    if name := os.environ.get("FAULTS_MUTANT"):
        mutants.ALL[name]()
    if os.environ.get("FAULTS_NO_SWEEP"):
        sweeper.sweep_if_leader = lambda: False  # type: ignore[assignment]
