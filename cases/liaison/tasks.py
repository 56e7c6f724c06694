"""Celery tasks of delivery. Each takes ids and calls one function."""

from __future__ import annotations

import uuid

from celery import shared_task

from cases.liaison.delivery import test_update, wake
from cases.liaison.delivery.crash_points import reached
from cases.liaison.delivery.push import sending
from cases.liaison.delivery.stream import accounts, groups, relay, trim
from cases.liaison.models import Channel
from cases.liaison.models.channel import MEMBER_WEBHOOK
from cases.liaison.monitoring import alerts


@shared_task(ignore_result=True)
def push_channel(channel_id: int) -> None:
    """Send what is due in one stream channel.

    The wake-up flag is cleared first, so that changes committed from now on wake a worker again.
    """
    wake.clear(channel_id)
    reached("flag_cleared")
    relay.drain(channel_id)


@shared_task(ignore_result=True)
def push_webhook_channel(channel_id: int) -> None:
    """Send what is due in one webhook of an agency. Wakes itself again if work is left when the time is up."""
    _push(channel_id, Channel.Kind.WEBHOOK)


@shared_task(ignore_result=True)
def push_member_webhook(channel_id: int) -> None:
    """Send what is due in one webhook of a member."""
    _push(channel_id, MEMBER_WEBHOOK)


@shared_task(ignore_result=True)
def push_email_channel(channel_id: int) -> None:
    """Send what is due in one email channel."""
    _push(channel_id, Channel.Kind.EMAIL)


def _push(channel_id: int, route: str) -> None:
    wake.clear(channel_id)
    if sending.drain(channel_id) and sending.has_work(channel_id):
        wake.wake(channel_id, route)


@shared_task(ignore_result=True)
def test_channel(test_id: str) -> None:
    """Send one test update and store the response."""
    test_update.perform(uuid.UUID(test_id))


@shared_task(ignore_result=True)
def send_alerts() -> None:
    """Queue emails about channels that fell behind, failed or recovered."""
    alerts.check()


@shared_task(ignore_result=True)
def check_stream_accounts() -> None:
    """Restore the agencies' accounts in the streams' Redis and remove surplus consumer groups."""
    accounts.sweep()
    groups.sweep()


@shared_task(ignore_result=True)
def trim_streams() -> None:
    """Delete old entries that every consumer group of their stream has acknowledged."""
    trim.trim_all()
