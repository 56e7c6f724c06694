"""The Celery application. Its settings are the ``CELERY_`` ones in ``settings.py``."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")

app = Celery("alliance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Connecting anything here tells Celery to leave Django's logging configuration alone."""


@task_prerun.connect
@task_postrun.connect
def keep_good_connections(**_: Any) -> None:
    """Treat a task as Django treats a request: keep its connection for the next, unless broken or too old.

    Celery would end it after each task; a wake-up then waits for a new session of PostgreSQL longer than
    for all that it does in it. ``CELERY_DB_REUSE_MAX`` keeps it from that.
    """
    close_old_connections()
