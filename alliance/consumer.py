"""The part of a worker that talks to the broker: back within seconds, and with no queues for delays."""

from __future__ import annotations

from functools import partial
from typing import Any

from celery.worker import consumer

# The library waits two seconds longer after each failure, up to thirty: updates would wait as long for a
# broker that is back again.
RETRY_SECONDS, RETRY_AT_MOST_SECONDS = 0.5, 2.0


class Consumer(consumer.Consumer):
    """Celery's consumer, which does these two things differently."""

    class Blueprint(consumer.Consumer.Blueprint):  # type: ignore[valid-type, misc]
        """Without the step that lays out, on quorum queues, 28 exchanges and queues for tasks with a delay.

        There are no such tasks here (tests/alliance/test_queues.py sees to that).
        """

        default_steps = [
            step
            for step in consumer.Consumer.Blueprint.default_steps
            if not step.endswith(":DelayedDelivery")
        ]

    def ensure_connected(self, conn: Any) -> Any:
        """Connect to the broker, trying without end every two seconds at most."""
        conn.ensure_connection = partial(
            conn.ensure_connection,
            interval_start=RETRY_SECONDS,
            interval_step=RETRY_SECONDS,
            interval_max=RETRY_AT_MOST_SECONDS,
        )
        return super().ensure_connected(conn)
