"""The programs printed in docs/liaison-api.md ignore test messages."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings

from alliance.lib import redis as connections
from cases.liaison.delivery import sweep, test_update
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Agency, Channel, ChannelTest
from cases.services.channels import testing
from tests import factories
from tests.cases.test_liaison_api_example import Consumer, program, wait_until
from tests.cases.test_liaison_api_webhook_and_pull import Program, is_open
from tests.liaison.updates import change
from tests.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agency() -> Agency:
    return factories.agency()


@pytest.fixture
def channel(agency: Agency) -> Channel:
    return Channel.objects.get(agency=agency)


def run_test(channel: Channel) -> ChannelTest:
    test = testing.request_test(channel=channel, by=factories.moderator())
    assert test_update.perform(test.pk)
    test.refresh_from_db()
    assert test.arrived
    return test


def test_consumer_skips_tests(agency: Agency, channel: Channel, tmp_path: Path) -> None:
    consumer = Consumer(tmp_path, str(channel.stream_key))
    run_test(channel)
    moderator = factories.moderator()
    consumer.start()
    try:
        referral = factories.referred_case(agency)
        relay.drain(channel.pk)
        wait_until(lambda: len(consumer.inbox()) == 1)
        run_test(channel)
        time.sleep(0.5)
        consumer.kill()
        consumer.start()
        run_test(channel)
        connections.liaison().delete(str(channel.stream_key))
        run_test(channel)
        change(referral.case, moderator)
        sweep.probe()
        relay.drain(channel.pk)
        run_test(channel)
        change(referral.case, moderator)
        relay.drain(channel.pk)
        wait_until(lambda: len(consumer.inbox()) == 3)
        assert [seq for seq, _kind in consumer.inbox()] == [1, 2, 3]
        assert "test" not in [kind for _seq, kind in consumer.inbox()]
        assert consumer.process is not None
        assert consumer.process.poll() is None
    finally:
        consumer.kill()


def test_consumer_group_acknowledges_tests_without_processing_them(
    agency: Agency, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAM", str(channel.stream_key))
    monkeypatch.setenv("STREAM_URL", settings.LIAISON_REDIS_URL)
    referral = factories.referred_case(agency)
    relay.drain(channel.pk)
    run_test(channel)
    change(referral.case, factories.moderator())
    relay.drain(channel.pk)
    names: dict[str, Any] = {}
    exec(compile(program("group.py"), "group.py", "exec"), names)
    names["join"]()
    done: list[tuple[int, str]] = []

    class Stop(Exception):
        pass

    def process(seq: int, update: dict[str, Any]) -> None:
        done.append((seq, update["kind"]))
        if seq == 2:
            raise Stop

    with pytest.raises(Stop):
        names["work"](process, lambda: 0)
    assert done == [(1, "referral_offered"), (2, "listings_removed")]
    pending = connections.liaison().xpending(str(channel.stream_key), "case-system")
    assert pending["pending"] == 1, "only the unprocessed update is pending"


def test_inbox_acknowledges_a_test_without_storing_it(tmp_path: Path, settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    port = free_port()
    channel, secret = factories.webhook(f"http://127.0.0.1:{port}/")
    inbox = Program("inbox.py", tmp_path, "inbox.sqlite3", PORT=str(port), WEBHOOK_SECRETS=secret)
    inbox.start()
    try:
        wait_until(lambda: is_open(port))
        assert run_test(channel).status == 204
        assert inbox.rows("id") == []
    finally:
        inbox.kill()


def test_test_message_matches_the_schema(channel: Channel) -> None:
    path = Path(settings.BASE_DIR) / "cases" / "liaison" / "schemas" / "update.v1.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    made = test_update.payload(ChannelTest.objects.create(channel=channel))
    jsonschema.validate(made, schema, jsonschema.Draft202012Validator)
    for wrong in (made | {"sequence": 1}, made | {"case": {}}, made | {"kind": "closed"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema, jsonschema.Draft202012Validator)
