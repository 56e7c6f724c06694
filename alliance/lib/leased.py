"""Background work under a lease: rows of a table that workers claim, process outside any transaction, and save.

A claim counts the attempt and moves ``due_at`` to the end of the lease. If the worker dies or the work fails, the row is
due again after the lease. The worker that saves the result sets another state.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

import structlog
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from alliance.lib import clock, wakeup

log = structlog.get_logger(__name__)

# The states of rows that are not done yet, and of those that are given up.
WAITING, IMPOSSIBLE = "waiting", "impossible"


class LeasedRow(models.Model):
    """Base class of rows that are work. The field ``state`` has :data:`WAITING`, :data:`IMPOSSIBLE` and what is done."""

    state: models.CharField[str, str]
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=clock.now)

    class Meta:
        abstract = True


R = TypeVar("R", bound=LeasedRow)


@dataclass(frozen=True)
class LeasedWork(Generic[R]):
    """One kind of work. ``rows`` returns the rows that workers may process at present, due or not.

    ``name`` is that of the wake-up, and is in the log. ``task``, on ``queue``, calls
    :meth:`run`. The first lease lasts ``lease``, the second twice as long, and so on. A row that has been tried
    ``max_attempts`` times is given up: it may be what ends the process.
    """

    name: str
    rows: Callable[[], QuerySet[R]]
    task: str
    queue: str
    lease: timedelta
    max_attempts: int

    def wake(self) -> None:
        """Wake a worker, unless one has been woken already. Never raises."""
        wakeup.send(self.task, queue=self.queue, flag=self.name)

    def wake_if_due(self) -> None:
        """Wake a worker if a row is due: a retry, or one whose wake-up was lost."""
        if self._due().exists():
            self.wake()

    def run(self, process: Callable[[R], None], *, seconds: float) -> None:
        """Process due rows until none is due or ``seconds`` have passed. The sweeper wakes a worker for the others."""
        wakeup.clear(self.name)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            row = self.claim()
            if row is None:
                return
            if row.state == WAITING:
                process(row)

    @transaction.atomic
    def claim(self) -> R | None:
        """Return the row that has been due the longest, or ``None``. It is under a lease, or has just been given up."""
        # Rows that it refers to are not locked.
        due = self._due().select_for_update(skip_locked=True, no_key=True, of=("self",))
        row = due.order_by("due_at").first()
        if row is None:
            return None
        row.attempts += 1
        # Recorded before the work, so that a row that ends the process is given up.
        row.due_at = clock.now() + self.lease * row.attempts
        if row.attempts > self.max_attempts:
            row.state = IMPOSSIBLE
            log.error("work_given_up", work=self.name, key=str(row.pk))
        row.save(update_fields=["attempts", "due_at", "state"])
        return row

    def _due(self) -> QuerySet[R]:
        return self.rows().filter(state=WAITING, due_at__lte=clock.now())
