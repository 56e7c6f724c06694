"""A Celery consumer that survives an outage of the broker and reconnects at least every two seconds."""

from __future__ import annotations

from functools import partial
from typing import Any, NoReturn

from celery.worker import consumer

# Celery's default interval grows to thirty seconds, and updates would wait that long after the broker has recovered.
RETRY_SECONDS, MAX_RETRY_SECONDS = 0.5, 2.0


class Consumer(consumer.Consumer):
    """Celery's consumer. It tries to connect more often, and an outage during a task does not end the worker."""

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
        """Close the broken connection. The broker delivers its unacknowledged messages again after the visibility timeout.

        Kombu 5.7 tries to return these messages to their queues when it closes the connection, and to acknowledge each
        one when its task ends. Both raise ``AttributeError`` then, which ends the worker.
        """
        connection: Any = self.connection
        for channel in connection.transport.channels:
            channel.do_restore = False
            channel.basic_ack = channel.basic_reject = _refuse
        super().on_connection_error_after_connected(exc)


def _refuse(*_: Any, **__: Any) -> NoReturn:
    """Raise an error that Celery logs and ignores."""
    raise ConnectionError("the connection that delivered this message was lost")
