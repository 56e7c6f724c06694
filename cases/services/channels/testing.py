"""Request a test update of a channel. A worker sends it and stores the exact response."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from alliance.lib.refusals import Conflict, Refusal
from cases.liaison.delivery import test_update
from cases.liaison.models import Channel, ChannelEvent, ChannelTest
from cases.services.channels.core import Kind, lock, record
from members.models import User

MAX_PER_MINUTE = 6


@transaction.atomic
def request_test(*, channel: Channel, by: User) -> ChannelTest:
    """Request a test update of the channel. A worker sends it after the commit, even if the channel is paused.

    Raises :class:`Refusal` for a pull channel, for a member's webhook that is not in use, and after
    :data:`MAX_PER_MINUTE` tests within a minute; :class:`Conflict` while another test is running.
    """
    channel = lock(channel, by)
    if channel.kind == Kind.PULL:
        raise Refusal(
            _("A pull channel cannot be tested: the agency’s system fetches updates itself.")
        )
    if not test_update.may_be_sent(channel):
        raise Refusal(_("Switch the webhook on before you test it."))
    tests = ChannelTest.objects.filter(channel=channel)
    if tests.under_way().exists():
        raise Conflict(_("The last test has not finished yet."))
    if tests.filter(requested_at__gt=Now() - timedelta(minutes=1)).count() >= MAX_PER_MINUTE:
        raise Refusal(_("Too many tests within a minute. Try again in a moment."))
    test = ChannelTest.objects.create(channel=channel, requested_by=by, requested_at=Now())
    record(channel, ChannelEvent.Kind.TESTED, by, test=str(test.pk))
    transaction.on_commit(partial(test_update.wake, test.pk, channel.route))
    return test
