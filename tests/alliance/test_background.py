"""The background thread: order, coalescing, forks and process exit."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextvars import ContextVar

import pytest

from alliance.lib.background import Background

who: ContextVar[str] = ContextVar("who", default="nobody")


@pytest.fixture
def background() -> Background:
    return Background("test")


def test_calls_run_in_order_in_another_thread(background: Background) -> None:
    ran: list[tuple[int, int]] = []
    for n in range(20):
        background.run(str(n), lambda n: ran.append((n, threading.get_ident())), n)
    background.flush()
    assert [n for n, _ in ran] == list(range(20))
    assert {thread for _, thread in ran} - {threading.get_ident()}
    assert len({thread for _, thread in ran}) == 1


def test_pending_calls_are_coalesced_and_running_calls_are_not(
    background: Background,
) -> None:
    """Work submitted while a call with the same key runs may come too late for that call."""
    go_on, begun = threading.Event(), threading.Event()
    ran: list[str] = []

    def held() -> None:
        begun.set()
        assert go_on.wait(10)

    background.run("held", held)
    assert begun.wait(10)
    for _ in range(3):
        background.run("channel", ran.append, "channel")
        background.run("held", ran.append, "held")
    go_on.set()
    background.flush()
    assert ran == ["channel", "held"]


def test_run_does_not_block(background: Background) -> None:
    go_on = threading.Event()
    background.run("held", go_on.wait, 10)
    background.run("next", lambda: None)
    with pytest.raises(TimeoutError):
        background.flush(0.05)
    go_on.set()
    background.flush()


def test_context_variables_are_copied(background: Background) -> None:
    """Log lines of a wake-up carry the ID of the request that caused it."""
    seen: list[str] = []
    token = who.set("request 7")
    background.run("a", lambda: seen.append(who.get()))
    who.reset(token)
    background.flush()
    assert seen == ["request 7"]


def test_failing_call_does_not_stop_the_thread(background: Background) -> None:
    background.run("bad", lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    ran: list[str] = []
    background.run("good", ran.append, "good")
    background.flush()
    assert ran == ["good"]


def test_forked_child_starts_its_own_thread(background: Background) -> None:
    """A fork does not copy threads: without its own thread, the child would wait for ever."""
    go_on = threading.Event()
    background.run("held", go_on.wait, 10)
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            background.run("held", os.write, writer, b"child")
            background.flush(5)
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(pid, 0)
    go_on.set()
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"child"


SCRIPT = """
import time
from alliance.lib.background import Background
background = Background("script")
background.run("slow", time.sleep, 0.2)
background.run("last", print, "done")
"""


def test_pending_calls_run_before_the_process_exits() -> None:
    """A management command exits right after its commit."""
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=30, check=True
    )
    assert ended.stdout == "done\n"
