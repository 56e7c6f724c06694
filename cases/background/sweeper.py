"""A thread in every worker that finds due deliveries, email, decisions, previews and pictures, so that they do not depend on Celery beat.

The worker that gets the advisory lock sweeps. The others try again after two seconds. The lock ends with its
transaction, so a killed worker does not keep it.
"""

from __future__ import annotations

import threading
from typing import Any

import structlog
from celery.signals import worker_ready, worker_shutting_down
from django.db import close_old_connections, connection, transaction

from cases.liaison.delivery.sweep import sweep as sweep_channels
from cases.mail import queue as mail_queue
from cases.services import held, previews, reading_queue

log = structlog.get_logger(__name__)

EVERY_SECONDS = 2.0
LOCK = 0x6C_69_61_69  # the key of an advisory lock, unique in the database
_stop = threading.Event()


def sweep_if_leader() -> bool:
    """Sweep unless another worker is sweeping; return whether this worker did."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return False
        sweep_channels()
        mail_queue.wake_if_due()
        held.WORK.wake_if_due()
        previews.WORK.wake_if_due()
        reading_queue.WORK.wake_if_due()
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
    """Stop the thread when the worker shuts down."""
    _stop.set()
