"""A thread in every worker that finds due lanes and e-mails. Delivery does not depend on beat.

The worker that gets the advisory lock sweeps; the others try again two seconds later. The lock belongs to a
transaction, so a killed worker leaves nothing behind.
"""

from __future__ import annotations

import threading
from typing import Any

import structlog
from celery.signals import worker_ready, worker_shutting_down
from django.db import close_old_connections, connection, transaction

from cases.liaison.delivery.sweep import sweep as sweep_lanes
from cases.mail.case_steps import wake_if_due as sweep_mail

log = structlog.get_logger(__name__)

EVERY_SECONDS = 2.0
LOCK = 0x6C_69_61_69  # one number for the whole installation
_stop = threading.Event()


def sweep_if_leader() -> bool:
    """Sweep, unless another worker is sweeping; return whether this worker did."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return False
        sweep_lanes()
        sweep_mail()
    return True


def _run() -> None:
    while not _stop.wait(EVERY_SECONDS):
        try:
            close_old_connections()
            sweep_if_leader()
        except Exception as error:
            log.exception("sweep_failed", error=type(error).__name__)
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
