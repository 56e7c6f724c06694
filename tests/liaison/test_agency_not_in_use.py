"""Nothing is sent to an inactive agency by any channel. It gets its updates when it is active again."""

from __future__ import annotations

import pytest
from django.core import mail

from alliance.lib import redis as connections
from cases.liaison.delivery import numbering, sweep
from cases.liaison.delivery.push import sending
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Agency, Channel, Notice, Referral
from cases.liaison.monitoring import alerts, status
from cases.liaison.monitoring.status import ChannelState
from cases.services.channels import setup
from tests import factories
from tests.liaison.receiver import Receiver
from tests.liaison.updates import change

pytestmark = pytest.mark.django_db(transaction=True)


class Line:
    """A channel of one kind, and the number of delivered updates."""

    def __init__(self, kind: str, receiver: Receiver) -> None:
        self.kind, self.receiver = kind, receiver
        self.moderator = factories.moderator()
        self.agency = factories.agency(channels=0)
        what = {"webhook": {"url": receiver.url}, "email": {"email": "desk@harbour.example"}}
        self.channel, _ = setup.create(
            agency=self.agency, by=factories.admin(), kind=kind, name="Line", **what.get(kind, {})
        )
        self.referral: Referral = factories.referred_case(self.agency)

    def drain(self) -> None:
        drain = relay.drain if self.kind == "stream" else sending.drain
        drain(self.channel.pk)

    def arrived(self) -> int:
        if self.kind == "webhook":
            return len(self.receiver.calls)
        if self.kind == "email":
            return len(mail.outbox)
        return int(connections.liaison().xlen(self.channel.stream_key or ""))


@pytest.fixture(params=["stream", "webhook", "email"])
def line(request: pytest.FixtureRequest, receiver: Receiver) -> Line:
    return Line(request.param, receiver)


def test_nothing_is_sent_until_the_agency_is_active_again(line: Line) -> None:
    line.drain()
    assert line.arrived() == 1
    Agency.objects.update(is_active=False)
    change(line.referral.case, line.moderator)
    line.drain()
    assert line.arrived() == 1
    assert sweep.sweep() == []
    Agency.objects.update(is_active=True)
    assert sweep.sweep() == [line.channel.pk]
    line.drain()
    assert line.arrived() == 2


def test_deactivation_during_a_slice_ends_it(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        change(line.referral.case, line.moderator)
    monkeypatch.setattr(numbering, "BATCH", 1)
    module = relay if line.kind == "stream" else sending
    point = "appended" if line.kind == "stream" else "answered"
    monkeypatch.setattr(
        module,
        "reached",
        lambda name: Agency.objects.update(is_active=False) if name == point else None,
    )
    line.drain()
    assert line.arrived() == 1
    assert Channel.objects.get(pk=line.channel.pk).lease_token is None


def test_an_inactive_agency_causes_no_alerts(line: Line) -> None:
    Channel.objects.update(alert_backlog=1)
    Agency.objects.update(is_active=False)
    alerts.check()
    alerts.check()
    assert not Notice.objects.exists()
    [found] = status.statuses()
    assert (found.state, found.is_behind, found.backlog) == (ChannelState.INACTIVE, False, 1)
    channels = Channel.objects.all()
    for state in ChannelState:
        is_so = state == ChannelState.INACTIVE
        assert status.in_state(channels, state).exists() == is_so
    assert status.count(channels) == {ChannelState.INACTIVE: 1}
