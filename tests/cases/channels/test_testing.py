"""The test button and the result of a test."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.test import Client

from alliance.lib import http
from cases.liaison.delivery.push import webhook
from cases.liaison.models import (
    Channel,
    ChannelTest,
)
from cases.services.channels import operating
from cases.templatetags.channels import ERRORS
from members.models import User
from tests import factories
from tests.cases.channels.pages import address, part, text

pytestmark = pytest.mark.django_db


def test_request_a_test_and_show_its_result(desk: Client, channel: Channel) -> None:
    done = desk.post(address("channel_test", channel))
    test = ChannelTest.objects.get()
    url = address("channel_test_result", channel, test.pk)
    assert (done.status_code, done.url) == (302, url)
    waiting = part(desk, url, "test-live")
    assert waiting.status_code == 200
    assert "Waiting for a worker" in text(waiting)
    assert "hx-get" in text(desk.get(url))
    again = desk.post(address("channel_test", channel))
    assert again.status_code == 409
    assert "has not finished yet" in text(again)
    ChannelTest.objects.update(
        started_at=Now(), finished_at=Now(), status=500, sent="POST /", answer="<i>oops</i>"
    )
    finished = part(desk, url, "test-live")
    assert finished.status_code == 286, "polling ends"
    for words in ("POST /", "&lt;i&gt;oops&lt;/i&gt;", "check its logs", "Send another test"):
        assert words in text(finished)
    assert "hx-get" not in text(desk.get(url))


def test_a_lost_test_says_what_to_do(desk: Client, channel: Channel) -> None:
    test = ChannelTest.objects.create(channel=channel, started_at=Now() - timedelta(minutes=2))
    assert "did not finish" in text(desk.get(address("channel_test_result", channel, test.pk)))
    ChannelTest.objects.update(started_at=None, requested_at=Now() - timedelta(minutes=6))
    assert "that the workers are running" in text(
        desk.get(address("channel_test_result", channel, test.pk))
    )


def test_test_of_another_channel_is_not_found(desk: Client, channel: Channel) -> None:
    test = ChannelTest.objects.create(channel=factories.channel())
    assert desk.get(address("channel_test_result", channel, test.pk)).status_code == 404
    assert desk.get(address("channel_test_result", channel, uuid.uuid4())).status_code == 404


def test_a_paused_channel_can_be_tested(desk: Client, moderator: User, channel: Channel) -> None:
    operating.pause(channel=channel, by=moderator, reason="x")
    assert "although the channel is paused" in text(desk.get(address("channel", channel)))
    assert desk.post(address("channel_test", channel)).status_code == 302
    url = address("channel_test_result", channel, ChannelTest.objects.get().pk)
    assert "Tests are sent; updates wait" in text(desk.get(url))


def test_every_error_has_a_text() -> None:
    kinds = set()
    for module in (http, webhook):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        kinds |= set(re.findall(r"(?:Failed|UnusableSender)\(\s*\"(\w+)\"", source))
        kinds |= set(re.findall(r"Failed\(\s*\"\w+\" if .*? else \"(\w+)\"", source))
    assert {"name_not_found", "timed_out", "secret_unreadable", "connect_failed"} <= kinds
    assert kinds <= set(ERRORS), kinds - set(ERRORS)
