"""The webhook inbox and the pull client printed in docs/liaison-api.md work as documented."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.db.models.functions import Now

from cases.liaison.delivery.pull import reading
from cases.liaison.delivery.push import sending
from cases.liaison.models import Attempt, Channel, Delivery, Update
from cases.services.channels import resending, setup
from tests import factories
from tests.cases.test_liaison_api_example import program, wait_until
from tests.liaison.updates import change
from tests.processes import free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Program:
    """A program from the page, run in its own folder; it can be killed and restarted."""

    def __init__(self, name: str, folder: Path, database: str, **environment: str) -> None:
        self.folder, self.database = folder, folder / database
        self.environment = os.environ | environment
        self.path = folder / name
        self.path.write_text(program(name), encoding="utf-8")
        self.popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "output").open("ab") as output:
            self.popen = subprocess.Popen(
                [sys.executable, str(self.path)],
                cwd=self.folder,
                env=self.environment,
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        if self.popen:
            self.popen.kill()
            self.popen.wait(10)

    def rows(self, columns: str) -> list[Any]:
        """Return the stored rows; the file is created before its table."""
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(self.database, timeout=10)) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'inbox'").fetchone():
                return []
            return db.execute(f"SELECT {columns} FROM inbox ORDER BY rowid").fetchall()


def test_rows_of_a_database_without_a_table(tmp_path: Path) -> None:
    puller = Program("puller.py", tmp_path, "pulled.sqlite3")
    puller.database.touch()
    assert puller.rows("seq") == []


@pytest.fixture
def started() -> Iterator[list[Program]]:
    programs: list[Program] = []
    yield programs
    for one in programs:
        one.kill()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_inbox_stores_each_update_once(
    tmp_path: Path, settings: Any, started: list[Program]
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    port, moderator = free_port(), factories.moderator()
    channel, secret = factories.webhook(f"http://127.0.0.1:{port}/")
    inbox = Program(
        "inbox.py", tmp_path, "inbox.sqlite3", PORT=str(port), WEBHOOK_SECRETS=f"{secret}"
    )
    started.append(inbox)
    referral = factories.referred_case(channel.agency)
    change(referral.case, moderator)
    sending.drain(channel.pk)
    assert Attempt.objects.get().error == "connect_failed", "the inbox is not running yet"
    inbox.start()
    wait_until(lambda: is_open(port))
    Delivery.objects.update(next_attempt_at=Now())
    sending.drain(channel.pk)
    resending.replay(channel=channel, by=moderator, from_seq=1)
    sending.drain(channel.pk)
    kept = inbox.rows("id, referral, sequence, body")
    updates = Update.objects.order_by("sequence")
    assert [row[:3] for row in kept] == [
        (str(u.pk), referral.reference, u.sequence) for u in updates
    ]
    assert [json.loads(row[3]) for row in kept] == [u.payload for u in updates]
    assert Attempt.objects.filter(status=204).count() == 4


def test_inbox_refuses_a_wrong_signature(
    tmp_path: Path, settings: Any, started: list[Program]
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    port = free_port()
    channel, _secret = factories.webhook(f"http://127.0.0.1:{port}/")
    _other, wrong = factories.webhook(f"http://127.0.0.1:{port}/")
    inbox = Program("inbox.py", tmp_path, "inbox.sqlite3", PORT=str(port), WEBHOOK_SECRETS=wrong)
    started.append(inbox)
    inbox.start()
    wait_until(lambda: is_open(port))
    factories.referred_case(channel.agency)
    sending.drain(channel.pk)
    assert Attempt.objects.get().status == 401
    assert inbox.rows("id") == []


def test_puller_stores_and_acknowledges_each_update_once(
    tmp_path: Path, live_server: Any, started: list[Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The last long poll is still open when the test ends; keep it short.
    monkeypatch.setattr(reading, "MAX_WAIT_SECONDS", 0.5)
    moderator = factories.moderator()
    channel, token = setup.create(
        agency=factories.agency(channels=0), by=factories.admin(), kind="pull", name="System"
    )
    referral = factories.referred_case(channel.agency)
    api = f"{live_server.url}/api/v1/liaison"
    puller = Program("puller.py", tmp_path, "pulled.sqlite3", API=api, TOKEN=token)
    started.append(puller)
    puller.start()
    wait_until(lambda: len(puller.rows("seq")) == 1)
    change(referral.case, moderator)
    wait_until(lambda: len(puller.rows("seq")) == 2)
    puller.kill()
    # Simulates a kill between storing and acknowledging.
    Delivery.objects.update(acknowledged_at=None)
    Channel.objects.update(acknowledged_seq=0)
    puller.start()
    wait_until(lambda: not Delivery.objects.filter(acknowledged_at=None).exists())
    change(referral.case, moderator)
    wait_until(lambda: len(puller.rows("seq")) == 3)
    wait_until(lambda: not Delivery.objects.filter(acknowledged_at=None).exists())
    kept = puller.rows("seq, body")
    assert [seq for seq, _ in kept] == [1, 2, 3]
    updates = Update.objects.order_by("sequence")
    assert [json.loads(body) for _, body in kept] == [u.payload for u in updates]
    puller.kill()
    time.sleep(1)
    assert Channel.objects.get(sent_seq=F("numbered_seq")).pk == channel.pk
