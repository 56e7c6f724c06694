"""Celery tasks."""

from __future__ import annotations

import time
from collections.abc import Callable

from celery import shared_task

from members import sessions
from members.services import (
    applications,
    authorisation_reminders,
    documents,
    idempotency,
    import_files,
    import_runs,
    right_reminders,
    token_reminders,
)

SLICE_SECONDS = 20.0


@shared_task(ignore_result=True)
def delete_expired_sessions() -> None:
    """Delete expired sessions in batches, for up to :data:`SLICE_SECONDS`. The next run continues."""
    _repeat(sessions.delete_expired)


@shared_task(ignore_result=True)
def remind_of_rights() -> None:
    """Remind owners of rights that expire soon, for up to :data:`SLICE_SECONDS`. The next run continues."""
    _repeat(right_reminders.remind_next)


@shared_task(ignore_result=True)
def remind_of_authorisations() -> None:
    """Remind agents and owners of authorisations that end soon, for up to :data:`SLICE_SECONDS`."""
    _repeat(authorisation_reminders.remind_next)


@shared_task(ignore_result=True)
def delete_leftovers() -> None:
    """Delete documents that nothing refers to, and files without a row."""
    documents.delete_leftovers()


@shared_task(ignore_result=True)
def run_imports() -> None:
    """Check and apply imports of sheets for up to :data:`SLICE_SECONDS`. The next run continues."""
    import_runs.run_due(seconds=SLICE_SECONDS)


@shared_task(ignore_result=True)
def delete_old_imports() -> None:
    """Delete the files and messages of old imports, for up to :data:`SLICE_SECONDS`."""
    _repeat(import_files.delete_next_old)


@shared_task(ignore_result=True)
def remind_of_tokens() -> None:
    """Remind people of access tokens that expire soon, for up to :data:`SLICE_SECONDS`."""
    _repeat(token_reminders.remind_next)


@shared_task(ignore_result=True)
def delete_stored_answers() -> None:
    """Delete the answers to idempotency keys that are a day old."""
    _repeat(idempotency.delete_expired)


@shared_task(ignore_result=True)
def delete_expired_applications() -> None:
    """Delete old drafts of applications, and the documents of those that were refused or withdrawn."""
    _repeat(applications.delete_expired)
    _repeat(applications.delete_old_documents)


def _repeat(step: Callable[[], object]) -> None:
    """Call ``step`` while it returns that it found something, for up to :data:`SLICE_SECONDS`."""
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until and step():
        pass
