"""The stream consumers printed in docs/liaison-api.md work as documented."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from alliance.lib import redis as connections
from cases.liaison.delivery import sweep
from cases.liaison.delivery.stream import relay
from cases.liaison.models import Agency, Channel, Update
from cases.models.event import EventKind
from cases.services import referral as referrals
from tests import factories
from tests.processes import free_port

PAGE = Path(settings.BASE_DIR) / "docs" / "liaison-api.md"


def program(name: str) -> str:
    """Return the code block that starts with the comment ``# <name>:``."""
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        if block.startswith(f"# {name}:"):
            return str(block)
    raise AssertionError(name)


def wait_until(seen: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.05)


@pytest.fixture
def agency(db: None) -> Agency:
    return factories.agency()


@pytest.fixture
def channel(agency: Agency) -> Channel:
    return Channel.objects.get(agency=agency)


class Consumer:
    """The program ``consumer.py``, run in its own folder."""

    def __init__(self, folder: Path, stream: str) -> None:
        self.folder = folder
        (folder / "consumer.py").write_text(program("consumer.py"))
        self.environment = os.environ | {
            "STREAM": stream,
            "STREAM_URL": settings.LIAISON_REDIS_URL,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "consumer.py"], cwd=self.folder, env=self.environment
        )

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def inbox(self) -> list[tuple[int, str]]:
        try:
            with closing(sqlite3.connect(self.folder / "updates.sqlite3")) as db:
                return db.execute("SELECT seq, kind FROM inbox ORDER BY seq").fetchall()
        except sqlite3.OperationalError:
            return []


@pytest.fixture
def consumer(tmp_path: Path, channel: Channel) -> Iterator[Consumer]:
    made = Consumer(tmp_path, channel.stream_key)
    yield made
    made.kill()


@pytest.mark.django_db
def test_consumer_survives_a_kill_and_a_lost_stream(
    agency: Agency, channel: Channel, consumer: Consumer
) -> None:
    officer = factories.officer(agency)
    referral = factories.referred_case(agency)
    relay.drain(channel.pk)
    consumer.start()
    wait_until(lambda: len(consumer.inbox()) == 1)
    consumer.kill()
    referrals.answer(referral=referral, by=officer, verb="acknowledge")
    relay.drain(channel.pk)
    consumer.start()
    wait_until(lambda: len(consumer.inbox()) == 2)

    connections.liaison().delete(channel.stream_key)
    referrals.answer(referral=referral, by=officer, verb="accept")
    sweep.probe()
    relay.drain(channel.pk)
    wait_until(lambda: len(consumer.inbox()) == 3)
    assert consumer.inbox() == [
        (1, "referral_offered"),
        (2, "referral_acknowledged"),
        (3, "referral_accepted"),
    ]
    assert consumer.process is not None
    assert consumer.process.poll() is None


@pytest.mark.django_db
def test_consumer_group_survives_a_lost_stream(
    agency: Agency, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAM", channel.stream_key)
    monkeypatch.setenv("STREAM_URL", settings.LIAISON_REDIS_URL)
    officer = factories.officer(agency)
    referral = factories.referred_case(agency)
    relay.drain(channel.pk)
    names: dict[str, Any] = {}
    exec(compile(program("group.py"), "group.py", "exec"), names)
    done: list[int] = []

    class Stop(Exception):
        pass

    def process(seq: int, update: dict[str, Any]) -> None:
        if seq not in done:
            done.append(seq)
        if seq == 3:
            raise Stop

    errors: list[Exception] = []

    def work() -> None:
        try:
            names["work"](process, lambda: max(done, default=0))
        except Stop:
            pass
        except Exception as error:  # noqa: BLE001  (reported by the main thread)
            errors.append(error)

    names["join"]()
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    wait_until(lambda: done == [1])
    connections.liaison().delete(channel.stream_key)
    for verb in ("acknowledge", "accept"):
        referrals.answer(referral=referral, by=officer, verb=verb)
    sweep.probe()
    relay.drain(channel.pk)
    thread.join(30)
    assert not errors
    assert done == [1, 2, 3]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """The port of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("name", ["consumer.py", "group.py"])
def test_consumers_retry_when_redis_is_silent_or_down(
    name: str, silent_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAM", "liaison:harbour-police")
    monkeypatch.chdir(tmp_path)
    sleeps: list[float] = []

    class Stop(Exception):
        pass

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        if len(sleeps) == 2:
            raise Stop

    monkeypatch.setattr(time, "sleep", sleep)
    for port in (silent_port, free_port()):
        sleeps.clear()
        monkeypatch.setenv("STREAM_URL", f"redis://127.0.0.1:{port}/0")
        text = program(name).replace("socket_timeout=60", "socket_timeout=0.1")
        text = text.replace('if __name__ == "__main__":', "def main() -> None:")
        names: dict[str, Any] = {}
        exec(compile(text, name, "exec"), names)
        run = names.get("main") or partial(names["work"], print, lambda: 0)
        with pytest.raises(Stop):
            run()


@pytest.mark.django_db
def test_documented_entry_has_the_fields_of_a_real_one(agency: Agency) -> None:
    referral = factories.referred_case(agency)
    real = Update.objects.get(referral=referral).payload
    [shown] = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shape(part) for key, part in value.items()}
        return type(value).__name__

    assert shape(json.loads(shown)) == shape(real)
    assert real["link"].endswith(reverse("liaison:referral", args=[referral.reference]))


def test_documented_kinds_exist() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = set(
        re.findall(
            r"`([a-z]+_[a-z_]+|closed|reinstated)`", text.split("Kinds of the")[1].split("\n\n")[0]
        )
    )
    assert named
    assert named <= set(EventKind.values)
    referral_kinds = {
        kind for kind in EventKind.values if kind.startswith(("referral_", "operation_"))
    }
    assert referral_kinds <= named
