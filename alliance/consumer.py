"""A Celery consumer that reconnects to the broker at least every two seconds."""

from __future__ import annotations

from functools import partial
from typing import Any

from celery.worker import consumer

# Celery's default interval grows to thirty seconds, and updates would wait that long after the broker has recovered.
RETRY_SECONDS, MAX_RETRY_SECONDS = 0.5, 2.0


class Consumer(consumer.Consumer):
    """Celery's consumer with a shorter interval between connection attempts."""

    def ensure_connected(self, conn: Any) -> Any:
        """Connect to the broker. Retries without limit, at intervals of up to two seconds."""
        conn.ensure_connection = partial(
            conn.ensure_connection,
            interval_start=RETRY_SECONDS,
            interval_step=RETRY_SECONDS,
            interval_max=MAX_RETRY_SECONDS,
        )
        return super().ensure_connected(conn)
