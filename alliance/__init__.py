"""The Alliance Portal: project wiring. Importing the package makes the Celery application known."""

from alliance.celery import app as celery_app

__all__ = ["celery_app"]
