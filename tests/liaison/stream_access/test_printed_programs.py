"""The programs and accounts in docs/, run with an agency's account."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from alliance.lib import redis as connections
from cases.liaison.delivery import sweep
from cases.liaison.delivery.stream import accounts, relay
from cases.liaison.models import Agency, Channel
from cases.services.channels import stream_accounts
from members.models import User
from tests.cases.test_liaison_api_example import Consumer, program
from tests.liaison.stream_access.accounts import KEY, login, url
from tests.liaison.updates import change
from tests.processes import RedisServer, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_documented_consumer_survives_a_wiped_redis(
    agency: Agency, ada: User, own_redis: RedisServer, tmp_path: Path
) -> None:
    channel = Channel.objects.get(agency=agency)
    folder = tmp_path / "consumer"
    folder.mkdir()
    consumer = Consumer(folder, KEY)
    consumer.environment["STREAM_URL"] = url(
        agency, stream_accounts.rotate(agency=agency, by=ada), own_redis
    )
    try:
        consumer.start()
        wait_for(lambda: len(consumer.inbox()) == 1, seconds=60)
        own_redis.stop(wipe=True)
        own_redis.start()
        accounts.check()
        change(channel.deliveries.get().update.referral.case, ada)
        relay.drain(channel.pk)
        wait_for(lambda: len(consumer.inbox()) == 2, seconds=60)
    finally:
        consumer.kill()


def test_the_documented_group_runs_with_the_account(
    agency: Agency, ada: User, own_redis: RedisServer, tmp_path: Path
) -> None:
    """It creates the group, claims pending entries of a dead worker, reads, and acknowledges."""
    (tmp_path / "group.py").write_text(program("group.py"))
    (tmp_path / "run.py").write_text(
        "import group\n"
        "group.join()\n"
        "group.work(lambda seq, update: print('done', seq, flush=True), lambda: 0)\n"
    )
    password = stream_accounts.rotate(agency=agency, by=ada)
    environment = os.environ | {"STREAM": KEY, "STREAM_URL": url(agency, password, own_redis)}
    process = subprocess.Popen(
        [sys.executable, "run.py"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == b"done 1\n"
        wait_for(lambda: connections.liaison().xpending(KEY, "case-system")["pending"] == 0)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_the_documented_account_of_the_portal_is_sufficient(
    agency: Agency, ada: User, own_redis: RedisServer, settings: Any
) -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text()
    [line] = re.findall(r"^ACL SETUSER portal .*$", page, re.MULTILINE)
    connections.liaison().execute_command(*line.split())
    settings.LIAISON_REDIS_URL = f"redis://portal:ITS-PASSWORD@127.0.0.1:{own_redis.port}/0"
    channel = Channel.objects.get(agency=agency)
    change(channel.deliveries.get().update.referral.case, ada)
    assert relay.drain(channel.pk) == 1
    assert sweep.probe() == []
    password = stream_accounts.rotate(agency=agency, by=ada)
    assert accounts.problem(agency.pk) == ""
    assert login(agency, password, own_redis).xlen(KEY) == 2
    stream_accounts.revoke(agency=agency, by=ada)
    assert accounts.problem(agency.pk) == ""
