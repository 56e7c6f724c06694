"""Celery tasks of cases: queued e-mail, overdue steps, figures, the evidence store, retention."""

from __future__ import annotations

import time
from typing import Any

from celery import shared_task

from alliance.lib import wakeup
from cases.background import (
    retention,
    storage_alerts,
    sweeper,  # noqa: F401  (connects the sweeper to the worker's start)
)
from cases.figures import impact
from cases.liaison.delivery import rates
from cases.liaison.models import Notice
from cases.mail import case_steps, notices
from cases.mail import queue as outbox_mail
from cases.models import OutgoingMail
from cases.services import disposal, escalations, listing_keys, reminders, storage_use

SLICE_SECONDS = 20.0
QUEUES: tuple[outbox_mail.Queue[Any], ...] = (
    outbox_mail.Queue(
        due=lambda: OutgoingMail.objects.due().select_related("user", "case"),
        compose=case_steps.compose,
        skip_reason=case_steps.skip_reason,
    ),
    outbox_mail.Queue(
        due=lambda: Notice.objects.due().select_related("referral__agency", "channel__agency"),
        compose=notices.compose,
        skip_reason=notices.skip_reason,
    ),
)


@shared_task(ignore_result=True)
def send_mails() -> None:
    """Send the e-mails that are due, each kind in turn, until none is left or the time is up.

    What is left then the sweep finds: a slow mail server must not hold a task for longer than the
    broker waits for one.
    """
    wakeup.clear(case_steps.FLAG)
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        sent = [outbox_mail.send_next(queue) for queue in QUEUES]
        if not any(sent):
            return


@shared_task(ignore_result=True)
def escalate_overdue_steps() -> None:
    """Find steps of referrals that became overdue, and those that were taken."""
    escalations.sweep()


@shared_task(ignore_result=True)
def remind_members() -> None:
    """Remind members of questions that they have not answered."""
    reminders.remind_members()


@shared_task(ignore_result=True)
def publish_figures() -> None:
    """Publish the figures if an operation was verified or retracted since the latest snapshot."""
    wakeup.clear(impact.FLAG)
    impact.publish_if_due()


@shared_task(ignore_result=True)
def dispose_discarded() -> None:
    """Dispose of the files of drafts that were discarded some days ago, until the time is up."""
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until and disposal.dispose_discarded(at_most=10):
        pass


@shared_task(ignore_result=True)
def recount_storage() -> None:
    """Compare what each member is said to have stored with the files."""
    storage_use.recount()


@shared_task(ignore_result=True)
def watch_evidence_space() -> None:
    """Notify the operators when the evidence store runs out of space."""
    storage_alerts.check_free_space()


@shared_task(ignore_result=True)
def delete_old_records() -> None:
    """Delete records past their retention period, some thousands of each kind at a time."""
    rates.forget_old()
    retention.delete_old_attempts()
    retention.delete_old_notices()
    retention.delete_old_tests()
    retention.delete_old_mails()


@shared_task(ignore_result=True)
def rebuild_listing_keys() -> None:
    """Compute the keys of listings anew where marketplaces' rules changed, a slice at a time."""
    wakeup.clear(listing_keys.FLAG)
    if not listing_keys.rebuild(seconds=SLICE_SECONDS):
        listing_keys.wake()


@shared_task(ignore_result=True)
def check_listing_keys() -> None:
    """Start a rebuild of listing keys if the marketplaces' rules changed since the last one."""
    listing_keys.wake_if_stale()
