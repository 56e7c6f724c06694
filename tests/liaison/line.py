"""A webhook channel with referred cases, and a worker's turn."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from cases.liaison.delivery.push import sending
from cases.liaison.models import Channel, Delivery, Referral
from tests import factories
from tests.liaison.updates import change


class Line:
    """A webhook channel to the receiver, and referred cases of its agency."""

    def __init__(self, url: str, *, cases: int = 1, changes: int = 0) -> None:
        self.moderator = factories.moderator()
        self.channel, self.secret = factories.webhook(url)
        self.referrals = [factories.referred_case(self.channel.agency) for _ in range(cases)]
        for _ in range(changes):
            for referral in self.referrals:
                self.change(referral)

    def change(self, referral: Referral) -> None:
        change(referral.case, self.moderator)

    def drain(self) -> int:
        """Make the channel and its deliveries due, and run a worker's turn."""
        Channel.objects.filter(pk=self.channel.pk).update(next_attempt_at=Now())
        earlier = F("next_attempt_at") - timedelta(hours=3)
        Delivery.objects.filter(sent_at=None).update(next_attempt_at=earlier)
        arrived = sending.drain(self.channel.pk)
        self.channel.refresh_from_db()
        return arrived

    @property
    def first(self) -> Delivery:
        return Delivery.objects.filter(channel=self.channel).earliest("seq")

    def waiting(self) -> int:
        return Delivery.objects.filter(channel=self.channel, sent_at=None).count()
