"""Send Celery tasks with short timeouts, so that an unresponsive broker does not block the caller.

Celery's default producer retries for seconds when it connects, and reads from an open connection without a timeout.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from celery import current_app
from kombu import Producer


class Busy(Exception):
    """Another thread is still waiting for the broker."""


class TaskProducer:
    """A producer with one connection per process, which opens on first use. A lock serialises the threads.

    ``seconds`` is the timeout of each connection attempt and socket operation.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._producer: Producer | None = None
        # Producers of the parent process. A forked child must neither use them nor garbage-collect them.
        self._inherited: list[Producer | None] = []
        os.register_at_fork(after_in_child=self._restart)

    def send(
        self,
        task: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Send ``task`` with the ``options`` of ``send_task``. Raises :class:`Busy` and the broker library's errors.

        If a reused connection fails, the task is sent once more over a new connection. It may then be sent twice.
        """
        if not self._lock.acquire(timeout=self.seconds):
            raise Busy
        try:
            reused, until = self._producer is not None, time.monotonic() + self.seconds
            try:
                self._send(task, args, kwargs, options)
            except Exception:
                self._disconnect()
                if not reused or time.monotonic() >= until:
                    raise
                self._send_reconnected(task, args, kwargs, options)
        finally:
            self._lock.release()

    def _send_reconnected(self, *what: Any) -> None:
        try:
            self._send(*what)
        except Exception:
            self._disconnect()
            raise

    def _send(
        self, task: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None, options: Any
    ) -> None:
        if self._producer is None:
            self._producer = self._open()
        current_app.send_task(
            task,
            args=list(args),
            kwargs=dict(kwargs or {}),
            producer=self._producer,
            retry=False,
            confirm_timeout=self.seconds,
            **options,
        )

    def _open(self) -> Producer:
        connection = current_app.connection_for_write(
            connect_timeout=self.seconds,
            transport_options={
                "socket_timeout": self.seconds,
                "socket_connect_timeout": self.seconds,
            },
        )
        try:
            # Try each host once, without delay.
            connection.ensure_connection(
                max_retries=len(connection.alt or [0]) - 1,
                interval_start=0,
                interval_step=0,
                interval_max=0,
            )
            return current_app.amqp.Producer(connection, auto_declare=False)
        except Exception:
            connection.collect()
            raise

    def _disconnect(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None and producer.connection is not None:
            # A regular close would wait for the broker's response.
            producer.connection.collect()

    def _restart(self) -> None:
        self._inherited.append(self._producer)
        self._lock, self._producer = threading.Lock(), None
