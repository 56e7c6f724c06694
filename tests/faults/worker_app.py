"""The Celery application of the harness's workers: the portal's own, or one with a mutant in it.

``FAULTS_MUTANT`` names the mutant, ``FAULTS_NO_SWEEP`` takes the sweeper out. The portal knows of neither.
"""

from __future__ import annotations

import os
from typing import Any

from celery.signals import worker_init

from alliance.celery import app
from cases import workers
from tests.faults import mutants

__all__ = ["app"]


@worker_init.connect
def _change(**_: Any) -> None:
    if name := os.environ.get("FAULTS_MUTANT"):
        mutants.ALL[name]()
    if os.environ.get("FAULTS_NO_SWEEP"):
        workers.sweep_alone = lambda: False  # type: ignore[assignment]
