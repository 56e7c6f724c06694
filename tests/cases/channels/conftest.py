"""A moderator on the operator's pages, and a webhook with dead letters."""

from __future__ import annotations

import pytest
from django.db.models.functions import Now
from django.test import Client

from cases.liaison.delivery.numbering import assign_numbers
from cases.liaison.models import Attempt, Channel, Delivery
from members.models import User
from tests import factories
from tests.cases.channels.pages import URL
from tests.liaison.updates import change
from tests.personas import browser_of


@pytest.fixture
def moderator() -> User:
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def desk(moderator: User) -> Client:
    return browser_of(moderator)


@pytest.fixture
def channel() -> Channel:
    """A webhook with four numbered updates of two cases; the first of each case is a dead letter."""
    channel, _ = factories.webhook(URL)
    for _ in range(2):
        referral = factories.referred_case(channel.agency)
        change(referral.case, factories.moderator())
    assign_numbers(channel.pk)
    for row in Delivery.objects.filter(channel=channel, update__sequence=1):
        Delivery.objects.filter(pk=row.pk).update(
            attempts=22, dead_at=Now(), dead_reason="HTTP 500"
        )
        Attempt.objects.create(
            channel=channel,
            delivery=row,
            status=500,
            excerpt="<b>disk full</b>",
            duration_ms=41,
        )
    channel.refresh_from_db()
    return channel
