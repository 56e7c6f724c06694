"""The worker's connection to the broker: it reconnects within two seconds of the broker's return."""

from __future__ import annotations

from functools import partial
from typing import Any

from celery.worker import consumer

# The library waits two seconds longer after each failure, up to thirty: updates would wait as long for a
# broker that is back again.
RETRY_SECONDS, RETRY_AT_MOST_SECONDS = 0.5, 2.0


class Consumer(consumer.Consumer):
    """Celery's consumer with a shorter pause between attempts to connect."""

    def ensure_connected(self, conn: Any) -> Any:
        """Connect to the broker, trying without end every two seconds at most."""
        conn.ensure_connection = partial(
            conn.ensure_connection,
            interval_start=RETRY_SECONDS,
            interval_step=RETRY_SECONDS,
            interval_max=RETRY_AT_MOST_SECONDS,
        )
        return super().ensure_connected(conn)
