"""Celery tasks of cases: e-mail that waits in the database is sent; overdue steps are noticed."""

from __future__ import annotations

import time
from typing import Any

from celery import shared_task

from alliance.lib import wakeup
from cases import (
    mail,
    outbox_mail,
    workers,  # noqa: F401  (connects the sweeper to the worker's start)
)
from cases.liaison import notices
from cases.liaison.models import Notice
from cases.models import OutgoingMail
from cases.services import escalations, listing_keys

SLICE_SECONDS = 20.0
QUEUES: tuple[outbox_mail.Queue[Any], ...] = (
    outbox_mail.Queue(
        due=lambda: OutgoingMail.objects.due().select_related("user", "case"),
        compose=mail.compose,
        needless=mail.needless,
    ),
    outbox_mail.Queue(
        due=lambda: Notice.objects.due().select_related("referral__agency", "channel__agency"),
        compose=notices.compose,
        needless=notices.needless,
    ),
)


@shared_task(ignore_result=True)
def send_mails() -> None:
    """Send the e-mails that are due, each kind in turn, until none is left or the time is up.

    What is left then the sweep finds: a slow mail server must not hold a task for longer than the
    broker waits for one.
    """
    wakeup.clear(mail.FLAG)
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        sent = [outbox_mail.send_next(queue) for queue in QUEUES]
        if not any(sent):
            return


@shared_task(ignore_result=True)
def sweep_clocks() -> None:
    """Find steps of referrals that became overdue, and those that were taken."""
    escalations.sweep()


@shared_task(ignore_result=True)
def rebuild_listing_keys() -> None:
    """Compute the keys of listings anew where marketplaces' rules changed, a slice at a time."""
    wakeup.clear(listing_keys.FLAG)
    if not listing_keys.rebuild(seconds=SLICE_SECONDS):
        listing_keys.wake()
