"""Celery tasks of the liaison queues: each takes ids, calls one plain function, returns."""

from __future__ import annotations

import uuid

from celery import shared_task

from cases.liaison.delivery import test_update, wake
from cases.liaison.delivery.crash_points import reached
from cases.liaison.delivery.push import lane
from cases.liaison.delivery.stream import accounts, groups, relay
from cases.liaison.models import Channel
from cases.liaison.monitoring import alerts


@shared_task(ignore_result=True)
def push_lane(channel_id: int) -> None:
    """Drain one channel. The flag goes first: what is committed from now on wakes us again."""
    wake.clear(channel_id)
    reached("flag_cleared")
    relay.drain(channel_id)


@shared_task(ignore_result=True)
def push_webhook_lane(channel_id: int) -> None:
    """Drain one webhook channel, then ask for another turn if its time was up before its work."""
    _push(channel_id, Channel.Kind.WEBHOOK)


@shared_task(ignore_result=True)
def push_mail_lane(channel_id: int) -> None:
    """Drain one e-mail channel."""
    _push(channel_id, Channel.Kind.EMAIL)


def _push(channel_id: int, kind: str) -> None:
    wake.clear(channel_id)
    if lane.drain(channel_id) and lane.has_work(channel_id):
        wake.wake(channel_id, kind)


@shared_task(ignore_result=True)
def test_channel(test_id: str) -> None:
    """Send one test update and keep its answer."""
    test_update.perform(uuid.UUID(test_id))


@shared_task(ignore_result=True)
def send_alerts() -> None:
    """Queue e-mails about channels that fell behind, failed or recovered."""
    alerts.check()


@shared_task(ignore_result=True)
def check_stream_accounts() -> None:
    """Restore the agencies' accounts in the streams' Redis and remove surplus consumer groups."""
    accounts.sweep()
    groups.sweep()
