"""A sweeper in every worker: beat may die, the sweeps must not.

Each worker runs one thread. Whoever gets the advisory lock sweeps; the others look again in a moment.
The lock lives and dies with a transaction, so a killed worker leaves nothing behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from celery.signals import worker_ready, worker_shutting_down
from django.db import close_old_connections, connection, transaction

from cases import retention
from cases.liaison import acl, alerts, groups, rates
from cases.liaison.sweep import sweep as sweep_lanes
from cases.mail import wake_if_due as sweep_mail
from cases.services.escalations import sweep as sweep_clocks
from cases.services.listing_keys import wake_if_stale as sweep_listing_keys

log = structlog.get_logger(__name__)

EVERY_SECONDS = 2.0
# What any number of workers may do at once, and every how many seconds each of them does.
SWEEPS: tuple[tuple[float, Callable[[], object]], ...] = (
    (30.0, sweep_clocks),
    (30.0, sweep_listing_keys),
    (30.0, alerts.look),
    (10.0, acl.sweep),
    (10.0, groups.sweep),
    (600.0, rates.forget_old),
    (600.0, retention.forget_attempts),
    (600.0, retention.forget_notices),
    (600.0, retention.forget_tests),
    (600.0, retention.forget_mails),
)
LOCK = 0x6C_69_61_69  # one number for the whole installation
_stop = threading.Event()


def sweep_alone() -> bool:
    """Sweep, unless another worker is at it; return whether this one did."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return False
        sweep_lanes()
        sweep_mail()
    return True


def _run() -> None:
    due = dict.fromkeys(SWEEPS, 0.0)
    while not _stop.wait(EVERY_SECONDS):
        _try(sweep_alone)
        for seconds, sweep in SWEEPS:
            if time.monotonic() >= due[seconds, sweep]:
                due[seconds, sweep] = time.monotonic() + seconds
                _try(sweep)


def _try(sweep: Callable[[], object]) -> None:
    try:
        close_old_connections()
        sweep()
    except Exception as error:  # noqa: BLE001  (a sweeper that dies of a passing fault sweeps no more)
        name = f"{sweep.__module__}.{sweep.__name__}"
        log.warning("sweep_failed", sweep=name, error=type(error).__name__)
        connection.close()


@worker_ready.connect
def start(**_: Any) -> None:
    """Start the thread when the worker is ready to take tasks."""
    _stop.clear()
    threading.Thread(target=_run, name="sweeper", daemon=True).start()


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    """End the thread with the worker."""
    _stop.set()
