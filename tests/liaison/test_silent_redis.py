"""A streams' Redis that takes connections and says nothing: the lanes of everybody else are swept as ever."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.functions import Now

from alliance.lib import redis as connections
from cases.background import sweeper
from cases.liaison import tasks
from cases.liaison.delivery import sweep
from cases.liaison.delivery.stream import accounts, timeouts
from cases.liaison.models import Channel
from cases.services.channels import stream_accounts
from tests import factories
from tests.liaison.updates import stream_of

pytestmark = pytest.mark.django_db(transaction=True)


class Silence:
    """A server that lets everybody in, and never says a word."""

    def __init__(self, instead_of: str) -> None:
        self.instead_of = instead_of
        self.guests: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self.door.getsockname()[1]}/0"
        self.thread = threading.Thread(target=self._let_in, daemon=True)
        self.thread.start()

    def _let_in(self) -> None:
        while True:
            try:
                self.guests.append(self.door.accept()[0])
            except OSError:
                return

    def end(self) -> None:
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.thread.join(5)
        for guest in self.guests:
            guest.close()


@pytest.fixture
def silence(settings: Any) -> Iterator[Silence]:
    """The streams' Redis from now on, once a stream has something to lose and an agency has an account."""
    offered = factories.referred_case()
    stream_accounts.renew(agency=offered.agency, by=factories.admin())
    Channel.objects.filter(pk=stream_of(offered).pk).update(numbered_seq=1, sent_seq=1)
    made = Silence(instead_of=settings.LIAISON_REDIS_URL)
    settings.LIAISON_REDIS_URL = made.url
    yield made
    made.end()


@pytest.fixture
def webhook() -> Channel:
    """A lane with something to send, of which no worker was told."""
    made, _secret = factories.webhook("https://hooks.example/")
    factories.referred_case(made.agency)
    return made


def test_other_lanes_are_woken_before_it_is_asked(
    silence: Silence, webhook: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_before: list[int] = []

    def wake(channel_id: int, _kind: str, *, swept: bool) -> None:
        if channel_id == webhook.pk:
            asked_before.append(len(silence.guests))

    monkeypatch.setattr(sweep, "wake", wake)
    assert webhook.pk in sweep.sweep()
    assert asked_before == [0]
    assert len(silence.guests) == 1, "then it was"


def test_a_whole_round_of_sweeps_waits_for_it_once_and_not_for_long(
    silence: Silence, webhook: Channel
) -> None:
    started = time.monotonic()
    for _ in range(3):
        assert sweeper.sweep_alone()
        tasks.check_stream_accounts()
        tasks.send_alerts()
    # Each of the questions would wait for five seconds.
    assert time.monotonic() - started < 5 * timeouts.connections.SHORT_TIMEOUT_SECONDS + 3
    assert len(silence.guests) == 1
    assert timeouts.is_pausing()


def test_after_the_pause_it_is_asked_again_and_every_rule_is_set(
    silence: Silence, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts._Done, "every_rule", False)
    accounts.sweep()
    accounts.sweep()
    assert len(silence.guests) == 1, "not within the pause"
    monkeypatch.setattr(timeouts, "PAUSE_AFTER_SILENCE_SECONDS", 0.0)
    timeouts._until.clear()
    accounts.sweep()
    assert len(silence.guests) == 2
    assert not accounts._Done.every_rule, "nobody was there to set it"
    settings.LIAISON_REDIS_URL = silence.instead_of
    set_anew: list[str] = []
    monkeypatch.setattr(accounts, "_set", lambda _server, who, _account: set_anew.append(who))
    [account] = accounts.accounts()
    accounts.sweep()
    assert set_anew.count(account) == 1, "it is there, but its commands may be old"
    assert accounts._Done.every_rule
    accounts.sweep()
    assert set_anew.count(account) == 1


def test_one_that_falls_silent_in_a_known_connection_is_given_up_as_soon(
    own_redis: Any,
) -> None:
    stream = stream_of(factories.referred_case())
    Channel.objects.filter(pk=stream.pk).update(numbered_seq=1, sent_seq=1, next_attempt_at=Now())
    assert sweep.probe() == [stream.pk], "it answers: the stream is not there"
    Channel.objects.filter(pk=stream.pk).update(sent_seq=1)
    os.kill(own_redis.process.popen.pid, signal.SIGSTOP)
    started = time.monotonic()
    assert sweep.probe() == []
    assert time.monotonic() - started < connections.TIMEOUT_SECONDS - 1
    assert timeouts.is_pausing()
