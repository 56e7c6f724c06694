"""A web process: commits steps of referred cases through the portal's services and records acknowledged steps.

Each step carries a unique token (the moderator's note), which every channel must deliver. After the service
has returned, the token is written to the client's own list and flushed to disk; such a step was acknowledged.
A step that failed with an error may have been committed or not.
"""

from __future__ import annotations

import json
import os
import random
import time
from contextlib import suppress

from celery import current_app
from django.conf import settings
from django.db import Error, connection
from django.db.utils import InterfaceError

from alliance.lib.refusals import Refusal
from cases.models import Case
from cases.services import decisions
from cases.states import Status
from members.models import User


def run(
    *,
    name: str,
    seed: int,
    acknowledged: str,
    cases: list[int],
    by: int,
    rate: float,
    pauses: list[float] | None,
    database: int,
    broker: int,
) -> None:
    """Commit about ``rate`` steps a second in randomly chosen ``cases`` until killed.

    With ``pauses``, commit one step after each of them instead, and then no more. ``database`` and ``broker``
    are the ports that this process uses; workers use others.
    """
    planned = iter([*pauses, 3600.0]) if pauses else None
    use_routes(database, broker)
    chance = random.Random(seed)
    moderator: User | None = None
    number = 0
    with open(acknowledged, "a", buffering=1) as notes:  # noqa: PTH123  (one handle for the whole run)
        while True:
            time.sleep(next(planned) if planned else chance.expovariate(rate))
            number += 1
            token = f"{name}-{number}"
            try:
                moderator = moderator or User.objects.get(pk=by)
                reference = step(chance.choice(cases), moderator, token)
            except Refusal:
                continue  # another client was faster; nothing was changed
            except (Error, InterfaceError, OSError):
                with suppress(Exception):
                    connection.close()
                time.sleep(0.05)
                continue
            notes.write(json.dumps({"token": token, "case": reference}) + "\n")
            notes.flush()
            os.fsync(notes.fileno())


def use_routes(database: int, broker: int) -> None:
    """Use these ports for PostgreSQL and the broker."""
    url = f"redis://127.0.0.1:{broker}/0"
    settings.REDIS_URL = settings.CELERY_BROKER_URL = url
    settings.COUNTER_NOTICE_ANSWER_DAYS = 0  # no waiting period between the steps
    # Celery prefers the environment to the settings, even after they were read.
    os.environ["CELERY_BROKER_URL"] = current_app.conf.broker_url = url
    connection.settings_dict["PORT"] = database


def step(case_id: int, moderator: User, token: str) -> str:
    """Commit the one step that the case's state allows, with ``token`` in it."""
    case = Case.objects.get(pk=case_id)
    if case.status == Status.REMOVED:
        decisions.record_counter_notice(case=case, by=moderator, statement=token)
    else:
        decisions.uphold_again(case=case, by=moderator, facts=token)
    return case.reference
