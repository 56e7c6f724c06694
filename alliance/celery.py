"""The Celery application. ``settings.py`` configures it with the ``CELERY_`` settings."""

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
def keep_django_logging(**_: Any) -> None:
    """Keep Django's logging configuration: Celery does not set up its own if this signal has a receiver."""


@task_prerun.connect
@task_postrun.connect
def reuse_connections(**_: Any) -> None:
    """Reuse the database connection between tasks, and close it if it is broken or older than ``CONN_MAX_AGE``.

    Celery closes it after each task by default; ``CELERY_DB_REUSE_MAX`` disables that. For a short task, opening a
    PostgreSQL session takes longer than the work.
    """
    close_old_connections()
