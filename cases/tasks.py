"""Celery tasks of cases: queued email, held decisions, overdue steps, figures, evidence storage, retention."""

from __future__ import annotations

import time

from celery import shared_task

from alliance.lib import wakeup
from cases.background import (
    retention,
    storage_alerts,
    sweeper,  # noqa: F401  (starts the sweeper when a worker starts)
)
from cases.bulk import jobs as bulk_jobs
from cases.figures import impact
from cases.liaison.delivery import rates
from cases.lists.saved_views import cases_of
from cases.mail import queue as mail_queue
from cases.services import (
    disposal,
    escalations,
    held,
    listing_keys,
    picture_readings,
    previews,
    reminders,
    storage_use,
    subscriptions,
)

SLICE_SECONDS = 20.0
# The last picture may take as long as alliance.lib.ocr permits.
READING_SECONDS = 5.0


@shared_task(ignore_result=True)
def send_mails() -> None:
    """Send due email for at most :data:`SLICE_SECONDS`. The sweeper wakes a worker for the rest.

    With a slow mail server a longer task could exceed the broker's visibility timeout.
    """
    mail_queue.send_due(seconds=SLICE_SECONDS)


@shared_task(ignore_result=True)
def perform_held_decisions() -> None:
    """Carry out decisions that can no longer be undone, for at most :data:`SLICE_SECONDS`."""
    held.perform_due(seconds=SLICE_SECONDS)


@shared_task(ignore_result=True)
def escalate_overdue_steps() -> None:
    """Record deliveries of referrals, resolve completed steps and raise overdue ones."""
    escalations.sweep()


@shared_task(ignore_result=True)
def remind_members() -> None:
    """Remind members of unanswered questions."""
    reminders.remind_members()


@shared_task(ignore_result=True)
def publish_figures() -> None:
    """Publish the figures if operations were verified or retracted since the latest snapshot."""
    wakeup.clear(impact.FLAG)
    impact.publish_if_due()


@shared_task(ignore_result=True)
def dispose_discarded() -> None:
    """Dispose of the files of discarded drafts for at most :data:`SLICE_SECONDS`."""
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until and disposal.dispose_discarded(at_most=10):
        pass


@shared_task(ignore_result=True)
def make_previews() -> None:
    """Make due previews of evidence for at most :data:`SLICE_SECONDS`."""
    previews.make_due(seconds=SLICE_SECONDS)


@shared_task(ignore_result=True)
def read_pictures() -> None:
    """Read contacts in due pictures of evidence for at most :data:`READING_SECONDS` and one picture more."""
    picture_readings.read_due(seconds=READING_SECONDS)


@shared_task(ignore_result=True)
def add_missing_previews() -> None:
    """Queue the previews of pictures that have none, for at most :data:`SLICE_SECONDS`."""
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until and previews.add_missing():
        pass


@shared_task(ignore_result=True)
def recount_storage() -> None:
    """Correct storage counters that differ from the members' files."""
    storage_use.recount()


@shared_task(ignore_result=True)
def check_evidence_space() -> None:
    """Notify the operators when the evidence storage is low on space."""
    storage_alerts.check_free_space()


@shared_task(ignore_result=True)
def delete_old_records() -> None:
    """Delete records after their retention period, a bounded number of each kind."""
    rates.forget_old()
    retention.delete_old_attempts()
    retention.delete_old_notices()
    retention.delete_old_tests()
    retention.delete_old_mails()
    bulk_jobs.delete_old()


@shared_task(ignore_result=True)
def rebuild_listing_keys() -> None:
    """Rebuild the keys of listings after a change of marketplaces' rules, a slice at a time."""
    wakeup.clear(listing_keys.FLAG)
    if not listing_keys.rebuild(seconds=SLICE_SECONDS):
        listing_keys.wake()


@shared_task(ignore_result=True)
def check_listing_keys() -> None:
    """Start a rebuild of listing keys if the marketplaces' rules have changed since the last one."""
    listing_keys.wake_if_stale()


@shared_task(ignore_result=True)
def run_bulk() -> None:
    """Check, apply and undo bulk actions for at most :data:`SLICE_SECONDS`."""
    bulk_jobs.run_due(seconds=SLICE_SECONDS)


@shared_task(ignore_result=True)
def look_at_views() -> None:
    """Look at the saved views whose subscriptions are due, for at most :data:`SLICE_SECONDS`."""
    subscriptions.look_due(cases_of=cases_of, seconds=SLICE_SECONDS)
