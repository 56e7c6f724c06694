"""A Celery consumer that survives an outage of the broker and reconnects at least every two seconds."""

from __future__ import annotations

from functools import partial
from typing import Any, NoReturn

from celery.worker import consumer

# Celery's default interval grows to thirty seconds, and updates would wait that long after the broker has recovered.
RETRY_SECONDS, MAX_RETRY_SECONDS = 0.5, 2.0


class Consumer(consumer.Consumer):
    """Celery's consumer with a shorter interval between connection attempts, and one that an outage does not end."""

    def ensure_connected(self, conn: Any) -> Any:
        """Connect to the broker. Retries without limit, at intervals of up to two seconds."""
        conn.ensure_connection = partial(
            conn.ensure_connection,
            interval_start=RETRY_SECONDS,
            interval_step=RETRY_SECONDS,
            interval_max=MAX_RETRY_SECONDS,
        )
        return super().ensure_connected(conn)

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Close the broken connection and leave its unacknowledged messages to the visibility timeout.

        Kombu 5.7 returns them to their queues when it closes a channel, and acknowledges the others when their tasks
        end. Without a connection, both fail with an ``AttributeError``, which ends the worker.
        """
        connection: Any = self.connection
        for channel in connection.transport.channels:
            channel.do_restore = False
            channel.basic_ack = channel.basic_reject = _refuse
        super().on_connection_error_after_connected(exc)


def _refuse(*_: Any, **__: Any) -> NoReturn:
    """Raise an error that Celery logs and ignores: the message is delivered again."""
    raise ConnectionError("the connection of this message is lost")
