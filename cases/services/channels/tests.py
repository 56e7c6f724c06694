"""The test button: a test update is asked for, sent by a worker, and its exact answer shown."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from cases.liaison.delivery import test_update
from cases.liaison.models import Channel, ChannelEvent, ChannelTest
from cases.services.channels.core import Kind, lock, record
from cases.services.refusals import Conflict, Refusal
from members.models import User

AT_MOST_PER_MINUTE = 6


@transaction.atomic
def ask(*, channel: Channel, by: User) -> ChannelTest:
    """Ask for a test update of the channel; a worker sends it as soon as this is committed.

    A paused channel can be tested: nothing else goes through it. Raises :class:`Refusal` for a pull channel
    (nothing is pushed to it) and when there were too many within a minute, :class:`Conflict` while the
    answer of another test is still to come.
    """
    channel = lock(channel, by)
    if channel.kind == Kind.PULL:
        raise Refusal(_("Nothing is pushed to a pull channel: its agency’s system asks by itself."))
    tests = ChannelTest.objects.filter(channel=channel)
    if tests.under_way().exists():
        raise Conflict(_("The answer to the last test is still to come."))
    if tests.filter(asked_at__gt=Now() - timedelta(minutes=1)).count() >= AT_MOST_PER_MINUTE:
        raise Refusal(_("There were several tests within this minute: wait a moment."))
    test = ChannelTest.objects.create(channel=channel, asked_by=by, asked_at=Now())
    record(channel, ChannelEvent.Kind.TESTED, by, test=str(test.pk))
    transaction.on_commit(partial(test_update.wake, test.pk, channel.kind))
    return test
