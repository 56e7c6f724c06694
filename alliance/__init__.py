"""The Alliance Portal project. Importing the package loads the Celery application."""

from alliance.celery import app as celery_app

__all__ = ["celery_app"]
