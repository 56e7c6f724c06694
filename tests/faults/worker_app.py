"""The Celery application of the harness's workers: the portal's own, optionally with a mutant.

``FAULTS_MUTANT`` names the mutant, ``FAULTS_NO_SWEEP`` disables the sweeper, ``FAULTS_NAP`` delays the worker by
this many seconds after it has drained a channel. Only this module reads them.
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


def _delay(seconds: float) -> None:
    real = relay.drain

    def drain(channel_id: int) -> int:
        sent = real(channel_id)
        time.sleep(seconds)
        return sent

    relay.drain = drain


@worker_init.connect
def _change(**_: Any) -> None:
    if nap := os.environ.get("FAULTS_NAP"):
        _delay(float(nap))
    if name := os.environ.get("FAULTS_MUTANT"):
        mutants.ALL[name]()
    if os.environ.get("FAULTS_NO_SWEEP"):
        sweeper.sweep_if_leader = lambda: False  # type: ignore[assignment]
