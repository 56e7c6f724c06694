"""A Celery task for tests that blocks until released; load it with ``--include``."""

from __future__ import annotations

import time
from pathlib import Path

from celery import current_task, shared_task


@shared_task(ignore_result=True)
def hold(folder: str) -> None:
    """Append the task ID to ``begun``, wait for the file ``go``, append the ID to ``ended``."""
    place, who = Path(folder), f"{current_task.request.id}\n"
    with (place / "begun").open("a") as begun:
        begun.write(who)
    while not (place / "go").exists():
        time.sleep(0.02)
    with (place / "ended").open("a") as ended:
        ended.write(who)
