"""A line to the broker that gives up in time: tasks are sent over it, and nobody waits for a silent broker.

The libraries' own producers would: connecting is tried for seconds, and an AMQP connection that is open
waits without end for the broker's next word.
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
    """Others wait for the broker already, and it does not answer them."""


class TaskProducer:
    """One connection of this process, opened when it is first needed; threads take turns.

    ``seconds`` is the longest that the broker may be silent, at connecting or later.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._producer: Producer | None = None
        # What a forked child must not touch, and must not let be cleaned up: it is its parent's.
        self._of_parent: list[Producer | None] = []
        os.register_at_fork(after_in_child=self._start_anew)

    def send(
        self,
        task: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Send ``task``; ``options`` are those of ``send_task``. Raises whatever the broker's library raises.

        A kept connection that the broker has ended meanwhile is replaced once. It can happen that the task
        was sent all the same, and is sent twice.
        """
        if not self._lock.acquire(timeout=self.seconds):
            raise Busy
        try:
            kept, until = self._producer is not None, time.monotonic() + self.seconds
            try:
                self._send(task, args, kwargs, options)
            except Exception:
                self._hang_up()
                if not kept or time.monotonic() >= until:
                    raise
                self._send_on_fresh(task, args, kwargs, options)
        finally:
            self._lock.release()

    def _send_on_fresh(self, *what: Any) -> None:
        try:
            self._send(*what)
        except Exception:
            self._hang_up()
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
            # Each host of a list once, without pauses.
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

    def _hang_up(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None and producer.connection is not None:
            # Closing in the proper way means to wait for the other side's answer.
            producer.connection.collect()

    def _start_anew(self) -> None:
        self._of_parent.append(self._producer)
        self._lock, self._producer = threading.Lock(), None
